"""集合での追記: the accepted lines of an import into ledger, versions and projections at once.

One of the set-based ledger operations (design §4): it must leave exactly what recording the lines
one by one would leave, which `register.rebuild` proves.
"""

from django.db import connection
from django.db.backends.utils import CursorWrapper

from daicho.access.permits import Permit
from daicho.register.importing import staging
from daicho.register.models import ProtectiveMeasure, Suppression
from daicho.register.reading.rows import suppressions

_ACCEPTED = """SELECT s.* FROM staged s WHERE NOT s.unchanged
    AND NOT EXISTS (SELECT FROM fault f WHERE f.line = s.line)"""
_LAST = "SELECT a.* FROM accepted a JOIN last USING (line)"
_NAMES = ", ".join(staging.RECORD_NAMES)

LEDGER = """
INSERT INTO register_recordedchange (id, kind, v, body, record_ids, occurred_on, received_on,
    processed_on, basis, article, operator_id, office, terminal, ward, request_id)
SELECT change_id, 'imported', 1, body, ARRAY[record_id], occurred_day, received_on, processed_on,
    basis, %(article)s, %(operator)s, office, terminal, ward, %(request)s
FROM accepted
"""
VERSIONS = f"""
INSERT INTO register_recordversion (record_id, history_no, residence_no, change_id, reason,
    history_remark, note, {_NAMES})
SELECT record_id, history_no, residence_no, change_id, reason, history_remark, note, {_NAMES}
FROM accepted
"""
CURRENT = f"""
INSERT INTO register_current (record_id, address_number, history_no, residence_no,
    household_number, state, ward, resident_record_code)
SELECT record_id, address_number, history_no, residence_no, household_number,
    coalesce(nullif(state, ''), 'living'), ward, resident_record_code FROM ({_LAST}) AS last
"""
HOUSEHOLDS = f"""
INSERT INTO register_household (number, ward, householder_id, member_count)
SELECT household_number, min(ward),
    (array_agg(record_id) FILTER (WHERE relationship = '世帯主'))[1], count(*)
FROM ({_LAST}) AS last WHERE state IN ('', 'living') GROUP BY household_number
ON CONFLICT (number) DO UPDATE SET
    householder_id = coalesce(register_household.householder_id, EXCLUDED.householder_id),
    member_count = register_household.member_count + EXCLUDED.member_count
"""
REMARKS = f"""
INSERT INTO register_remark (record_id, remark_no, text, operator_id, request_id)
SELECT record_id, 1, remark, %(operator)s, %(request)s FROM ({_LAST}) AS last WHERE remark <> ''
"""


def append(permit: Permit) -> None:
    """Append what is accepted, in the running transaction."""
    said = {
        "article": permit.article,
        "operator": permit.actor.operator_id if permit.actor else None,
        "request": permit.request_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY VIEW accepted AS {_ACCEPTED}")
        for statement in (LEDGER, VERSIONS, CURRENT, HOUSEHOLDS, REMARKS):
            cursor.execute(statement, said)
        _flags(cursor)
        cursor.execute("DROP VIEW accepted")


def _flags(cursor: CursorWrapper) -> None:
    """抑止 and 支援措置 as the last line of each person brings them: a few in a thousand."""
    cursor.execute(
        "SELECT record_id, suppressions, protected_from_on, protected_until_on,"
        f" provisionally_protected FROM ({_LAST}) AS last"
        " WHERE suppressions <> '' OR protected_from_on IS NOT NULL"
    )
    held: list[Suppression] = []
    protected: list[ProtectiveMeasure] = []
    for record_id, cell, from_on, until_on, provisional in cursor.fetchall():
        held += [
            Suppression(record_id=record_id, process=p, level=level, from_on=f, until_on=u)
            for p, level, f, u in suppressions(cell)
        ]
        if from_on:
            protected.append(
                ProtectiveMeasure(
                    record_id=record_id,
                    provisional=provisional,
                    from_on=from_on,
                    until_on=until_on,
                )
            )
    Suppression.objects.bulk_create(held, batch_size=1_000)
    ProtectiveMeasure.objects.bulk_create(protected, batch_size=1_000)
