"""投影: `Current`, `Household` and the search keys, brought up to the versions (design §4)."""

from collections.abc import Collection, Sequence

from django.db import connection

from daicho.register.search import keeping, keys

# What the rows of `Household` are by the versions; everybody's, or of some households.
EXPECTED_HOUSEHOLDS = """
SELECT c.household_number AS number, min(c.ward) AS ward,
    (array_agg(c.record_id ORDER BY c.record_id) FILTER (WHERE v.relationship = '世帯主'))[1]
        AS householder_id, count(*)::integer AS member_count
FROM register_current c JOIN register_recordversion v USING (record_id, history_no)
WHERE c.state = 'living' {narrowed} GROUP BY c.household_number
"""
# What the row of `Current` becomes by the new version of a person: `people` are those rows.
RENEW_CURRENT = """
INSERT INTO register_current (record_id, address_number, history_no, residence_no,
    household_number, state, ward, resident_record_code)
SELECT record_id, address_number, history_no, residence_no,
    household_number, coalesce(nullif(state, ''), 'living'), ward, resident_record_code
FROM people
ON CONFLICT (record_id) DO UPDATE SET address_number = EXCLUDED.address_number,
    history_no = EXCLUDED.history_no, residence_no = EXCLUDED.residence_no,
    household_number = EXCLUDED.household_number, state = EXCLUDED.state, ward = EXCLUDED.ward,
    resident_record_code = EXCLUDED.resident_record_code
"""
_OF_SOME = EXPECTED_HOUSEHOLDS.format(narrowed="AND c.household_number = ANY (%(numbers)s)")
_RENEW_HOUSEHOLDS = f"""
WITH expected AS ({_OF_SOME}),
closed AS (
    DELETE FROM register_household h WHERE h.number = ANY (%(numbers)s)
        AND NOT EXISTS (SELECT FROM expected e WHERE e.number = h.number))
INSERT INTO register_household (number, ward, householder_id, member_count)
SELECT number, ward, householder_id, member_count FROM expected
ON CONFLICT (number) DO UPDATE SET ward = EXCLUDED.ward,
    householder_id = EXCLUDED.householder_id, member_count = EXCLUDED.member_count
"""  # noqa: S608  our own columns


def renew(versions: Sequence[keys.Row], households: Collection[str]) -> None:
    """Bring these households and the keys of these persons up to date, in the running transaction.

    `versions` are the new ones, a row of a person; `RENEW_CURRENT` went with them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RENEW_HOUSEHOLDS, {"numbers": sorted(households)})
    keeping.renew(versions)
