"""検索の実行: conditions as one statement over the keys: those equal altogether first, then parts.

The order is fixed (equal before part, living before closed, by kana, birth and id), so that the
same search shows the same persons. Where more than `CONSIDERED_MOST` fit, only so many are put in
order: the clerk is told to add a condition, and nobody waits for a sort of half the town.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from daicho.register.search import blanks, keys
from daicho.register.search.conditions import Conditions, years
from daicho.register.visibility import Clause

CONSIDERED_MOST = 2_000

_SELECT = (
    f"SELECT record_id, {', '.join(keys.TEXTS)} FROM (SELECT * FROM register_searchkey k WHERE "
)
_ORDER = (
    f" LIMIT {CONSIDERED_MOST}) AS considered ORDER BY state <> 'living', kana,"
    " born_from IS NULL, born_until > born_from, born_from, record_id LIMIT %s"
)
# By their key, for each person that the index found; a join might read the table instead.
_VERSIONS = "FROM register_recordversion v WHERE v.record_id = k.record_id"
_VERSION = f"{_VERSIONS} AND v.history_no = k.history_no"


@dataclass(frozen=True, slots=True)
class Match:
    """該当: a person, and the fields in which only a past value fits (旧)."""

    record_id: UUID
    past: tuple[str, ...]


def find(
    conditions: Conditions,
    most: int,
    among: Sequence[UUID] | None,
    within: Sequence[Clause] = (),
) -> list[Match]:
    """At most `most` persons that fit, in order; `among` narrows them to these records, `within`
    to those whom the permit reaches."""
    assert connection.in_atomic_block, "how the database searches is set for one transaction"
    _may_read_all(allowed=False)
    found = _found(conditions, most, among, within)
    _may_read_all(allowed=True)
    return found


def _may_read_all(*, allowed: bool) -> None:
    """A table is never read from end to end for a search, whatever the planner reckons."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL enable_seqscan = {'on' if allowed else 'off'}")


def _found(
    conditions: Conditions, most: int, among: Sequence[UUID] | None, within: Sequence[Clause]
) -> list[Match]:
    found = _asked(conditions, most, among, within, exact=True)
    rest = most - len(found)
    if rest and conditions.texts and not conditions.is_broad:
        known = {one.record_id for one in found}
        parts = _asked(conditions, most, among, within, exact=False)
        found += [one for one in parts if one.record_id not in known][:rest]
    return found


def statement(
    conditions: Conditions,
    most: int,
    among: Sequence[UUID] | None,
    within: Sequence[Clause] = (),
    *,
    exact: bool,
) -> tuple[str, list[Any]]:
    """The SQL of one step and what is filled in."""
    clauses, said = [], []
    for clause, value in (*_clauses(conditions, among, exact=exact), *within):
        clauses.append(clause)
        said.append(value)
    return f"{_SELECT}{' AND '.join(clauses)}{_ORDER}", [*said, most]


def _asked(
    conditions: Conditions,
    most: int,
    among: Sequence[UUID] | None,
    within: Sequence[Clause],
    *,
    exact: bool,
) -> list[Match]:
    asked, said = statement(conditions, most, among, within, exact=exact)
    with connection.cursor() as cursor:
        cursor.execute(asked, said)
        return [_match(conditions, row) for row in cursor.fetchall()]


def _clauses(
    conditions: Conditions, among: Sequence[UUID] | None, *, exact: bool
) -> Iterator[Clause]:
    wanted = [keys.token("n", line) for line in conditions.numbers]
    for field, parts in conditions.texts.items():
        for part in parts:
            wanted += _tokens(field, part, exact=exact)
        yield f"{field} LIKE %s", _like(parts)
    if wanted:
        yield "tokens @> %s::integer[]", sorted(set(wanted))
    for line in conditions.numbers:
        column, _, number = line.partition(":")
        yield _stood_in(column), number
    if conditions.card_number:
        cards, number = keys.NUMBERS[3:], conditions.card_number
        lines = [keys.number_line(column, number) for column in cards]
        yield "tokens && %s::integer[]", [keys.token("n", line) for line in lines]
        yield _stood_in(*cards), keys.plain_number(number)
    if conditions.born:
        if years_asked := years(conditions.born):
            yield "tokens && %s::integer[]", list(years_asked)
        yield "coalesce(born_until >= %s, true)", conditions.born[0]
        yield "coalesce(born_from <= %s, true)", conditions.born[1]
    if among is not None:
        yield "record_id = ANY(%s)", list(among)
    yield from _filters(conditions)


def _stood_in(*columns: str) -> str:
    """Is a number that of one of the columns in any version? The tokens have found the person."""
    plain = ", ".join(f"ltrim(v.{column}, '0')" for column in columns)
    return f"(SELECT bool_or(%s IN ({plain})) {_VERSIONS})"


def _filters(conditions: Conditions) -> Iterator[Clause]:
    if conditions.sex:
        yield "sex = %s", conditions.sex
    if conditions.state:
        yield "(state = 'living') = %s", conditions.state == "living"
    if conditions.closing_reason:
        yield "closing_reason = %s", conditions.closing_reason
    if conditions.address_code:
        # the index holds no blank codes; of the code an earlier version had nothing is found
        yield (
            "(record_id, history_no) IN (SELECT v.record_id, v.history_no FROM"
            " register_recordversion v WHERE v.address_code = %s AND v.address_code <> '')",
            conditions.address_code,
        )
    if conditions.relationship:
        yield f"(SELECT v.relationship {_VERSION}) = %s", conditions.relationship
    for code in conditions.blank:
        yield f"(SELECT {blanks.clause(code)} {_VERSION}) = %s", True
    if conditions.ward:
        its = "SELECT c.ward FROM register_current c WHERE c.record_id = k.record_id"
        yield f"({its}) = %s", conditions.ward


def _tokens(field: str, part: str, *, exact: bool) -> list[int]:
    if exact:
        return [keys.token(field.upper(), part)]
    return list(keys.pairs(field, part))


def _like(parts: Sequence[str]) -> str:
    # What was typed holds none of the signs of LIKE, yet a fold could make one.
    safe = [part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for part in parts]
    return f"%{'%'.join(safe)}%"


def _match(conditions: Conditions, row: Sequence[Any]) -> Match:
    record_id, *texts = row
    held = dict(zip(keys.TEXTS, texts, strict=True))
    past = tuple(
        field for field, parts in conditions.texts.items() if not _present(held[field], parts)
    )
    return Match(record_id, past)


def _present(text: str, parts: Sequence[str]) -> bool:
    present = text.partition(keys.PAST)[0].split(keys.LINE)
    return any(all(part in line for part in parts) for line in present)
