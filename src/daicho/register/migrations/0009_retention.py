"""廃棄: receptions whose period has ended; a month with a draft waits for its decision."""

from django.db import migrations, models

# What a person said is quoted in no statistics of the database, which would outlive the rows;
# nobody looks for a reception by it. Naming the type anew takes away what was collected before.
NOT_QUOTED = """
DO $$
DECLARE
    v_column record;
BEGIN
    FOR v_column IN
        SELECT a.attrelid::regclass::text AS of_table, a.attname,
            format_type(a.atttypid, a.atttypmod) AS its_type
        FROM pg_attribute a
        WHERE a.attrelid IN (
            'public.register_reception'::regclass, 'public.register_receptionending'::regclass)
            AND a.attname IN ('visitor_name', 'visitor_address', 'visitor_phone',
                'principal_name', 'sender', 'reference', 'reason')
    LOOP
        EXECUTE format('ALTER TABLE %1$s ALTER COLUMN %2$I TYPE %3$s,'
            ' ALTER COLUMN %2$I SET STATISTICS 0',
            v_column.of_table, v_column.attname, v_column.its_type);
    END LOOP;
END $$;
"""

OF_RECEPTIONS = """
CREATE FUNCTION disposal.reception_ids(p_month date) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT r.reception_id::text FROM public.register_reception r
    WHERE r.taken_on >= p_month AND r.taken_on < (p_month + interval '1 month')::date
$$;

-- Is a month still at work: stopped by a person, a draft undecided, or a disclosure not given yet?
CREATE FUNCTION disposal.reception_held(p_month date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT disposal.on_hold('reception', p_month)
    OR EXISTS (
        SELECT FROM public.register_draft d JOIN public.register_reception r USING (reception_id)
        WHERE r.taken_on >= p_month AND r.taken_on < (p_month + interval '1 month')::date)
    OR EXISTS (
        SELECT FROM public.access_disclosurewaiting w
            JOIN public.access_disclosurerequest d ON d.id = w.disclosure_id
            JOIN public.register_reception r ON r.reception_id = d.reception_id
        WHERE r.taken_on >= p_month AND r.taken_on < (p_month + interval '1 month')::date)
$$;

-- Gives how many went, or nothing where it is not what was approved, or needed again.
CREATE FUNCTION disposal.destroy_reception(p_trail bigint, p_line bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_line record;
    v_ids text[];
BEGIN
    v_line := disposal.approved_line(p_trail, p_line, 'reception');
    v_ids := ARRAY(SELECT disposal.reception_ids(v_line.o_month));
    IF disposal.digest_of(v_ids) <> v_line.o_digest THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('daicho.disposal_list', v_line.o_list::text, true);
    DELETE FROM public.register_receptionending e WHERE e.reception_id = ANY (v_ids::uuid[]);
    DELETE FROM public.register_reception r WHERE r.reception_id = ANY (v_ids::uuid[]);
    PERFORM set_config('daicho.disposal_list', '', true);
    RETURN cardinality(v_ids);
END $$;

DO $$
DECLARE
    v_disposal text := replace(current_user, 'owner_', 'disposal_');
    v_app text := replace(current_user, 'owner_', 'app_');
    v_function text;
BEGIN
    FOREACH v_function IN ARRAY ARRAY['disposal.reception_ids(date)',
        'disposal.reception_held(date)', 'disposal.destroy_reception(bigint, bigint)'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', v_function);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I, %I', v_function, v_app, v_disposal);
    END LOOP;
    EXECUTE format(
        'ALTER FUNCTION disposal.destroy_reception(bigint, bigint) OWNER TO %I', v_disposal);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0008_corrected_index"),
        ("access", "0013_trail_disposal"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="reception",
            index=models.Index(fields=["taken_on"], name="reception_taken_on"),
        ),
        migrations.RunSQL(NOT_QUOTED),
        migrations.RunSQL(OF_RECEPTIONS),
    ]
