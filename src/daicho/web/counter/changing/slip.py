"""付番の控え: record ids and numbers that were given for a form, signed: nobody makes one up.

They are given once, at the first check, and travel in the page; the same form sent twice is then
the same change. A number of a form that is never recorded stays unused, which is lawful.
"""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.core import signing

_SALT = "daicho.counter.slip"


@dataclass(frozen=True)
class Numbered:
    """付番された者: who an entering person will be; `is_back` tells of one found among the 除票."""

    record_id: UUID
    address_number: str
    is_back: bool


def new_person(reception_id: UUID, address_number: str) -> str:
    """The slip of somebody who never was in the register: a record id and a 宛名番号."""
    return of_person(reception_id, Numbered(uuid4(), address_number, False))


def of_person(reception_id: UUID, one: Numbered) -> str:
    """The slip of that person, good for one 受付."""
    said = [str(one.record_id), one.address_number, one.is_back]
    return signing.dumps(said, salt=f"{_SALT}:{reception_id}")


def person(reception_id: UUID, slip: str) -> Numbered | None:
    """Who a slip is of; None for a blank one, and for one that was not given here."""
    said = _read(reception_id, slip)
    if not (isinstance(said, list) and len(said) == 3):
        return None
    return Numbered(UUID(said[0]), str(said[1]), bool(said[2]))


def new_household(reception_id: UUID, number: str) -> str:
    """The slip of a household that is made: a 世帯番号."""
    return signing.dumps(number, salt=f"{_SALT}:{reception_id}")


def household(reception_id: UUID, slip: str) -> str:
    """The 世帯番号 of a slip; blank for a blank one, and for one that was not given here."""
    said = _read(reception_id, slip)
    return said if isinstance(said, str) else ""


def _read(reception_id: UUID, slip: str) -> object:
    try:
        return signing.loads(slip, salt=f"{_SALT}:{reception_id}") if slip else None
    except signing.BadSignature:
        return None
