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
# The key itself says which version is the present one. A join with `Current` would tell no more,
# and the planner would rather read that table through than look its rows up.
_FOUND = f"""
SELECT v.record_id, v.state, v.closing_reason, v.{", v.".join(_COLUMNS)}
FROM register_searchkey k JOIN register_recordversion v USING (record_id, history_no)
WHERE """  # noqa: S608  our own columns

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
    rows = {one.record.record_id: to_row(one.record) for one in asked}
    found: dict[UUID, tuple[Match, ...]] = dict.fromkeys(rows, ())
    conditions = list(_conditions([(one, rows[one.record.record_id]) for one in asked]))
    if not conditions:
        return found
    with connection.cursor() as cursor:
        cursor.execute(
            _FOUND + " OR ".join(sql for sql, _ in conditions), [said for _, said in conditions]
        )
        held = cursor.fetchall()
    for record_id, state, closing_reason, *values in sorted(held):
        candidate = _Candidate(
            record_id, state, closing_reason, dict(zip(_COLUMNS, values, strict=True))
        )
        for one in asked:
            entering = one.record.record_id
            if match := _match(one, rows[entering], candidate):
                found[entering] = (*found[entering], match)
    return found


@dataclass(frozen=True, slots=True)
class _Candidate:
    record_id: UUID
    state: str
    closing_reason: str
    held: Mapping[str, Any]


def _match(one: Asked, row: Mapping[str, Cell], candidate: _Candidate) -> Match | None:
    """What the index found may be another's candidate, or was so only in an older version."""
    if candidate.record_id == one.record.record_id:
        return None
    by = tuple(way for way in WAYS if way in one.ways and _is_same(way, one, row, candidate))
    if not by:
        return None
    is_living = candidate.state in ("", "living")
    # an entry that was taken back never was: it forces nobody
    may_force = not is_living and candidate.closing_reason != "cancelled"
    return Match(candidate.record_id, by, may_force and not set(by).isdisjoint(NUMBERS), is_living)


def _conditions(asked: Sequence[tuple[Asked, Mapping[str, Cell]]]) -> Iterator[tuple[str, Any]]:
    """What of the search keys finds the candidates of all who enter, each with its parameter."""
    holders = [holder for one, _ in asked for holder in one.holders]
    if holders:
        yield "k.record_id = ANY (%s::uuid[])", holders
    numbers = [token for one, row in asked for token in _numbers(one, row)]
    if numbers:
        yield "k.tokens && %s::integer[]", numbers
    for one, row in asked:
        born = one.record.born_on
        if "three_items" in one.ways and born is not None and one.record.sex:
            on_the_day = [keys.token("b", f"d:{born.sort_on}")] if born.certain else []
            for field, name in sorted(_names(row)):
                yield "k.tokens @> %s::integer[]", [keys.token(field.upper(), name), *on_the_day]


def _numbers(one: Asked, row: Mapping[str, Cell]) -> Iterator[int]:
    for way, columns in _COLUMNS_OF.items():
        for column in columns if way in one.ways else ():
            if row[column]:
                yield keys.token("n", keys.number_line(column, str(row[column])))


_COLUMNS_OF: Mapping[str, tuple[str, ...]] = {
    "resident_record_code": ("resident_record_code",),
    "card_number": CARDS,
    "address_number": ("address_number",),
}


def _is_same(way: str, one: Asked, row: Mapping[str, Cell], candidate: _Candidate) -> bool:
    """Is what the index found the same in the present version too? A blank item is not compared."""
    held = candidate.held
    if way == "individual_number":
        return candidate.record_id in one.holders
    if way == "three_items":
        same = all(row[item] and row[item] == held[item] for item in ("sex", "born_on"))
        return same and not _names(row).isdisjoint(_names(held))
    return any(row[column] and row[column] == held[column] for column in _COLUMNS_OF[way])


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
