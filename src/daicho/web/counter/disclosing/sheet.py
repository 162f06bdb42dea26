"""開示する内容: the table that the requester is given, and what is held back of it, by kind."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from daicho.access import permits
from daicho.access.disclosure_requests.disclosed import use_log
from daicho.access.disclosure_requests.queries import Shown
from daicho.access.own_log.queries import HeldBack, OwnLook
from daicho.access.permits import Permit
from daicho.access.trailing.wording import cited
from daicho.law import purposes
from daicho.law.disclosure_requests import grounds
from daicho.law.own_log import words
from daicho.law.own_log.withheld import REASONS
from daicho.register.queries import Person
from daicho.web.counter.inquiry import showing
from daicho.web.japanese import wareki_moment


@dataclass(frozen=True)
class Sheet:
    """開示する内容: `rows` under `head`, whose shares of the width are `widths`, each with its key.

    `held_back` is for whoever decides: the same columns, why not, and the articles of that.
    """

    head: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    is_held_back: bool = False
    held_back: tuple[tuple[tuple[str, ...], str, str], ...] = ()
    notes: tuple[str, ...] = ()

    def without(self, left_out: Collection[str]) -> "Sheet":
        """部分開示の内容: the same without the rows that the decider left out."""
        rows = tuple((key, row) for key, row in self.rows if key not in left_out)
        return replace(self, rows=rows)


def sheet(permit: Permit, shown: Shown, person: Person, at: datetime | None = None) -> Sheet:
    """開示する内容: of a request, under the permit of who decides it or hands it out; trailed.

    `at`: when it was decided, where only that is asked for of which was decided then.
    """
    return _OF[shown.kind](permit, shown, person, at)


def _use_log(permit: Permit, shown: Shown, _person: Person, at: datetime | None) -> Sheet:
    log = use_log(permit, shown.line.disclosure_id)
    log = log.as_of(at) if at else log
    return Sheet(
        head=("日時", "所属", "利用", "根拠"),
        widths=(4, 3, 6, 4),
        rows=tuple((str(one.id), _line(one)) for one in log.shown),
        is_held_back=log.lacks,
        held_back=tuple(_held(one) for one in log.held_back),
        notes=() if log.is_whole else (grounds.text("not_whole", permit.on),),
    )


def _line(one: OwnLook) -> tuple[str, ...]:
    said = words(one.event, one.purpose, one.capacity).plain
    number = "個人番号を見ました。" if one.number_seen else ""
    return (wareki_moment(one.at), one.office or "自動の処理", said + number, cited(one.article))


def _held(one: HeldBack) -> tuple[tuple[str, ...], str, str]:
    reason = REASONS[one.reason]
    return _line(one.look), reason.name, reason.cited


def _record(permit: Permit, _shown: Shown, person: Person, _at: datetime | None) -> Sheet:
    """The record as it stands; who is not shown an item by his mask hands out no such paper."""
    for seen in sorted(purposes.purpose(permit.purpose, permit.on).sees):
        permits.demand(permit, seen)
    groups = showing.only_values(showing.groups(person.record, person.hidden))
    return Sheet(
        head=("項目", "記載"),
        widths=(1, 2),
        rows=tuple((row.column, (row.label, row.text)) for group in groups for row in group.rows),
        is_held_back=person.marks.withheld,
    )


_OF: Mapping[str, Callable[[Permit, Shown, Person, datetime | None], Sheet]] = {
    "use_log": _use_log,
    "resident_record": _record,
}
"""種類ごとの内容: for each row of law/tables/disclosure_requests.toml what is disclosed."""
