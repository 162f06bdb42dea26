"""見える範囲: what of which person a permit shows. Every query of the register goes through it.

Three rules: a purpose sees classes of items (`law.safety.item_classes`); it reaches the records of
one ward or of the municipality, and beyond them nobody is there; and of whom it withholds there are
name and number only: a person whose 照会 is suppressed at the level error (standard 3.1), and for
other divisions one under 支援措置. Which persons are protected is shown to all whom they are shown
to; why and by whom is not.

What is withheld is not told by what stands around it either: who is withheld is found by who they
are alone, stands in no list of a household, and names no 世帯主 to other divisions. One thing is
told, and accepted: an office that reaches one ward finds who is withheld only where they live in
it, and so learns the ward. It is the office that serves them: found by no office of a ward, they
could not be asked about; found by all, every ward would learn that they are protected.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from daicho.access.permits import Permit
from daicho.law.disclosure.protection import Standing, standing
from daicho.law.safety import item_classes, unseen
from daicho.register.models import Current
from daicho.terms.records import ITEMS, Record

Level = Literal["error", "alert", ""]
"""抑止の段階: blocks, warns, or nothing (standard 3.1)."""

Clause = tuple[str, Any]
"""条件: a condition of SQL over a row `k` that has a record_id, and its one parameter."""

# What is left of a person whose 照会 is suppressed: enough to know whom to ask about.
_OF_WITHHELD = {
    "record_id",
    "address_number",
    "resident_class",
    "state",
    "family_name",
    "given_name",
    "roman_name",
    "kanji_name",
}
_COLUMNS = frozenset(item.column for item in ITEMS)
_WITHHELD = _COLUMNS - _OF_WITHHELD
# Beside whom a withheld person lives tells where.
_OF_HOUSEHOLD = frozenset({"household_number", "ward", "position"})
# Of other divisions' persons: blank for the protected 世帯主 alone would tell of whom it is. Who is
# 世帯主 of those who are shown is told by their 続柄.
_OF_HOUSEHOLDER = frozenset({"householder_name", "householder_name_kana", "position"})
# The form of a change is of the whole household, and so is a paper: without who lives in it the
# other members could not move, and one who is withheld would be missing unseen, not refused.
_OF_HOUSEHOLDS = ("change.", "certificate.")
_OUT_OF_REACH = _COLUMNS - {"record_id"}
_DEFAULTS = {name: one.default for name, one in Record.__dataclass_fields__.items()}

_IN_WARD = "(SELECT c.ward FROM register_current c WHERE c.record_id = k.record_id) = %s"
_UNPROTECTED = """NOT EXISTS (SELECT FROM register_protectivemeasure p
    WHERE p.record_id = k.record_id
        AND %s::date BETWEEN p.from_on AND coalesce(p.until_on, 'infinity'))"""
_UNSUPPRESSED = """NOT EXISTS (SELECT FROM register_suppression s
    WHERE s.record_id = k.record_id AND s.process = 'look' AND s.level = 'error'
        AND s.from_on <= %s)"""

# Every change asks it; made by the ORM it would take longer to write than to answer.
_LEVELS = """SELECT level FROM register_suppression
WHERE record_id = ANY (%s::uuid[]) AND process = %s AND from_on <= %s"""


@dataclass(frozen=True)
class Marks:
    """表示: what must be seen on every hit: 支援措置 and 抑止, on the day of the permit.

    `withheld`: the record is not shown, but for name and number, under this permit.
    `of_issuing`: the strictest level at which 発行 is suppressed (error, alert, or blank).
    `protection`: whether the 支援措置 ends within a month, or has ended without being renewed; told
    to those who serve the person, not to other divisions.
    """

    protected: bool
    provisionally_protected: bool
    suppressed: tuple[str, ...]  # processes: change, certificate, look
    withheld: bool = False
    of_issuing: Level = ""
    protection: Standing = ""

    @property
    def any(self) -> bool:
        """Is there anything to mark?"""
        protected = self.protected or self.provisionally_protected or self.protection
        return bool(protected or self.suppressed)


_NOBODYS = Marks(protected=False, provisionally_protected=False, suppressed=(), withheld=True)


@dataclass(frozen=True)
class Visible:
    """見える範囲: of some persons, under one permit; who is out of its reach is not there."""

    marks: Mapping[UUID, Marks]
    on: date
    hidden: frozenset[str] = frozenset()
    out_of_reach: frozenset[UUID] = frozenset()
    withholds_protected: bool = False
    lists_households: bool = False

    def reaches(self, record_id: UUID) -> bool:
        """Is this person there at all, for this permit?"""
        return record_id not in self.out_of_reach

    def tells_of(self, record_id: UUID) -> bool:
        """Is what stands beside the record shown: remarks, notes, messages? Free text may tell of
        a protection, also of another's, so that whom it is withheld from reads none."""
        withheld = self.marks[record_id].withheld or self.withholds_protected
        return self.reaches(record_id) and not withheld

    def remark(self, record_id: UUID, text: str, *, by_program: bool = False) -> str:
        """統合記載欄: a text that stands there, or that there is one which is not shown.

        `by_program`: the program wrote it, naming each item; any other text may tell anything.
        """
        if not self.tells_of(record_id):
            return ""
        hidden, on = self.hidden, self.on
        return unseen.remark(text, hidden, on) if by_program else unseen.free(text, hidden)

    def hidden_of(self, record_id: UUID) -> frozenset[str]:
        """The columns of that person that are not shown."""
        if not self.reaches(record_id):
            return _OUT_OF_REACH
        if self.marks[record_id].withheld:
            return (_WITHHELD | self.hidden) - (_OF_HOUSEHOLD if self.lists_households else set())
        return self.hidden | (_OF_HOUSEHOLDER if self.withholds_protected else frozenset())

    def shown(self, record: Record) -> Record:
        """The record with what is not shown left blank."""
        hidden = self.hidden_of(record.record_id)
        blank = {column: _DEFAULTS[column] for column in hidden}
        return replace(record, **blank) if blank else record  # type: ignore[arg-type]  # columns of Record

    def listed(self, record_ids: Iterable[UUID], *asked: UUID) -> list[UUID]:
        """Who of a household is listed: those in reach.

        Who is withheld neither beside others nor others beside them: both tell where they live.
        """
        found = [one for one in record_ids if self.reaches(one)]
        if self.lists_households:
            return found
        if any(self.marks[one].withheld for one in asked if one in self.marks):
            return [one for one in found if one in asked]
        return [one for one in found if not self.marks[one].withheld]

    def number_of_household(self, number: str, *asked: UUID) -> str:
        """世帯番号: of the household of whom was asked for; blank where theirs is not shown."""
        hidden = (self.hidden_of(one) for one in asked if one in self.marks)
        return "" if any("household_number" in columns for columns in hidden) else number


def visible(permit: Permit, record_ids: Iterable[UUID]) -> Visible:
    """What the permit shows of these persons.

    The caller has demanded "resident" before its transaction, so that a refusal stays trailed.
    """
    assert "resident" in permit.sees, f"{permit.purpose or permit.job} sees no residents"
    asked = list(record_ids)
    beyond = _out_of_reach(permit, asked)
    marks = _marks(permit, [one for one in asked if one not in beyond])
    return Visible(
        marks | dict.fromkeys(beyond, _NOBODYS),
        permit.on,
        item_classes.hidden(permit.sees, permit.on),
        beyond,
        permit.withholds_protected,
        lists_households(permit),
    )


def lists_households(permit: Permit) -> bool:
    """世帯の全員: does the permit's work list all who live together, also who is withheld?"""
    return permit.purpose.startswith(_OF_HOUSEHOLDS) and not permit.withholds_protected


def withholds(permit: Permit) -> bool:
    """抑止の及ぶ事務: is anybody at all withheld under this permit?"""
    return permit.withholds_protected or "suppressed" not in permit.sees


def within(permit: Permit) -> tuple[Clause, ...]:
    """届く範囲: what a search must ask beside its own conditions, so that its limit and its count
    are of those in reach."""
    return ((_IN_WARD, permit.ward),) if permit.ward else ()


def not_withheld(permit: Permit) -> tuple[Clause, ...]:
    """表示しない項目による検索の範囲: nobody who is withheld is found by an item that is not shown:
    that a search finds them would tell it."""
    found = []
    if permit.withholds_protected:
        found.append((_UNPROTECTED, permit.on))
    if "suppressed" not in permit.sees:
        found.append((_UNSUPPRESSED, permit.on))
    return tuple(found)


def in_reach(permit: Permit) -> "QuerySet[Current]":
    """届く者: everybody whom the permit reaches, resident or 除票."""
    everybody = Current.objects.all()
    return everybody.filter(ward=permit.ward) if permit.ward else everybody


def _out_of_reach(permit: Permit, record_ids: list[UUID]) -> frozenset[UUID]:
    """Those of another ward, and whoever is not in the register: the one answers as the other."""
    if not permit.ward:
        return frozenset()
    own = in_reach(permit).filter(pk__in=record_ids)
    return frozenset(record_ids) - set(own.values_list("pk", flat=True))


def lives_with_marked(permit: Permit, record_id: UUID) -> bool:
    """同居者の表示: is anybody marked who lives with that person? It names nobody, and counts
    those too whom the permit does not show."""
    number = Current.objects.filter(pk=record_id).values("household_number")[:1]
    together = Current.objects.filter(household_number=number, state="living")
    marks = _marks(permit, list(together.exclude(household_number="").values_list("pk", flat=True)))
    return any(one.any for one in marks.values())


def suppressed(process: str, record_ids: Iterable[UUID], on: date) -> Level:
    """抑止の段階: the strictest level at which a process is held back for any of these persons:
    error, alert, or blank. Asked by the doors themselves, whatever a screen has shown."""
    with connection.cursor() as cursor:
        cursor.execute(_LEVELS, [list(record_ids), process, on])
        return _strictest(level for (level,) in cursor.fetchall())


def _strictest(levels: Iterable[str]) -> Level:
    held = set(levels)
    return "error" if "error" in held else "alert" if held else ""


# Every look asks it. A suppression does not end by itself at its last day (standard 3.1); that a
# protection has passed its own is told (3.4).
_MARKS = """
SELECT record_id, process, level, NULL::date FROM register_suppression
WHERE record_id = ANY (%s::uuid[]) AND from_on <= %s
UNION ALL
SELECT record_id, CASE WHEN provisional THEN 'provisional' ELSE 'protected' END, '', until_on
FROM register_protectivemeasure WHERE record_id = ANY (%s::uuid[]) AND from_on <= %s
"""


def _marks(permit: Permit, record_ids: list[UUID]) -> dict[UUID, Marks]:
    on = permit.on
    suppressed: dict[UUID, set[str]] = {one: set() for one in record_ids}
    of_issuing: dict[UUID, set[str]] = {one: set() for one in record_ids}
    measures: dict[str, set[UUID]] = {"protected": set(), "provisional": set()}
    lasting: dict[UUID, list[date | None]] = {one: [] for one in record_ids}
    withheld = set()
    with connection.cursor() as cursor:
        cursor.execute(_MARKS, [record_ids, on, record_ids, on])
        for record_id, what, level, until_on in cursor.fetchall():
            if what in measures:
                lasting[record_id].append(until_on)
                if until_on is None or on <= until_on:
                    measures[what].add(record_id)
                continue
            suppressed[record_id].add(what)
            if what == "certificate":
                of_issuing[record_id].add(level)
            if (what, level) == ("look", "error") and "suppressed" not in permit.sees:
                withheld.add(record_id)
    protected, provisional = measures["protected"], measures["provisional"]
    if permit.withholds_protected:
        withheld |= protected | provisional
        lasting = {}
    return {
        one: Marks(
            one in protected,
            one in provisional,
            tuple(sorted(suppressed[one])),
            one in withheld,
            _strictest(of_issuing[one]),
            _standing(lasting.get(one, ()), on),
        )
        for one in record_ids
    }


def _standing(lasting: Sequence[date | None], on: date) -> Standing:
    """Of the measures that have begun, by their last days: the one that lasts longest says it."""
    known = [until_on for until_on in lasting if until_on is not None]
    if not known or len(known) < len(lasting):
        return ""
    return standing(max(known), on=on)
