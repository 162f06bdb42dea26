"""住民票コードの備え (標準仕様書 4.3.1): codes from above, until one is given at random.

A code is given once, to a person never recorded anywhere (住民基本台帳法30条の3第2項) or in
place of another (30条の4); it is never taken back into the stock, whatever becomes of the record.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from daicho.access.permits import Permit, demand, demand_work, look
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
# Never given again, also where it came from elsewhere and was never of this stock.
_PUT_AWAY = """
INSERT INTO register_recordcode (code, record_id) VALUES (%s, %s)
ON CONFLICT (code) DO UPDATE SET record_id = EXCLUDED.record_id
WHERE register_recordcode.record_id IS NULL
"""
_HAD_BY_ANOTHER = (
    "SELECT EXISTS (SELECT FROM register_recordcode WHERE code = %s AND record_id <> %s)"
)
_OF_STOCK = """EXISTS (SELECT FROM register_recordcode r
    WHERE r.code = v.resident_record_code AND r.record_id = v.record_id)"""
# The first version that has the present code; one that a cancellation brought back came before.
_CAME_BY = f"""
SELECT v.reason, {_OF_STOCK}
FROM register_current c JOIN register_recordversion v USING (record_id)
WHERE c.record_id = %s AND c.state = 'living' AND c.resident_record_code <> ''
    AND v.resident_record_code = c.resident_record_code
ORDER BY v.history_no LIMIT 1
"""  # noqa: S608  our own text
_BROUGHT_BY = f"""
SELECT v.record_id, v.reason, {_OF_STOCK}
FROM register_recordedchange l JOIN register_recordversion v ON v.change_id = l.id
    JOIN register_current c ON c.record_id = v.record_id
WHERE l.reception_id = %s AND c.state = 'living' AND c.resident_record_code <> ''
    AND v.resident_record_code = c.resident_record_code AND NOT EXISTS (
        SELECT FROM register_recordversion e WHERE e.record_id = v.record_id
            AND e.history_no < v.history_no
            AND e.resident_record_code = v.resident_record_code)
ORDER BY v.record_id
"""  # noqa: S608  our own text
_TAKE = "UPDATE register_recordcode SET record_id = %s WHERE code = %s AND record_id IS NULL"


class NoCodeLeft(Exception):
    """備えがない: no code can be given; the stock must be filled from above first."""


@dataclass(frozen=True)
class Came:
    """コードの由来: the 異動事由 of the version that brought it; whether it was of the stock."""

    reason: str
    is_of_stock: bool


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
    demand_work(permit, "numbering", "record_codes", "demo")
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


def put_away(code: str, record_id: UUID) -> None:
    """Keep a code that was this record's from ever being given, in the running transaction."""
    assert connection.in_atomic_block, "a code is put away in the transaction of its record"
    with connection.cursor() as cursor:
        cursor.execute(_PUT_AWAY, [code, record_id])


def had_by_another(code: str, record_id: UUID) -> bool:
    """Was that very code given to another record once, be it its former one by now?"""
    with connection.cursor() as cursor:
        cursor.execute(_HAD_BY_ANOTHER, [code, record_id])
        (found,) = cursor.fetchone()
    return bool(found)


def came_by(permit: Permit, record_id: UUID) -> Came | None:
    """By what the present code came into a resident's record; None for no resident, or no code.

    Asked beside a look at the person, which covers it.
    """
    demand(permit, "record_code")
    with connection.cursor() as cursor:
        cursor.execute(_CAME_BY, [record_id])
        row = cursor.fetchone()
    return Came(*row) if row else None


def brought_by(permit: Permit, reception_id: UUID) -> dict[UUID, Came]:
    """By record, what brought the code that was entered under a 受付 and stands there still."""
    demand(permit, "record_code")
    with connection.cursor() as cursor:
        cursor.execute(_BROUGHT_BY, [reception_id])
        return {record_id: Came(reason, is_of_stock) for record_id, reason, is_of_stock in cursor}


def stock(permit: Permit) -> Stock:
    """How many codes are left, with the alert where they are few (A03). Concerns no person."""
    left = RecordCode.objects.filter(record_id=None).count()
    found = law.stock_is_low(left, on=permit.on)
    return Stock(left, (found,) if found else ())
