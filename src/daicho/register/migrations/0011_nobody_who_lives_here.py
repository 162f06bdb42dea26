"""廃棄: nobody who lives here is listed among the 除票, whatever was cancelled or is lost."""

from django.db import migrations

STANDING = """
-- When a residence was closed, by its last version: never, where the person lives here or the 除票
-- states no day. Nor where the present row tells otherwise of this residence, or is lost: then
-- something is wrong, and who lives here must not go by it.
CREATE OR REPLACE FUNCTION disposal.residence_closed_on(p_record uuid, p_residence integer)
RETURNS date LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN v.state IN ('', 'living') OR NOT EXISTS (
            SELECT FROM public.register_current c WHERE c.record_id = p_record
                AND (c.residence_no > p_residence
                    OR (c.history_no = v.history_no AND c.state = v.state)))
        THEN 'infinity' ELSE coalesce(v.closed_on, 'infinity') END
    FROM public.register_recordversion v
    WHERE v.record_id = p_record AND v.residence_no = p_residence
    ORDER BY v.history_no DESC LIMIT 1
$$;

-- The residences that stand in one ledger row with this one, or in one that cancels such a row: a
-- closing that was cancelled once the person had been entered again is told by the later residence.
CREATE OR REPLACE FUNCTION disposal.residences_beside(p_record uuid, p_residence integer)
RETURNS TABLE (record_id uuid, residence_no integer)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT o.record_id, o.residence_no::integer
    FROM public.register_recordversion v
        JOIN public.register_recordedchange l ON l.id = v.change_id
        CROSS JOIN LATERAL (
            SELECT l.id WHERE cardinality(l.record_ids) > 1
            UNION ALL SELECT l.corrects_id WHERE l.corrects_id IS NOT NULL
            UNION ALL
            SELECT c.id FROM public.register_recordedchange c WHERE c.corrects_id = l.id) AS b(id)
        JOIN public.register_recordversion o ON o.change_id = b.id
    WHERE v.record_id = p_record AND v.residence_no = p_residence
$$;

-- Those that go by a day from the one to before the other, each with its last 履歴番号: what was
-- written beside since a list was approved is not what was approved.
CREATE OR REPLACE FUNCTION disposal.residences_of(p_from date, p_before date) RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE reached(record_id, residence_no) AS (
        SELECT v.record_id, v.residence_no::integer FROM public.register_recordversion v
        WHERE v.closed_on >= p_from AND v.closed_on < p_before
        UNION
        SELECT n.record_id, n.residence_no FROM reached r CROSS JOIN LATERAL (
            SELECT s.record_id, s.residence_no
            FROM disposal.residences_beside(r.record_id, r.residence_no) s
            UNION ALL
            SELECT e.record_id, e.residence_no::integer FROM public.register_recordversion e
            WHERE e.record_id = r.record_id AND e.residence_no > r.residence_no) AS n
        WHERE disposal.residence_closed_on(n.record_id, n.residence_no) < p_before),
    dated AS MATERIALIZED (
        SELECT r.record_id, r.residence_no,
            CASE WHEN r.residence_no = 1 AND NOT EXISTS (  -- nearly all: nothing goes with it
                SELECT FROM disposal.residences_beside(r.record_id, r.residence_no))
            THEN disposal.residence_closed_on(r.record_id, r.residence_no)
            ELSE disposal.residence_goes_by(r.record_id, r.residence_no) END AS goes_by
        FROM reached r)
    SELECT concat_ws('/', d.record_id, d.residence_no, (
        SELECT max(v.history_no) FROM public.register_recordversion v
        WHERE v.record_id = d.record_id AND v.residence_no = d.residence_no))
    FROM dated d WHERE d.goes_by >= p_from AND d.goes_by < p_before
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0010_closed_records")]

    operations = [migrations.RunSQL(STANDING)]
