"""検索結果: the present values of the persons found, and the past value where only that fits."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from daicho.register.search import keys
from daicho.register.search.conditions import OF_WHO, Conditions
from daicho.register.search.finding import Match
from daicho.register.visibility import Marks, Visible
from daicho.terms.dates import RegisterDate
from daicho.terms.names import SEPARATOR
from daicho.terms.records import Record, from_row

_SHOWN = (
    "record_id",
    "address_number",
    "household_number",
    "resident_class",
    "state",
    "closing_reason",
    "closing_event_on",
    "family_name",
    "given_name",
    "roman_name",
    "kanji_name",
    "family_name_kana",
    "given_name_kana",
    "foreign_name_kana",
    "family_name_reading",
    "given_name_reading",
    "former_family_name",
    "common_name",
    "born_on",
    "sex",
    "relationship",
    "address_prefecture",
    "address_municipality",
    "address_town",
    "address_lot",
    "address_free_text",
    "address_building",
)
_PRESENT = f"""SELECT {", ".join(f"v.{column}" for column in _SHOWN)} FROM register_current c
JOIN register_recordversion v USING (record_id, history_no) WHERE c.record_id = ANY(%s)"""
_PAST = f"""SELECT {", ".join(keys.COLUMNS)} FROM register_recordversion
WHERE record_id = ANY(%s) ORDER BY record_id, history_no DESC"""

FORMER_NUMBER = ("individual_number", "変更前の番号が一致")
"""従前の個人番号: a past value that is told without the value."""


@dataclass(frozen=True)
class Hit:
    """該当者: one line of a search; `past` names what only a past value fits, and that value."""

    record_id: UUID
    address_number: str
    household_number: str
    name: str
    name_kana: str
    former_family_name: str
    common_name: str
    born_on: RegisterDate | None
    foreign: bool
    sex: str
    relationship: str
    address: str
    state: str
    closing_reason: str
    closing_event_on: RegisterDate | None
    marks: Marks
    past: tuple[tuple[str, str], ...]


def hits(
    conditions: Conditions,
    found: Sequence[Match],
    seen: Visible,
    by_former_number: Collection[UUID] = (),
) -> tuple[Hit, ...]:
    """The lines of what was found, in its order, with what the permit does not show left blank.

    Who is withheld is there by the name that is shown, never by a former or another one.
    `by_former_number` are those whose 個人番号 fits only as it was before its change.
    """
    record_ids = [one.record_id for one in found]
    records = {
        record.record_id: seen.shown(record)
        for record in _present(record_ids)
        if not seen.marks[record.record_id].withheld or _is_named(conditions, record)
    }
    past = dict(_past(conditions, [one for one in found if one.past]))
    for one in by_former_number:
        past[one] = (*past.get(one, ()), FORMER_NUMBER)
    return tuple(
        _hit(
            records[one],
            seen.marks[one],
            () if seen.marks[one].withheld else past.get(one, ()),
        )
        for one in record_ids
        if one in records
    )


def _present(record_ids: list[UUID]) -> Iterable[Record]:
    for row in _rows(_PRESENT, _SHOWN, record_ids):
        yield from_row({**row, "record_id": str(row["record_id"])})


def _is_named(conditions: Conditions, record: Record) -> bool:
    row = {column: getattr(record, column) for column in _SHOWN}
    names = {field: typed for field, typed in conditions.texts.items() if field in OF_WHO}
    return all(keys.is_own_name(field, typed, row) for field, typed in names.items())


def _rows(statement: str, columns: Sequence[str], said: list[UUID]) -> Iterable[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [said])
        for row in cursor.fetchall():
            yield dict(zip(columns, row, strict=True))


def _hit(record: Record, marks: Marks, past: tuple[tuple[str, str], ...]) -> Hit:
    return Hit(
        record_id=record.record_id,
        address_number=record.address_number,
        household_number=record.household_number,
        name=record.name.joined,
        name_kana=record.name_kana.joined,
        former_family_name=record.former_family_name,
        common_name=record.common_name,
        born_on=record.born_on,
        foreign=record.is_foreign,
        sex=record.sex,
        relationship=record.relationship,
        address=record.address.written,
        state=record.state or "living",
        closing_reason=record.closing_reason,
        closing_event_on=record.closing_event_on,
        marks=marks,
        past=past,
    )


def _past(
    conditions: Conditions, found: Sequence[Match]
) -> Mapping[UUID, tuple[tuple[str, str], ...]]:
    """By person: the latest past value that fits, of each field that the present does not fit."""
    if not found:
        return {}
    fields_of = {one.record_id: one.past for one in found}
    values: dict[UUID, dict[str, str]] = {one: {} for one in fields_of}
    for row in _rows(_PAST, keys.COLUMNS, list(fields_of)):
        for field in fields_of[row["record_id"]]:
            fitting = _fitting(field, conditions.texts[field], row)
            if fitting:
                values[row["record_id"]].setdefault(field, fitting)
    return {one: tuple(by_field.items()) for one, by_field in values.items()}


def _fitting(field: str, parts: Sequence[str], row: Mapping[str, Any]) -> str:
    """The value of one version that holds all the parts, as it was written; blank for none."""
    separator = "" if field == "address" else SEPARATOR
    for columns in keys.WRITTEN_IN[field]:
        written = [row[column] for column in columns if row[column]]
        whole = "".join(keys.folded(field, text) for text in written)
        if written and all(part in whole for part in parts):
            return separator.join(written)
    return ""
