"""見える範囲: what of which person a permit shows. Every query of the register goes through it.

Two rules: a purpose sees classes of items (`law.purposes.SEES`), and a person whose 照会 is
suppressed at the level error is shown by name and number only (standard 3.1). Which persons are
protected is shown to all who may look; why and by whom is not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal
from uuid import UUID

from django.db import connection

from daicho.access.permits import Permit
from daicho.register.models import ProtectiveMeasure, Suppression
from daicho.terms.records import ITEMS, Record

Level = Literal["error", "alert", ""]
"""抑止の段階: blocks, warns, or nothing (standard 3.1)."""

# What the classes of `law.purposes.SEES` hide: the columns that stay blank without them.
_HIDDEN_WITHOUT = {
    "family_register": ("registered_domicile", "registered_domicile_code", "family_register_head"),
    "residence_status": (
        "residence_status",
        "period_of_stay",
        "period_of_stay_expires_on",
        "residence_card_number",
        "special_permanent_resident_certificate_number",
    ),
    "record_code": ("resident_record_code",),
}
# What is left of a person whose 照会 is suppressed: enough to know whom to ask about.
_OF_WITHHELD = {
    "record_id",
    "address_number",
    "household_number",
    "ward",
    "resident_class",
    "state",
    "family_name",
    "given_name",
    "roman_name",
    "kanji_name",
    "position",
}
_WITHHELD = frozenset(item.column for item in ITEMS) - _OF_WITHHELD
_DEFAULTS = {
    name: one.default for name, one in Record.__dataclass_fields__.items() if name in _WITHHELD
}

# Every change asks it; made by the ORM it would take longer to write than to answer.
_LEVELS = """SELECT level FROM register_suppression
WHERE record_id = ANY (%s::uuid[]) AND process = %s AND from_on <= %s"""


@dataclass(frozen=True)
class Marks:
    """表示: what must be seen on every hit: 支援措置 and 抑止, on the day of the permit.

    `withheld`: 照会 is suppressed at the level error, so that the record is not shown.
    `of_issuing`: the strictest level at which 発行 is suppressed (error, alert, or blank).
    """

    protected: bool
    provisionally_protected: bool
    suppressed: tuple[str, ...]  # processes: change, certificate, look
    withheld: bool = False
    of_issuing: Level = ""

    @property
    def any(self) -> bool:
        """Is there anything to mark?"""
        return bool(self.protected or self.provisionally_protected or self.suppressed)


@dataclass(frozen=True)
class Visible:
    """見える範囲: of some persons, under one permit."""

    marks: Mapping[UUID, Marks]
    hidden: frozenset[str] = field(default_factory=frozenset)

    def hidden_of(self, record_id: UUID) -> frozenset[str]:
        """The columns of that person that are not shown."""
        return _WITHHELD | self.hidden if self.marks[record_id].withheld else self.hidden

    def shown(self, record: Record) -> Record:
        """The record with what is not shown left blank."""
        hidden = self.hidden_of(record.record_id)
        blank = {column: _DEFAULTS[column] for column in hidden}
        return replace(record, **blank) if blank else record  # type: ignore[arg-type]  # columns of Record


def visible(permit: Permit, record_ids: Iterable[UUID]) -> Visible:
    """What the permit shows of these persons.

    The caller has demanded "resident" before its transaction, so that a refusal stays trailed.
    """
    assert "resident" in permit.sees, f"{permit.purpose or permit.job} sees no residents"
    hidden = [columns for seen, columns in _HIDDEN_WITHOUT.items() if seen not in permit.sees]
    columns = frozenset(column for some in hidden for column in some)
    return Visible(_marks(list(record_ids), permit.on), columns)


def suppressed(process: str, record_ids: Iterable[UUID], on: date) -> Level:
    """抑止の段階: the strictest level at which a process is held back for any of these persons:
    error, alert, or blank. Asked by the doors themselves, whatever a screen has shown."""
    with connection.cursor() as cursor:
        cursor.execute(_LEVELS, [list(record_ids), process, on])
        return _strictest(level for (level,) in cursor.fetchall())


def _strictest(levels: Iterable[str]) -> Level:
    held = set(levels)
    return "error" if "error" in held else "alert" if held else ""


def _marks(record_ids: list[UUID], on: date) -> dict[UUID, Marks]:
    suppressed: dict[UUID, set[str]] = {one: set() for one in record_ids}
    withheld = set()
    of_issuing: dict[UUID, set[str]] = {one: set() for one in record_ids}
    # A suppression does not end by itself at its last day (standard 3.1).
    for row in Suppression.objects.filter(record_id__in=record_ids, from_on__lte=on):
        suppressed[row.record_id].add(row.process)
        if row.process == "certificate":
            of_issuing[row.record_id].add(row.level)
        if (row.process, row.level) == ("look", "error"):
            withheld.add(row.record_id)
    measures = ProtectiveMeasure.objects.filter(record_id__in=record_ids, from_on__lte=on)
    current = [m for m in measures if m.until_on is None or m.until_on >= on]
    protected = {m.record_id for m in current if not m.provisional}
    provisional = {m.record_id for m in current if m.provisional}
    return {
        one: Marks(
            one in protected,
            one in provisional,
            tuple(sorted(suppressed[one])),
            one in withheld,
            _strictest(of_issuing[one]),
        )
        for one in record_ids
    }
