"""錠: an import has the whole register to itself, changes at the counter have it together.

Two imports at once, or an import and a change, could each be lawful by itself and leave two
householders in one household. Both locks end with the transaction.
"""

from django.db import connection

WHOLE_REGISTER = 5_211_210


def take_whole_register() -> None:
    """Wait until nobody changes anything, and keep everybody else waiting."""
    _take("pg_advisory_xact_lock")


def share_register() -> None:
    """Wait for an import to end; other changes go on beside."""
    _take("pg_advisory_xact_lock_shared")


def _take(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [WHOLE_REGISTER])
