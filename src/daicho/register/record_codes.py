"""住民票コードの備え (標準仕様書 4.3.1): codes from above, kept until one is given at random.

A code is given once, to a person never recorded anywhere (住民基本台帳法30条の3第2項); it is never
taken back into the stock, whatever becomes of the record.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from daicho.access.permits import Permit, demand_work, look
from daicho.law import record_codes as law
from daicho.law.rule import Finding
from daicho.register.models import RecordCode
from daicho.terms import numbers

_ADD = """
INSERT INTO register_recordcode (code)
SELECT code FROM unnest(%s::text[]) AS code
WHERE NOT EXISTS (SELECT FROM register_current c WHERE c.resident_record_code = code)
ON CONFLICT DO NOTHING
"""
# Two clerks at once get two codes: a row that another transaction is giving is passed over.
_GIVE = """
UPDATE register_recordcode SET record_id = %s WHERE code = (
    SELECT code FROM register_recordcode WHERE record_id IS NULL
    ORDER BY random() LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING code
"""
_TAKE = "UPDATE register_recordcode SET record_id = %s WHERE code = %s AND record_id IS NULL"


class NoCodeLeft(Exception):
    """備えがない: no code can be given; the stock must be filled from above first."""


@dataclass(frozen=True)
class Stock:
    """備えの数: codes that can still be given, and what the law says of so few."""

    left: int
    findings: tuple[Finding, ...]


def add(permit: Permit, codes: Sequence[str]) -> int:
    """Put codes into the stock; those known already are passed over; gives how many are new.

    A right of its own (標準仕様書 10.3): for the 付番 alone, and for a made-up town's own codes.
    Malformed for the first that is no code: nothing is then added.
    """
    demand_work(permit, "numbering", "demo")
    checked = [numbers.parse_resident_record_code(code) for code in codes]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ADD, [checked])
        added = int(cursor.rowcount)
        look(permit, "record_codes_added", "register.record_codes", detail={"rows": added})
    return added


def give(record_id: UUID) -> str:
    """Give a code to a record, in the running transaction of its change; raises NoCodeLeft."""
    assert connection.in_atomic_block, "a code is given in the transaction of its record"
    with connection.cursor() as cursor:
        cursor.execute(_GIVE, [record_id])
        row = cursor.fetchone()
    if row is None:
        raise NoCodeLeft
    return str(row[0])


def take(code: str, record_id: UUID) -> bool:
    """Give that very code to a record, in the running transaction of its change; False where it is
    none of the stock or another has it."""
    assert connection.in_atomic_block, "a code is given in the transaction of its record"
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [record_id, code])
        return bool(cursor.rowcount)


def stock(permit: Permit) -> Stock:
    """How many codes are left, with the alert where they are few (A03). Concerns no person."""
    left = RecordCode.objects.filter(record_id=None).count()
    found = law.stock_is_low(left, on=permit.on)
    return Stock(left, (found,) if found else ())
