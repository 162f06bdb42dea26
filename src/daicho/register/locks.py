"""錠: an import has the whole register to itself, changes at the counter have it together.

Two imports at once, or an import and a change, could each be lawful by itself and leave two
householders in one household. A number of a person is locked while somebody enters it: two clerks
could each find that nobody has it. All these locks end with the transaction.
"""

from collections.abc import Iterable
from hashlib import sha256

from django.db import connection

WHOLE_REGISTER = 5_211_210
_TAKE_EACH = """SELECT pg_advisory_xact_lock(taken.key)
FROM (SELECT unnest(%s::bigint[]) AS key ORDER BY 1) AS taken"""

# The columns of a row are reckoned from left to right; the second lock is not asked for before the
# first is had.
_SHARE_AND_TAKE = "SELECT pg_advisory_xact_lock_shared(%s), pg_advisory_xact_lock(%s)"


def take_whole_register() -> None:
    """Wait until nobody changes anything, and keep everybody else waiting."""
    _take("pg_advisory_xact_lock")


def share_register(number: bytes | None = None) -> None:
    """Wait for an import to end; other changes go on beside. Then `number` is taken too, as by
    `take_numbers`, without another journey to the database."""
    if number is None:
        _take("pg_advisory_xact_lock_shared")
        return
    with connection.cursor() as cursor:
        cursor.execute(_SHARE_AND_TAKE, [WHOLE_REGISTER, _key(number)])


def take_numbers(numbers: Iterable[bytes]) -> None:
    """Wait until nobody else enters one of these; taken after the households, in one order.

    A number is given as bytes that are always the same for it, an 個人番号 by its blind index.
    """
    keys = sorted({_key(one) for one in numbers})
    if keys:
        with connection.cursor() as cursor:
            cursor.execute(_TAKE_EACH, [keys])


def _key(number: bytes) -> int:
    return int.from_bytes(sha256(number).digest()[:8], signed=True)


def _take(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [WHOLE_REGISTER])
