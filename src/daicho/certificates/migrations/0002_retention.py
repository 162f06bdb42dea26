"""廃棄: records of issue whose period has ended."""

from django.db import migrations, models

OF_ISSUES = """
CREATE FUNCTION disposal.issue_ids(p_month date) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT i.issue_id::text FROM public.certificates_issue i
    WHERE i.issued_on >= p_month AND i.issued_on < (p_month + interval '1 month')::date
$$;

-- Is a month still needed? None is by itself, only where a person has stopped it.
CREATE FUNCTION disposal.issue_held(p_month date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT disposal.on_hold('issue', p_month)
$$;

-- Gives how many went, or nothing where it is not what was approved, or needed again.
CREATE FUNCTION disposal.destroy_issue(p_trail bigint, p_line bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_line record;
    v_ids text[];
BEGIN
    v_line := disposal.approved_line(p_trail, p_line, 'issue');
    v_ids := ARRAY(SELECT disposal.issue_ids(v_line.o_month));
    IF disposal.digest_of(v_ids) <> v_line.o_digest THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('daicho.disposal_list', v_line.o_list::text, true);
    DELETE FROM public.certificates_spoiled s WHERE s.issue_id = ANY (v_ids::uuid[]);
    DELETE FROM public.certificates_issue i WHERE i.issue_id = ANY (v_ids::uuid[]);
    PERFORM set_config('daicho.disposal_list', '', true);
    RETURN cardinality(v_ids);
END $$;

DO $$
DECLARE
    v_disposal text := replace(current_user, 'owner_', 'disposal_');
    v_app text := replace(current_user, 'owner_', 'app_');
    v_function text;
BEGIN
    FOREACH v_function IN ARRAY ARRAY['disposal.issue_ids(date)',
        'disposal.issue_held(date)', 'disposal.destroy_issue(bigint, bigint)'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', v_function);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I, %I', v_function, v_app, v_disposal);
    END LOOP;
    EXECUTE format('ALTER FUNCTION disposal.destroy_issue(bigint, bigint) OWNER TO %I', v_disposal);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0001_initial"),
        ("access", "0013_trail_disposal"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(fields=["issued_on"], name="issue_issued_on"),
        ),
        migrations.RunSQL(OF_ISSUES),
    ]
