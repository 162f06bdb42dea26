"""個人番号の要否: which records' numbers the register still needs, for the disposal of numbers.

Told to the vault, which knows no records: ids in, kinds of the table of periods out, nothing of a
resident.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import connection

from daicho.law.retention.of_numbers import Kept, Standing, number_kept
from daicho.register.locks import take_whole_register

# Of each residence its last version; the last of all says whether the person lives here: a present
# row that is lost, or says otherwise, makes nobody's number due. A residence that was cancelled
# stated its number by mistake; one that says nothing of a number is taken to have one.
_STANDING = """
WITH last AS (
    SELECT DISTINCT ON (v.record_id, v.residence_no) v.record_id, v.history_no, v.closed_on,
        v.state IN ('', 'living') AS lives, v.closing_reason = 'cancelled' AS is_cancelled,
        v.closing_reason <> 'cancelled' AND v.individual_number_state NOT IN ('none', 'pending')
            AS is_entered
    FROM register_recordversion v WHERE v.record_id = ANY (%s::uuid[])
    ORDER BY v.record_id, v.residence_no, v.history_no DESC)
SELECT record_id, (array_agg(lives ORDER BY history_no DESC))[1],
    (array_agg(is_cancelled ORDER BY history_no DESC))[1], bool_or(is_entered),
    max(closed_on) FILTER (WHERE is_entered), max(closed_on),
    bool_or(is_entered AND closed_on IS NULL)
FROM last GROUP BY record_id
"""
_NOT_LIVING = """
SELECT named.id FROM unnest(%s::uuid[]) AS named(id) WHERE NOT EXISTS (
    SELECT FROM register_current c WHERE c.record_id = named.id AND c.state = 'living')
"""
_RECORDED = """
SELECT named.id FROM unnest(%s::uuid[]) AS named(id) WHERE EXISTS (
    SELECT FROM register_recordedchange l WHERE l.record_ids @> ARRAY[named.id])
    OR EXISTS (SELECT FROM register_current c WHERE c.record_id = named.id)
"""
_UNKNOWN = Standing(is_known=False)
_UNDATED = Standing(closed_on=None)  # known, and nobody can say since when: never due


def kept(record_ids: Sequence[UUID], on: date) -> Mapping[UUID, Kept]:
    """保存: by what the number of each record is held on a day, by the register as it stands."""
    # nearly all live here: they are judged once for all
    found = dict.fromkeys(record_ids, number_kept(Standing(is_living=True), on=on))
    others = _not_living(record_ids)
    closed = _closed(others)
    return found | {one: number_kept(closed.get(one, _UNKNOWN), on=on) for one in others}


def hold() -> None:
    """Keep everybody from changing a record until the transaction ends."""
    take_whole_register()


def _not_living(record_ids: Sequence[UUID]) -> list[UUID]:
    return _named(_NOT_LIVING, record_ids)


def _named(statement: str, record_ids: Sequence[UUID]) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(record_ids)])
        return [record_id for (record_id,) in cursor.fetchall()]


def _closed(record_ids: Sequence[UUID]) -> dict[UUID, Standing]:
    if not record_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [list(record_ids)])
        rows = cursor.fetchall()
    found = {record_id: _standing(*said) for record_id, *said in rows}
    without = [one for one in record_ids if one not in found]
    return found | dict.fromkeys(_named(_RECORDED, without), _UNDATED)


def _standing(
    lives: bool,
    is_cancelled: bool,
    is_entered: bool,
    entered_until: date | None,
    closed_on: date | None,
    is_undated: bool,
) -> Standing:
    if lives:
        return Standing(is_living=True)
    until = entered_until if is_entered else closed_on
    return Standing(
        is_cancelled=is_cancelled,
        is_entered=is_entered,
        closed_on=None if is_undated else until,
    )
