"""照会: the read door of the register. Every function takes a Permit and leaves a trail row.

Two questions are answered for any day: what was so (`day`), and what did we believe (`known_at`).
Two residences of one person are never joined into one life (standard 2.2.1). What a permit does
not show is left out by `visibility.visible`, through which every answer goes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from daicho.access.permits import Permit, demand, look
from daicho.register.fold import (
    Entry,
    Residence,
    Version,
    as_of,
    last_in_force,
    residences,
    versions,
)
from daicho.register.ledger import entries_of
from daicho.register.models import Current, RecordedChange, RecordVersion
from daicho.register.search import finding
from daicho.register.search.conditions import SEEN, Conditions
from daicho.register.search.hits import Hit, hits
from daicho.register.visibility import Marks, Visible, in_reach, not_withheld, visible, within
from daicho.terms.changes.cancelled import NOT_CANCELLABLE
from daicho.terms.dates import RegisterDate
from daicho.terms.households import household_order
from daicho.terms.records import Record
from daicho.vault import numbers

HITS_MOST = 50
"""検索結果の上限: more are not shown; the clerk adds a condition."""


@dataclass(frozen=True)
class Found:
    """検索結果: at most HITS_MOST persons; `has_more` tells that there are others."""

    hits: tuple[Hit, ...]
    has_more: bool


@dataclass(frozen=True)
class Believed:
    """ある日の記載: what `known_at` knew of `day`.

    `version` is None where there was nothing; `known_here` tells whether that is because the
    register held no row of the person then (before an import: "not known here").
    """

    record_id: UUID
    known_here: bool
    version: Version | None
    marks: Marks
    hidden: frozenset[str]


@dataclass(frozen=True)
class Person:
    """個人: the present record and what stands beside it.

    `hidden` are the columns that this permit does not show; they are blank in `record`.
    `tells_more`: what stands beside the record may be shown too.
    """

    record: Record
    history_no: int
    residence_no: int
    marks: Marks
    hidden: frozenset[str]
    residences: tuple[Residence, ...]
    tells_more: bool


@dataclass(frozen=True)
class Member:
    """世帯員: one who is in a household, or `left` it by the change `left_by`."""

    record: Record
    marks: Marks
    history_no: int
    left_by: str = ""
    left_on: date | None = None


@dataclass(frozen=True)
class HouseholdView:
    """世帯: its members in their order, and those who are no longer in it."""

    number: str
    members: tuple[Member, ...]
    left: tuple[Member, ...]


@dataclass(frozen=True)
class HistoryRow:
    """異動履歴の行: a version and the days of the change that made it."""

    version: Version
    occurred_on: RegisterDate | None  # as entered: of a 不詳 date no internal day is ever shown
    received_on: date | None
    processed_on: date
    basis: str
    recorded_at: datetime

    @property
    def history_no(self) -> int:
        """履歴番号."""
        return self.version.history_no

    @property
    def reason(self) -> str:
        """異動事由: a code of `terms.changes.reasons`."""
        return self.version.reason


@dataclass(frozen=True)
class ChangeView:
    """異動: a row of the ledger; `history_nos` are the present 履歴番号 of those it touched."""

    change_id: int
    kind: str
    occurred_on: RegisterDate | None
    history_nos: Mapping[UUID, int]


@dataclass(frozen=True)
class History:
    """異動履歴: the versions of one residence, the oldest first, and the person's present.

    `cancellable` is the id of the change that may be cancelled: their last in force (4.6.0.1).
    """

    person: Person | None
    rows: tuple[HistoryRow, ...]
    cancellable: int | None = None


def holds_anything(permit: Permit) -> bool:
    """Whether the register holds any person at all; tells of nobody, so nothing is trailed."""
    demand(permit, "resident")
    return Current.objects.exists()


def search(permit: Permit, conditions: Conditions) -> Found:
    """検索 (2.1): who fits; one trail row with the persons shown and the kinds of keys used."""
    demand(permit, "resident")
    for field in conditions.used:
        if field in SEEN:
            demand(permit, SEEN[field])
    whose = None
    if conditions.individual_number:  # in a transaction of its own, committed before it answers
        whose = numbers.whose(permit, conditions.individual_number)
    with transaction.atomic():
        told = () if conditions.say_who_alone else not_withheld(permit)
        among = whose.records if whose else None
        matches = finding.find(conditions, HITS_MOST + 1, among, (*within(permit), *told))
        seen = visible(permit, [one.record_id for one in matches])
        lines = hits(conditions, matches, seen, whose.before if whose else ())[:HITS_MOST]
        look(
            permit,
            "search",
            "register.search",
            record_ids=[one.record_id for one in lines],
            detail={"rows": len(lines), "keys": ",".join(conditions.used)},
        )
    return Found(lines, len(matches) > HITS_MOST)


def shown_of(permit: Permit, record_ids: Iterable[UUID]) -> Visible:
    """見える範囲: what of these persons the permit shows, for what a look has given already.

    It gives no record, so nothing is trailed: the look that gave them is (`recording.preview`).
    """
    demand(permit, "resident")
    return visible(permit, record_ids)


def person(permit: Permit, record_id: UUID) -> Person | None:
    """個人照会: the present record of one person; None where there is none."""
    demand(permit, "resident")
    with transaction.atomic():
        current, seen = _current(permit, record_id), visible(permit, [record_id])
        found = _versions([record_id])[record_id] if current else []
        look(permit, "look", "register.person", record_ids=[record_id], detail={"rows": 1})
    return _person(seen, current, found) if current else None


def history(permit: Permit, record_id: UUID, residence_no: int | None = None) -> History:
    """異動履歴照会 (2.2.1): the versions of one residence, or of the last, the oldest first.

    Of a person whose 照会 is withheld there are no rows: what happened when is the history itself.
    """
    demand(permit, "resident")
    with transaction.atomic():
        current, seen = _current(permit, record_id), visible(permit, [record_id])
        entries = entries_of([record_id])[record_id] if current else []
        look(permit, "look", "register.history", record_ids=[record_id], detail={"rows": 1})
    changes = {row.change_id: row for row in entries}
    found = list(versions(record_id, entries))
    if residence_no is None and found:
        residence_no = found[-1].residence_no
    rows = [
        _history_row(seen, changes[one.change_id], one)
        for one in found
        if one.residence_no == residence_no and not seen.marks[record_id].withheld
    ]
    last = last_in_force(record_id, entries)
    cancellable = last.change_id if last and last.kind not in NOT_CANCELLABLE else None
    person = _person(seen, current, found) if current else None
    return History(person, tuple(rows), cancellable)


def household(permit: Permit, record_id: UUID) -> HouseholdView | None:
    """世帯照会: the household in which the person is, or last was; None for no such person."""
    demand(permit, "resident")
    with transaction.atomic():
        current = _current(permit, record_id)
        found = _household(permit, current.household_number if current else "", record_id)
    return found if current else None


def household_numbered(permit: Permit, number: str) -> HouseholdView | None:
    """世帯照会: the household with that 世帯番号; None where nobody lives in it."""
    demand(permit, "resident")
    with transaction.atomic():
        found = _household(permit, number)
    return found if found.members else None


def _household(permit: Permit, number: str, *asked: UUID) -> HouseholdView:
    """Everybody who is or was in the household, trailed; `asked` is named even if not found."""
    ever = RecordVersion.objects.filter(household_number=number) if number else None
    now = Current.objects.filter(household_number=number, state="living") if number else None
    living = set(now.values_list("record_id", flat=True) if now is not None else ())
    past = set(ever.values_list("record_id", flat=True) if ever is not None else ())
    everybody = sorted(living | past)
    seen = visible(permit, everybody)
    record_ids = seen.listed(everybody, *asked)
    found = _versions(record_ids)
    rows = {"rows": len(record_ids)}
    looked_at = record_ids or list(asked)
    look(permit, "look", "register.household", record_ids=looked_at, detail=rows)
    in_it = {one: found[one][-1].record for one in record_ids if one in living}
    left = [_left(seen, number, found[one]) for one in record_ids if one not in living]
    members = [
        Member(seen.shown(one), seen.marks[one.record_id], found[one.record_id][-1].history_no)
        for one in _ordered(in_it)
    ]
    number = seen.number_of_household(number, *asked)
    return HouseholdView(number, tuple(members), tuple(sorted(left, key=_leaving)))


def recorded_in(permit: Permit) -> UUID | None:
    """再送: whom the change of this very request touched first, where its operator has sent it
    before; tells of nobody else, so nothing is trailed."""
    demand(permit, "resident")
    # an import is one request of many rows, which the index of requests leaves out
    sent = RecordedChange.objects.exclude(kind="imported").filter(request_id=permit.request_id)
    row = sent.filter(operator_id=permit.actor.operator_id if permit.actor else None).first()
    return row.record_ids[0] if row else None


def change(permit: Permit, change_id: int) -> ChangeView | None:
    """異動: a recorded change, with the present 履歴番号 of everybody it touched; None for none."""
    demand(permit, "resident")
    with transaction.atomic():
        row = RecordedChange.objects.filter(pk=change_id).first()
        touched = in_reach(permit).filter(pk__in=row.record_ids if row else [])
        now = touched.order_by("address_number").values_list("record_id", "history_no")
        history_nos = dict(now)
        named, rows = list(history_nos), {"rows": len(history_nos)}
        look(permit, "look", "register.change", record_ids=named, detail=rows)
    if row is None or not named:
        return None
    (entry,) = [one for one in entries_of(named[:1])[named[0]] if one.change_id == row.pk]
    return ChangeView(row.pk, row.kind, entry.occurred_on, history_nos)


def person_as_of(permit: Permit, record_id: UUID, day: date, known_at: datetime) -> Believed:
    """ある日の個人: what was believed at `known_at` of the person on `day`."""
    demand(permit, "resident")
    with transaction.atomic():
        found = _believed(visible(permit, [record_id]), [record_id], day, known_at)
        look(permit, "look", "register.person_as_of", record_ids=[record_id], detail={"rows": 1})
    return found[0]


def household_as_of(
    permit: Permit, number: str, day: date, known_at: datetime
) -> tuple[Believed, ...]:
    """ある日の世帯: its members on `day`, in the order of the household (standard 5.2)."""
    demand(permit, "resident")
    with transaction.atomic():
        ever = RecordVersion.objects.filter(household_number=number) if number else None
        past = ever.values_list("record_id", flat=True) if ever is not None else ()
        everybody = sorted(set(past))
        seen = visible(permit, everybody)
        found = _believed(seen, seen.listed(everybody), day, known_at)
        members = {
            one.version.record.member: one
            for one in found
            if one.version and one.version.record.household_number == number
            if one.version.record.is_living
        }
        shown = [one.record_id for one in members.values()]
        rows = {"rows": len(shown)}
        look(permit, "look", "register.household_as_of", record_ids=shown, detail=rows)
    return tuple(members[member] for member in household_order(members))


def _current(permit: Permit, record_id: UUID) -> Current | None:
    """The person's present row; None where there is no such person, or none in reach."""
    return in_reach(permit).filter(pk=record_id).first()


def _person(seen: Visible, current: Current, found: list[Version]) -> Person:
    record_id = current.record_id
    return Person(
        record=seen.shown(found[-1].record),
        history_no=current.history_no,
        residence_no=current.residence_no,
        marks=seen.marks[record_id],
        hidden=seen.hidden_of(record_id),
        residences=() if seen.marks[record_id].withheld else tuple(residences(found)),
        tells_more=seen.tells_of(record_id),
    )


def _history_row(seen: Visible, entry: Entry, version: Version) -> HistoryRow:
    return HistoryRow(
        version=_shown(seen, version),
        occurred_on=entry.occurred_on,
        received_on=entry.received_on,
        processed_on=entry.processed_on,
        basis=entry.basis,
        recorded_at=entry.recorded_at,
    )


def _ordered(members: Mapping[UUID, Record]) -> list[Record]:
    by_member = {one.member: one for one in members.values()}
    return [by_member[member] for member in household_order(by_member)]


def _left(seen: Visible, number: str, found: list[Version]) -> Member:
    """One who is no longer in the household: as when last in it, and what took them out."""
    of_it = [i for i, one in enumerate(found) if one.record.household_number == number]
    last = max([i for i in of_it if found[i].record.is_living] or of_it)
    out = found[last + 1] if last + 1 < len(found) else found[last]
    record = seen.shown(found[last].record)
    marks = seen.marks[record.record_id]
    if marks.withheld and not seen.lists_households:  # how one left is not shown either
        return Member(record, marks, found[-1].history_no)
    return Member(record, marks, found[-1].history_no, out.reason, out.record.processed_on)


def _leaving(one: Member) -> tuple[date, str]:
    return one.left_on or date.min, one.record.address_number


def _believed(
    seen: Visible, record_ids: list[UUID], day: date, known_at: datetime
) -> list[Believed]:
    found = []
    for record_id, entries in entries_of(record_ids, known_at).items():
        rows = entries if seen.reaches(record_id) else []
        version = as_of(record_id, rows, day)
        shown = _shown(seen, version) if version else None
        hidden = seen.hidden_of(record_id)
        found.append(Believed(record_id, bool(rows), shown, seen.marks[record_id], hidden))
    return found


def _shown(seen: Visible, version: Version) -> Version:
    record_id = version.record.record_id
    return replace(
        version,
        record=seen.shown(version.record),
        history_remark=seen.remark(
            record_id, version.history_remark, by_program=not version.is_imported
        ),
        note=seen.remark(record_id, version.note),
    )


def _versions(record_ids: list[UUID]) -> dict[UUID, list[Version]]:
    return {
        record_id: list(versions(record_id, rows))
        for record_id, rows in entries_of(record_ids).items()
    }
