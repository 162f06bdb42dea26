"""付番: new 宛名番号 and 世帯番号 (標準仕様書 1.1.13), each once, however many clerks ask at once.

A sequence of the database gives the running part; the check digit follows. A number that an import
brought is passed over by its value, however many zeros stand before it there: a search for 19 finds
0000000019 too. Gaps are lawful: a number is not taken back when a change is not recorded after all.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection

from daicho.register.search import keys
from daicho.terms import numbers

LENGTH = numbers.ADDRESS_NUMBER_LENGTH
"""番号の桁数: of a town that has no number yet; else those of its own numbers are kept."""

DRAWN_MOST = 64
"""一度に引く番号: most running parts of one question; the index is asked for each of them."""

BEYOND_MOST = 10_000_000
"""読み飛ばす番号: how far ahead `go_beyond` looks; numbers beyond stand far apart, or are few."""

_DRAW = """
SELECT (SELECT array_agg(nextval('register_address_number')) FROM generate_series(1, %s)),
    (SELECT array_agg(nextval('register_household_number')) FROM generate_series(1, %s)),
    (SELECT length(address_number) FROM register_current ORDER BY address_number DESC LIMIT 1),
    (SELECT length(number) FROM register_household ORDER BY number DESC LIMIT 1)
"""
# Every number that stood in any version has a token in its person's keys, made without its leading
# zeros. Two that fall together by their hash cost a number that is not given.
_TAKEN = """
SELECT DISTINCT token FROM register_searchkey k, unnest(k.tokens) AS token
WHERE k.tokens && %s::integer[] AND token = ANY (%s::integer[])
"""
# The last of the numbers in use that the sequence would come to before long is its next beginning.
# `app` may draw from a sequence, not set it.
_GO_BEYOND = """
WITH used AS (
    SELECT left({column}, -1)::bigint AS part FROM {table} WHERE {column} ~ '^[0-9]{{2,15}}$'),
drawn AS (SELECT coalesce(pg_sequence_last_value('{sequence}'), 0) AS last)
SELECT count(nextval('{sequence}')) FROM generate_series(1, (
    SELECT max(part) - min(last) FROM used, drawn WHERE part BETWEEN last AND last + %s))
"""
_GONE_BEYOND = tuple(
    _GO_BEYOND.format(column=column, table=table, sequence=sequence)
    for column, table, sequence in (
        ("address_number", "register_current", "register_address_number"),
        ("number", "register_household", "register_household_number"),
    )
)


@dataclass(frozen=True)
class NewNumbers:
    """新しい番号: of so many persons and households, in the order in which they were drawn."""

    people: tuple[str, ...]
    households: tuple[str, ...]


@dataclass
class _Wanted:
    """付番する欄: the column, how many it still lacks, and what was found for it."""

    column: str
    lacking: int
    drawing: int
    found: list[str] = field(default_factory=list)

    def take(self, made: Sequence[str], taken: Container[int]) -> None:
        """Keep those that are free; where all were taken, draw more at once the next time."""
        free = [one for one in made if self.token(one) not in taken]
        is_crowded = bool(made) and not free
        self.found += free[: self.lacking]
        self.lacking -= min(self.lacking, len(free))
        self.drawing = min(self.drawing * 2, DRAWN_MOST) if is_crowded else self.lacking

    def token(self, number: str) -> int:
        """検索キー: under which a number of this column would be found."""
        return keys.token("n", keys.number_line(self.column, number))


def new_numbers(people: int, households: int) -> NewNumbers:
    """So many 宛名番号 and 世帯番号 that nobody has or had: as a rule in two statements."""
    of_people = _Wanted("address_number", people, people)
    of_households = _Wanted("household_number", households, households)
    while of_people.lacking or of_households.lacking:
        _look(of_people, of_households)
    return NewNumbers(tuple(of_people.found), tuple(of_households.found))


def go_beyond() -> None:
    """移行後の付番: begin behind the numbers that an import brought, which leave few gaps."""
    with connection.cursor() as cursor:
        for statement in _GONE_BEYOND:
            cursor.execute(statement, [BEYOND_MOST])


def _look(of_people: _Wanted, of_households: _Wanted) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_DRAW, [of_people.drawing, of_households.drawing])
        drawn, drawn_households, width, household_width = cursor.fetchone()
    people = _numbers(drawn or (), width or LENGTH)
    households = _numbers(drawn_households or (), household_width or LENGTH)
    taken = _taken([*map(of_people.token, people), *map(of_households.token, households)])
    of_people.take(people, taken)
    of_households.take(households, taken)


def _numbers(running: Iterable[int], width: int) -> list[str]:
    """The numbers of these running parts, of that width or as wide as they need; a part that has
    no check digit gives none."""
    bodies = (f"{one:0{width - 1}}" for one in running)
    made = ((body, numbers.address_number_check_digit(body)) for body in bodies)
    found = [f"{body}{digit}" for body, digit in made if digit is not None]
    for one in found:
        numbers.parse_address_number(one)  # one that has grown too long is not given
    return found


def _taken(tokens: list[int]) -> set[int]:
    if not tokens:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN, [tokens, tokens])
        return {token for (token,) in cursor.fetchall()}
