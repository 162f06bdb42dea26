"""期間の範囲: between which numbers the rows of a period stand.

Rows are numbered in the order in which they are written, so also nearly in the order of time. The
ends of a period are found by halving: some twenty looks into the index of the numbers, however
large the trail. A clock that was set back by no more than SLACK hides no row.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection

SLACK = timedelta(days=1)

FirstFrom = Callable[[int, int], tuple[int, datetime] | None]
"""その番号から最初の行: (number, newest) to the first row from there on, its number and moment."""

_FIRST_FROM = "SELECT id, at FROM access_trail WHERE id >= %s AND id <= %s ORDER BY id LIMIT 1"


def first_from(number: int, newest: int) -> tuple[int, datetime] | None:
    """その番号から最初の行: of the trail; None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_FROM, [number, newest])
        found: tuple[int, datetime] | None = cursor.fetchone()
    return found


def numbers_of(
    begins_at: datetime | None,
    ends_at: datetime | None,
    newest: int,
    first_from: FirstFrom = first_from,
) -> range:
    """期間の番号: every row up to `newest` of that period has its number here; so may others."""
    first, after = 1, newest + 1
    if begins_at is not None:
        first = _halved(begins_at - SLACK, 1, newest, first_from)
    if ends_at is not None:
        after = _halved(ends_at + SLACK, first, newest, first_from)
    return range(first, after)


def _halved(moment: datetime, first: int, newest: int, first_from: FirstFrom) -> int:
    """The number from which on rows are not before the moment, where time never went back."""
    low, high = first, newest + 1
    while low < high:
        middle = (low + high) // 2
        row = first_from(middle, newest)
        if row is None or row[1] >= moment:
            high = middle
        else:
            low = row[0] + 1
    return low
