"""付番: new 宛名番号 and 世帯番号 (標準仕様書 1.1.13), each once, however many clerks ask at once.

A sequence of the database gives the running part; the check digit follows. Numbers that an import
brought along are passed over. Gaps are lawful: a number is not taken back when a change is not
recorded after all.
"""

from django.db import connection

from daicho.terms import numbers

LENGTH = 15

_TAKEN = {
    "register_address_number": "SELECT EXISTS (SELECT FROM register_current"
    " WHERE address_number = %s)",
    "register_household_number": "SELECT EXISTS (SELECT FROM register_recordversion"
    " WHERE household_number = %s)",
}


def new_address_number() -> str:
    """A 宛名番号 that no person has or had."""
    return _new("register_address_number")


def new_household_number() -> str:
    """A 世帯番号 that no household has or had."""
    return _new("register_household_number")


def _new(sequence: str) -> str:
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT nextval(%s)", [sequence])
            running = int(cursor.fetchone()[0])
            found = numbers.next_number(running - 1, length=LENGTH)
            if found.sequence != running:
                continue  # this running number has no check digit; the next call is for the next
            cursor.execute(_TAKEN[sequence], [found.number])
            if not cursor.fetchone()[0]:
                return found.number
