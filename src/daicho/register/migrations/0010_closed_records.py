"""廃棄: 除票 whose period has ended: ledger rows, versions and what was made of them.

A residence goes whole. It does not go before what stands in one ledger row with it, nor before an
earlier residence of the same record, so that the rows that are left fold into the versions that are
left and no 履歴番号 is given twice.
"""

from django.db import migrations, models

# Nobody looks for a person by these in these tables, and what is quoted in the statistics of the
# database would outlive the rows. Naming the type anew takes away what was collected before.
NOT_QUOTED = """
DO $$
DECLARE
    v_column record;
BEGIN
    FOR v_column IN
        SELECT a.attrelid::regclass::text AS of_table, a.attname,
            format_type(a.atttypid, a.atttypmod) AS its_type
        FROM pg_attribute a
        WHERE a.attnum > 0 AND NOT a.attisdropped AND (
            (a.attrelid = 'public.register_recordedchange'::regclass AND a.attname = 'body')
            OR (a.attrelid = 'public.register_remark'::regclass AND a.attname = 'text')
            OR (a.attrelid = 'public.register_searchkey'::regclass
                AND a.attname IN ('kana', 'kanji', 'roman', 'address', 'building'))
            OR (a.attrelid = 'public.register_recordversion'::regclass
                AND (a.attname ~ '(_name|_name_kana|_name_reading|_serial)$'
                    OR a.attname IN ('history_remark', 'note', 'family_register_head',
                        'registered_domicile', 'last_registered_address', 'resident_record_code',
                        'basic_pension_number', 'residence_card_number',
                        'special_permanent_resident_certificate_number'))))
    LOOP
        EXECUTE format('ALTER TABLE %1$s ALTER COLUMN %2$I TYPE %3$s,'
            ' ALTER COLUMN %2$I SET STATISTICS 0',
            v_column.of_table, v_column.attname, v_column.its_type);
    END LOOP;
END $$;
"""

STANDING = """
-- When a residence was closed, by its last version: never, where the person lives here or the 除票
-- states no day.
CREATE FUNCTION disposal.residence_closed_on(p_record uuid, p_residence integer) RETURNS date
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN v.state IN ('', 'living') THEN 'infinity'
        ELSE coalesce(v.closed_on, 'infinity') END
    FROM public.register_recordversion v
    WHERE v.record_id = p_record AND v.residence_no = p_residence
    ORDER BY v.history_no DESC LIMIT 1
$$;

-- The residences that stand in one ledger row with this one.
CREATE FUNCTION disposal.residences_beside(p_record uuid, p_residence integer)
RETURNS TABLE (record_id uuid, residence_no integer)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT o.record_id, o.residence_no::integer
    FROM public.register_recordversion v
        JOIN public.register_recordedchange l
            ON l.id = v.change_id AND cardinality(l.record_ids) > 1
        JOIN public.register_recordversion o ON o.change_id = l.id
    WHERE v.record_id = p_record AND v.residence_no = p_residence
$$;

-- The last closing of all that must go no later than this one: the day by which its month is told.
CREATE FUNCTION disposal.residence_goes_by(p_record uuid, p_residence integer) RETURNS date
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE bound(record_id, residence_no) AS (
        SELECT p_record, p_residence
        UNION
        SELECT n.record_id, n.residence_no FROM bound b CROSS JOIN LATERAL (
            SELECT s.record_id, s.residence_no
            FROM disposal.residences_beside(b.record_id, b.residence_no) s
            UNION ALL
            SELECT e.record_id, e.residence_no::integer FROM public.register_recordversion e
            WHERE e.record_id = b.record_id AND e.residence_no < b.residence_no) AS n)
    SELECT max(disposal.residence_closed_on(b.record_id, b.residence_no)) FROM bound b
$$;

-- Those that go by a day from the one to before the other, each with its last 履歴番号: what was
-- written beside since a list was approved is not what was approved.
CREATE FUNCTION disposal.residences_of(p_from date, p_before date) RETURNS SETOF text
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
                SELECT FROM public.register_recordversion v
                    JOIN public.register_recordedchange l
                        ON l.id = v.change_id AND cardinality(l.record_ids) > 1
                WHERE v.record_id = r.record_id AND v.residence_no = r.residence_no)
            THEN disposal.residence_closed_on(r.record_id, r.residence_no)
            ELSE disposal.residence_goes_by(r.record_id, r.residence_no) END AS goes_by
        FROM reached r)
    SELECT concat_ws('/', d.record_id, d.residence_no, (
        SELECT max(v.history_no) FROM public.register_recordversion v
        WHERE v.record_id = d.record_id AND v.residence_no = d.residence_no))
    FROM dated d WHERE d.goes_by >= p_from AND d.goes_by < p_before
$$;

-- Is any of them still needed? Of a record of which nothing would be left: a number in the vault,
-- a draft, a 開示請求 that is kept, 支援措置 or 抑止 in force. Of a residence: a kept 受付 of a
-- change of it, a message of it that waits, a 開示請求 of its record that waits.
CREATE FUNCTION disposal.residences_held(p_ids text[]) RETURNS boolean
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
    OR EXISTS (SELECT FROM version v JOIN public.network_outbox o
        ON o.record_id = v.record_id AND o.history_no = v.history_no)
    OR EXISTS (SELECT FROM version v JOIN public.register_recordedchange l ON l.id = v.change_id
        JOIN public.register_reception r ON r.reception_id = l.reception_id)
    OR EXISTS (SELECT FROM going g JOIN public.access_disclosurerequest d USING (record_id)
        JOIN public.access_disclosurewaiting w ON w.disclosure_id = d.id)
$$;

-- Gives how many went, or nothing where it is not what was approved, needed again, or an earlier
-- residence of the same record stays. Run as the role `disposal` alone, by the functions below.
CREATE FUNCTION disposal.destroy_residences(p_trail bigint, p_line bigint, p_kind text)
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
    -- made of all the versions: the program makes them anew of what is left, in this transaction
    DELETE FROM public.register_searchkey k WHERE k.record_id = ANY (v_records);
    PERFORM set_config('daicho.disposal_list', '', true);
    RETURN cardinality(v_ids);
END $$;
"""

# What was closed before that day had its five years behind it when they became 150
# (law.retention.of_closed_records; a test holds the two together).
_ENDED_BEFORE = "date '2014-06-20'"
_KINDS = {
    "closed_five_years": f"p_month, least((p_month + interval '1 month')::date, {_ENDED_BEFORE})",
    "closed_record": f"greatest(p_month, {_ENDED_BEFORE}), (p_month + interval '1 month')::date",
}
OF_EACH = """
CREATE FUNCTION disposal.{kind}_ids(p_month date) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT disposal.residences_of({days})
$$;

CREATE FUNCTION disposal.{kind}_held(p_month date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT disposal.on_hold('{kind}', p_month)
    OR disposal.residences_held(ARRAY(SELECT disposal.{kind}_ids(p_month)))
$$;

CREATE FUNCTION disposal.destroy_{kind}(p_trail bigint, p_line bigint) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT disposal.destroy_residences(p_trail, p_line, '{kind}')
$$;
"""

RIGHTS = """
DO $$
DECLARE
    v_disposal text := replace(current_user, 'owner_', 'disposal_');
    v_app text := replace(current_user, 'owner_', 'app_');
    v_function text;
    v_kind text;
BEGIN
    FOREACH v_function IN ARRAY ARRAY['disposal.residence_closed_on(uuid, integer)',
        'disposal.residences_beside(uuid, integer)', 'disposal.residence_goes_by(uuid, integer)',
        'disposal.residences_of(date, date)', 'disposal.residences_held(text[])',
        'disposal.destroy_residences(bigint, bigint, text)'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', v_function);
    END LOOP;
    EXECUTE format('GRANT EXECUTE ON FUNCTION disposal.destroy_residences(bigint, bigint, text)'
        ' TO %I', v_disposal);
    FOREACH v_kind IN ARRAY ARRAY['closed_five_years', 'closed_record'] LOOP
        FOREACH v_function IN ARRAY ARRAY[format('disposal.%s_ids(date)', v_kind),
            format('disposal.%s_held(date)', v_kind),
            format('disposal.destroy_%s(bigint, bigint)', v_kind)] LOOP
            EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', v_function);
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I, %I', v_function, v_app, v_disposal);
        END LOOP;
        EXECUTE format('ALTER FUNCTION disposal.destroy_%s(bigint, bigint) OWNER TO %I',
            v_kind, v_disposal);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0009_retention"),
        ("access", "0013_trail_disposal"),
        ("network", "0002_change_index"),
        ("vault", "0005_disposal"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="recordversion",
            index=models.Index(
                condition=models.Q(closed_on__isnull=False),
                fields=["closed_on"],
                name="version_closed",
            ),
        ),
        migrations.AddIndex(
            model_name="recordversion",
            index=models.Index(fields=["change"], name="version_change"),
        ),
        migrations.RunSQL(NOT_QUOTED),
        migrations.RunSQL(STANDING),
        *(migrations.RunSQL(OF_EACH.format(kind=kind, days=days)) for kind, days in _KINDS.items()),
        migrations.RunSQL(RIGHTS),
    ]
