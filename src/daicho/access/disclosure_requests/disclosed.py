"""開示する利用記録: every use of the record within the days asked for, and what is held back."""

from dataclasses import dataclass
from datetime import date, datetime

from daicho.access import clock
from daicho.access.disclosure_requests.steps import held
from daicho.access.own_log import queries
from daicho.access.own_log.queries import HeldBack, OwnLook
from daicho.access.permits import Permit, demand_work

PARTS_MOST = 40
"""分けて調べる回数: a list gives the newest uses alone, so the days before are asked for anew."""


@dataclass(frozen=True)
class UseLog:
    """開示する利用記録: the newest first; `is_whole` tells that nothing older was left out."""

    shown: tuple[OwnLook, ...]
    held_back: tuple[HeldBack, ...]
    is_whole: bool

    @property
    def lacks(self) -> bool:
        """Is there anything that would not be shown?"""
        return bool(self.held_back) or not self.is_whole

    def as_of(self, at: datetime) -> "UseLog":
        """その時の利用記録: without the uses that came later, on which nobody has decided."""
        shown = tuple(one for one in self.shown if one.at <= at)
        held_back = tuple(one for one in self.held_back if one.look.at <= at)
        return UseLog(shown, held_back, self.is_whole)


def use_log(permit: Permit, disclosure_id: int) -> UseLog:
    """開示する利用記録: of one request, over all its days; each list is trailed."""
    demand_work(permit, "disclosures")
    row = held(permit, disclosure_id)
    assert row.since_on is not None, "a request for the log has its days"
    assert row.until_on is not None, "a request for the log has its days"
    since, until = row.since_on, row.until_on
    shown: dict[int, OwnLook] = {}
    held_back: dict[int, HeldBack] = {}
    has_more = True
    for _ in range(PARTS_MOST):
        part = queries.looks(permit, row.record_id, since, until)
        shown |= {one.id: one for one in part.shown}
        held_back |= {one.look.id: one for one in part.held_back}
        has_more = part.has_more
        oldest = _oldest(part.shown) if has_more else None
        if oldest is None or oldest >= until:  # one day holds more than a list gives
            break
        until = oldest
    newest_first = sorted(shown.values(), key=lambda one: -one.id)
    return UseLog(
        tuple(newest_first),
        tuple(sorted(held_back.values(), key=lambda one: -one.look.id)),
        is_whole=not has_more,
    )


def _oldest(shown: tuple[OwnLook, ...]) -> date | None:
    return min((one.at.astimezone(clock.TOKYO).date() for one in shown), default=None)
