"""点検の条件: by what an auditor looks into the trail."""

from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from uuid import UUID

from daicho.access import clock
from daicho.access.trail import EVENTS
from daicho.access.trailing.kinds import events_of

DAYS_MOST = 31
"""期間の上限: so many days at most, where neither a person nor an operator narrows the search."""


@dataclass(frozen=True)
class Conditions:
    """点検の条件: all of them hold; what is blank, None or false asks nothing.

    `person` is a record_id, `operator` a row's number; `since` and `until` are business days, both
    of them within. `refused` and `number_seen` leave such rows alone.
    """

    person: UUID | None = None
    operator: int | None = None
    since: date | None = None
    until: date | None = None
    kind: str = ""
    event: str = ""
    office: str = ""
    terminal: str = ""
    purpose: str = ""
    refused: bool = False
    number_seen: bool = False

    @property
    def used(self) -> tuple[str, ...]:
        """使った条件: their names, never what was typed."""
        return tuple(one.name for one in fields(self) if getattr(self, one.name))

    @property
    def events(self) -> tuple[str, ...] | None:
        """利用: the codes of the events that are asked for; None: of every event."""
        if self.event:
            return (self.event,)
        return events_of(self.kind, EVENTS) if self.kind else None

    @property
    def begins_at(self) -> datetime | None:
        """期間の始まり: the first moment within."""
        return _midnight(self.since) if self.since else None

    @property
    def ends_at(self) -> datetime | None:
        """期間の終わり: the first moment after it."""
        return _midnight(self.until + timedelta(days=1)) if self.until else None

    @property
    def used_to_narrow(self) -> bool:
        """Is anything said of whom, by whom or when?"""
        return any((self.person, self.operator, self.since, self.until))

    @property
    def is_narrow(self) -> bool:
        """Is what is looked through bounded: by a person, an operator or a short period?"""
        if self.person is not None or self.operator is not None:
            return True
        if self.since is None or self.until is None:
            return False
        return self.until - self.since < timedelta(days=DAYS_MOST)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.TOKYO)
