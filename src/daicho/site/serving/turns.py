"""順番: which worker does what only one should do."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def alone(lock: int) -> Iterator[bool]:
    """Whether nobody else is at it; nobody waits for the lock, and it ends with the connection."""
    from django.db import Error, connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock])
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine:
            with suppress(Error), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])
