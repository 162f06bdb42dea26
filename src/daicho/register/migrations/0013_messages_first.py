"""廃棄: a 除票 goes after all that was sent of it, and takes the last trace of the sending."""

from django.db import migrations

STANDING = """
-- Is a message kept that tells of any of them; or, of a record of which nothing would be left, any
-- that was sent, one that came and waits, or a hold of the sending?
CREATE FUNCTION disposal.residences_told_of(p_ids text[]) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH going AS MATERIALIZED (
        SELECT split_part(one, '/', 1)::uuid AS record_id,
            split_part(one, '/', 2)::integer AS residence_no
        FROM unnest(p_ids) AS one),
    gone AS MATERIALIZED (
        SELECT g.record_id FROM going g GROUP BY g.record_id HAVING count(*) = (
            SELECT count(DISTINCT v.residence_no) FROM public.register_recordversion v
            WHERE v.record_id = g.record_id))
    SELECT EXISTS (
        SELECT FROM going g
            JOIN public.register_recordversion v
                ON v.record_id = g.record_id AND v.residence_no = g.residence_no
            JOIN public.network_outbox o
                ON o.record_id = v.record_id AND o.history_no = v.history_no)
    OR EXISTS (SELECT FROM gone JOIN public.network_outbox o USING (record_id))
    OR EXISTS (SELECT FROM gone g JOIN public.network_sent s ON s.resident = g.record_id)
    OR EXISTS (SELECT FROM gone JOIN public.network_hold h USING (record_id))
    OR EXISTS (SELECT FROM gone g JOIN public.network_registernotice r ON r.resident = g.record_id)
    OR EXISTS (
        SELECT FROM gone g JOIN public.network_arrived a ON a.resident = g.record_id AND a.waits)
$$;

-- Is any of them still needed? Of a record of which nothing would be left: a number in the vault,
-- a draft, a 開示請求 that is kept, 支援措置 or 抑止 in force. Of a residence: a kept 受付 of a
-- change of it, a message of it that is kept, a 開示請求 of its record that waits.
CREATE OR REPLACE FUNCTION disposal.residences_held(p_ids text[]) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH going AS MATERIALIZED (
        SELECT split_part(one, '/', 1)::uuid AS record_id,
            split_part(one, '/', 2)::integer AS residence_no
        FROM unnest(p_ids) AS one),
    version AS MATERIALIZED (
        SELECT v.record_id, v.history_no, v.change_id
        FROM going g JOIN public.register_recordversion v
            ON v.record_id = g.record_id AND v.residence_no = g.residence_no),
    gone AS MATERIALIZED (
        SELECT g.record_id FROM going g GROUP BY g.record_id HAVING count(*) = (
            SELECT count(DISTINCT v.residence_no) FROM public.register_recordversion v
            WHERE v.record_id = g.record_id)),
    today(day) AS (SELECT (clock_timestamp() AT TIME ZONE 'Asia/Tokyo')::date)
    SELECT EXISTS (SELECT FROM gone JOIN vault.number n USING (record_id))
    OR EXISTS (SELECT FROM gone g JOIN public.register_draft d
        ON d.record_ids @> ARRAY[g.record_id])
    OR EXISTS (SELECT FROM gone JOIN public.access_disclosurerequest d USING (record_id))
    OR EXISTS (SELECT FROM gone JOIN public.register_protectivemeasure p USING (record_id)
        JOIN today ON p.until_on IS NULL OR p.until_on >= today.day)
    OR EXISTS (SELECT FROM gone JOIN public.register_suppression s USING (record_id)
        JOIN today ON s.until_on IS NULL OR s.until_on >= today.day)
    OR disposal.residences_told_of(p_ids)
    OR EXISTS (SELECT FROM version v JOIN public.register_recordedchange l ON l.id = v.change_id
        JOIN public.register_reception r ON r.reception_id = l.reception_id)
    OR EXISTS (SELECT FROM going g JOIN public.access_disclosurerequest d USING (record_id)
        JOIN public.access_disclosurewaiting w ON w.disclosure_id = d.id)
$$;

-- Gives how many went, or nothing where it is not what was approved, needed again, or an earlier
-- residence of the same record stays. Run as the role `disposal` alone, by the functions below.
CREATE OR REPLACE FUNCTION disposal.destroy_residences(p_trail bigint, p_line bigint, p_kind text)
RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_line record;
    v_ids text[];
    v_records uuid[];
    v_residences integer[];
    v_changes bigint[];
    v_gone uuid[];
BEGIN
    v_line := disposal.approved_line(p_trail, p_line, p_kind);
    EXECUTE format('SELECT ARRAY(SELECT disposal.%I($1))', p_kind || '_ids')
        INTO STRICT v_ids USING v_line.o_month;
    IF disposal.digest_of(v_ids) <> v_line.o_digest THEN
        RETURN NULL;
    END IF;
    SELECT array_agg(split_part(one, '/', 1)::uuid), array_agg(split_part(one, '/', 2)::integer)
        INTO v_records, v_residences FROM unnest(v_ids) AS one;
    IF EXISTS (
        SELECT FROM unnest(v_records, v_residences) AS g(record_id, residence_no)
            JOIN public.register_recordversion e
                ON e.record_id = g.record_id AND e.residence_no < g.residence_no
        WHERE NOT EXISTS (
            SELECT FROM unnest(v_records, v_residences) AS o(record_id, residence_no)
            WHERE o.record_id = e.record_id AND o.residence_no = e.residence_no)) THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('daicho.disposal_list', v_line.o_list::text, true);
    v_changes := ARRAY(
        SELECT DISTINCT v.change_id
        FROM unnest(v_records, v_residences) AS g(record_id, residence_no)
            JOIN public.register_recordversion v
                ON v.record_id = g.record_id AND v.residence_no = g.residence_no);
    DELETE FROM public.register_recordversion v
        USING unnest(v_records, v_residences) AS g(record_id, residence_no)
        WHERE v.record_id = g.record_id AND v.residence_no = g.residence_no;
    DELETE FROM public.register_recordedchange l WHERE l.id = ANY (v_changes);
    v_gone := ARRAY(
        SELECT DISTINCT one FROM unnest(v_records) AS one WHERE NOT EXISTS (
            SELECT FROM public.register_recordversion v WHERE v.record_id = one));
    DELETE FROM public.register_remark r WHERE r.record_id = ANY (v_gone);
    DELETE FROM public.register_suppression s WHERE s.record_id = ANY (v_gone);
    DELETE FROM public.register_protectivemeasure p WHERE p.record_id = ANY (v_gone);
    DELETE FROM public.register_current c WHERE c.record_id = ANY (v_gone);
    -- nothing is told or asked of them any more, so no turn can be given or taken twice
    DELETE FROM public.network_giventurn t WHERE t.resident = ANY (v_gone);
    DELETE FROM public.network_arrived a WHERE a.resident = ANY (v_gone);
    DELETE FROM public.network_stream s WHERE s.resident = ANY (v_gone);
    -- made of all the versions: the program makes them anew of what is left, in this transaction
    DELETE FROM public.register_searchkey k WHERE k.record_id = ANY (v_records);
    PERFORM set_config('daicho.disposal_list', '', true);
    RETURN cardinality(v_ids);
END $$;
"""

OF_EACH = """
-- Does a month wait for messages that are kept?
CREATE FUNCTION disposal.{kind}_waits(p_month date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT disposal.residences_told_of(ARRAY(SELECT disposal.{kind}_ids(p_month)))
$$;

DO $$
DECLARE
    v_app text := replace(current_user, 'owner_', 'app_');
BEGIN
    REVOKE ALL ON FUNCTION disposal.{kind}_waits(date) FROM PUBLIC;
    EXECUTE format('GRANT EXECUTE ON FUNCTION disposal.{kind}_waits(date) TO %I', v_app);
END $$;
"""

RIGHTS = "REVOKE ALL ON FUNCTION disposal.residences_told_of(text[]) FROM PUBLIC"


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0012_codes_of_one_record"),
        ("network", "0007_disposal"),
    ]

    operations = [
        migrations.RunSQL(STANDING),
        *(
            migrations.RunSQL(OF_EACH.format(kind=kind))
            for kind in ("closed_five_years", "closed_record")
        ),
        migrations.RunSQL(RIGHTS),
    ]
