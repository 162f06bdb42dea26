"""照合 (標準仕様書 4.1.1.2): who in the register may be the person that a change enters.

Numbers are compared as they stand now: what was once entered by mistake and corrected tells of
nobody. The index of the search keys finds the candidates, in one statement for all who enter;
the present versions decide.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from daicho.register.search import keys
from daicho.terms.records import Cell, Record, to_row

CARDS = ("residence_card_number", "special_permanent_resident_certificate_number")
NUMBERS = ("individual_number", "resident_record_code", "card_number")
"""番号: the ways by which a 除票 is surely of the same person."""
WAYS = (*NUMBERS, "three_items", "address_number")
"""照合の方法: all of them, in the order in which a match names them."""

_NAMES = ("family_name", "given_name", "roman_name", "kanji_name")
_COLUMNS = ("address_number", "resident_record_code", *CARDS, *_NAMES, "sex", "born_on")
_BY_TOKENS = "SELECT %s::uuid, %s, record_id FROM register_searchkey WHERE tokens @> %s::integer[]"
_BY_ID = "SELECT %s::uuid, %s, unnest(%s::uuid[])"
_FOUND = f""") SELECT a.entering, a.way, a.record_id, v.state, v.closing_reason,
    v.{", v.".join(_COLUMNS)} FROM asked a JOIN register_current USING (record_id)
    JOIN register_recordversion v USING (record_id, history_no)
    WHERE a.record_id <> a.entering"""  # noqa: S608  our own columns

# The first version after the last one that was of a resident.
_CLOSED_AS = """
SELECT DISTINCT ON (record_id) record_id, reason FROM register_recordversion v
WHERE record_id = ANY (%s::uuid[]) AND state NOT IN ('', 'living') AND NOT EXISTS (
    SELECT FROM register_recordversion later WHERE later.record_id = v.record_id
        AND later.history_no > v.history_no AND later.state IN ('', 'living'))
ORDER BY record_id, history_no
"""


@dataclass(frozen=True, slots=True)
class Match:
    """同一人の候補: a record that may be of the person who enters.

    `by`: individual_number, resident_record_code, card_number, three_items (氏名, 性別, 生年月日),
    address_number. `forced`: a 除票 that must be entered again instead of a new record.
    """

    record_id: UUID
    by: tuple[str, ...]
    forced: bool
    is_living: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """照合する者: a record as it would become; `holders` hold the individual number given for it.

    `ways` are those by which it is compared; a blank item is never compared.
    """

    record: Record
    ways: frozenset[str]
    holders: tuple[UUID, ...] = ()


def find(asked: Sequence[Asked]) -> dict[UUID, tuple[Match, ...]]:
    """The other records that match each of these, in the order of their ids; () where none does."""
    branches, said = [], []
    for one in asked:
        for sql, values in _branches(one):
            branches.append(sql)
            said += values
    found: dict[UUID, dict[UUID, Match]] = {one.record.record_id: {} for one in asked}
    if not branches:
        return dict.fromkeys(found, ())
    records = {one.record.record_id: to_row(one.record) for one in asked}
    statement = f"WITH asked (entering, way, record_id) AS ({' UNION ALL '.join(branches)}{_FOUND}"
    with connection.cursor() as cursor:
        cursor.execute(statement, said)
        for entering, way, record_id, state, closing_reason, *values in cursor.fetchall():
            held = dict(zip(_COLUMNS, values, strict=True))
            if _same(way, records[entering], held):
                is_living = state in ("", "living")
                # an entry that was taken back never was: it forces nobody
                forces = way in NUMBERS and not is_living and closing_reason != "cancelled"
                _add(found[entering], Match(record_id, (way,), forces, is_living))
    return {one: tuple(it[key] for key in sorted(it)) for one, it in found.items()}


def _add(found: dict[UUID, Match], match: Match) -> None:
    before = found.get(match.record_id)
    if before is not None:
        by = tuple(way for way in WAYS if way in {*before.by, *match.by})
        match = Match(match.record_id, by, before.forced or match.forced, match.is_living)
    found[match.record_id] = match


def _branches(one: Asked) -> Iterator[tuple[str, list[Any]]]:
    record_id, row = one.record.record_id, to_row(one.record)
    if one.holders and "individual_number" in one.ways:
        yield _BY_ID, [record_id, "individual_number", list(one.holders)]
    for way, columns in _COLUMNS_OF.items():
        for column in columns if way in one.ways else ():
            if row[column]:
                token = keys.token("n", f"{column}:{keys.plain_number(str(row[column]))}")
                yield _BY_TOKENS, [record_id, way, [token]]
    if "three_items" in one.ways and one.record.born_on is not None and one.record.sex:
        born = one.record.born_on
        on_the_day = [keys.token("b", f"d:{born.sort_on}")] if born.certain else []
        for field, name in _names(row):
            token = keys.token(field.upper(), name)
            yield _BY_TOKENS, [record_id, "three_items", [token, *on_the_day]]


_COLUMNS_OF: Mapping[str, tuple[str, ...]] = {
    "resident_record_code": ("resident_record_code",),
    "card_number": CARDS,
    "address_number": ("address_number",),
}


def _same(way: str, entering: Mapping[str, Cell], held: Mapping[str, Any]) -> bool:
    """Is what the index found the same in the present version too?"""
    if way == "three_items":
        same = all((entering[one] or "") == (held[one] or "") for one in ("sex", "born_on"))
        return same and not _names(entering).isdisjoint(_names(held))
    columns = _COLUMNS_OF.get(way, ())
    return not columns or any(entering[one] and entering[one] == held[one] for one in columns)


def _names(row: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """氏名 as a search compares it: letters that are variants of each other are one."""
    written = (
        ("kanji", ("family_name", "given_name")),
        ("kanji", ("kanji_name",)),
        ("roman", ("roman_name",)),
    )
    names = (
        (field, "".join(part for column in columns for part in keys.parts(field, row[column])))
        for field, columns in written
    )
    return frozenset((field, name) for field, name in names if name)


def same_name(one: Record, other: Record) -> bool:
    """氏名の一致: is one of the names the same in both, variants of letters taken as one?"""
    return not _names(to_row(one)).isdisjoint(_names(to_row(other)))


def closed_as(record_ids: Sequence[UUID]) -> dict[UUID, str]:
    """消除の事由: the 異動事由 by which each of these was closed last; who is living is left out.

    A correction of a 除票 and a notice that came later do not hide it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLOSED_AS, [list(record_ids)])
        return dict(cursor.fetchall())
