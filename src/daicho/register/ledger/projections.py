"""投影: `Current`, `Household` and the search keys, brought up to the versions (design §4)."""

from collections.abc import Collection

from django.db import connection

from daicho.register.models import Current
from daicho.register.search import keeping

# What the rows of `Household` are by the versions; everybody's, or of some households.
EXPECTED_HOUSEHOLDS = """
SELECT c.household_number AS number, min(c.ward) AS ward,
    (array_agg(c.record_id ORDER BY c.record_id) FILTER (WHERE v.relationship = '世帯主'))[1]
        AS householder_id, count(*)::integer AS member_count
FROM register_current c JOIN register_recordversion v USING (record_id, history_no)
WHERE c.state = 'living' {narrowed} GROUP BY c.household_number
"""
_OF_SOME = EXPECTED_HOUSEHOLDS.format(narrowed="AND c.household_number = ANY (%s)")
_RENEW_HOUSEHOLDS = f"""
INSERT INTO register_household (number, ward, householder_id, member_count) {_OF_SOME}
ON CONFLICT (number) DO UPDATE SET ward = EXCLUDED.ward,
    householder_id = EXCLUDED.householder_id, member_count = EXCLUDED.member_count
"""
_CLOSE_HOUSEHOLDS = """
DELETE FROM register_household h WHERE h.number = ANY (%s) AND NOT EXISTS (
    SELECT FROM register_current c WHERE c.household_number = h.number AND c.state = 'living')
"""


def renew(people: Collection[Current], households: Collection[str]) -> None:
    """Bring these persons and households up to date, in the running transaction."""
    columns = [field.name for field in Current._meta.concrete_fields if not field.primary_key]
    Current.objects.bulk_create(
        people, update_conflicts=True, unique_fields=["record_id"], update_fields=columns
    )
    numbers = sorted({*households, *(one.household_number for one in people)})
    with connection.cursor() as cursor:
        cursor.execute(_RENEW_HOUSEHOLDS, [numbers])
        cursor.execute(_CLOSE_HOUSEHOLDS, [numbers])
    keeping.renew([one.record_id for one in people])
