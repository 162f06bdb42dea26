"""計測用の住民票コード: codes that nobody of the made-up town has.

The town's codes lie all over the ten digits, so that no range is free: among a million of them,
every sixth run met one, and a family from elsewhere was taken for one that comes back.
"""

from collections.abc import Iterator
from itertools import count

from django.db import connection

from daicho.terms.numbers import resident_record_code_check_digit

BLOCK = 1_000
_TAKEN = "SELECT resident_record_code FROM register_current WHERE resident_record_code = ANY (%s)"


def unused(first: int) -> Iterator[str]:
    """Codes upwards from that body, looked up in blocks so that no timed step waits for it."""
    for start in count(first, BLOCK):
        bodies = (f"{body:010}" for body in range(start, start + BLOCK))
        codes = [body + resident_record_code_check_digit(body) for body in bodies]
        with connection.cursor() as cursor:
            cursor.execute(_TAKEN, [codes])
            taken = {code for (code,) in cursor.fetchall()}
        yield from (code for code in codes if code not in taken)
