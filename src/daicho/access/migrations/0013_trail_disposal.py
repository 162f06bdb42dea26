"""廃棄: how a line of a list is carried out, and the subjects of trail rows that go by it.

The role `disposal` deletes, by functions of its own, each for one line of a list that another
person approved. The line is kept by a digest of the ids it stands for: what is there more, or less,
is not what was approved. SQLSTATEs of our own: VD001 the list is not in the state that the step
needs, VD002 it is not as it was approved, VD003 by who approved it.
"""

from django.db import migrations

LOOKED_AT = """
-- Of a list as it stands: all its lines, and which were taken off.
CREATE FUNCTION disposal.list_digest(p_list bigint) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(d.salt || convert_to(coalesce((
        SELECT string_agg(concat_ws('|', l.id, l.kind, to_char(l.month, 'YYYY-MM-DD'), l.article,
            to_char(l.due_on, 'YYYY-MM-DD'), l.row_count, encode(l.digest, 'hex'),
            coalesce(o.reason, '')), E'\\n' ORDER BY l.id)
        FROM public.access_disposalline l
            LEFT JOIN public.access_disposaltakenoff o ON o.line_id = l.id
        WHERE l.list_id = d.id), ''), 'UTF8'))
    FROM public.access_disposallist d WHERE d.id = p_list
$$;

CREATE FUNCTION disposal.digest_of(p_ids text[]) RETURNS bytea
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(convert_to(coalesce(string_agg(one, ',' ORDER BY one COLLATE "C"), ''), 'UTF8'))
    FROM unnest(p_ids) AS one
$$;

-- Is nothing that a list deleted in a table kept for who still looks at what was before? No row
-- that was deleted before the oldest transaction that the file knows of stands in it; a number that
-- is not given out yet is of the server that a backup came from. Freezing alone would do too.
CREATE FUNCTION disposal.is_forgotten(p_table text, p_list bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((
        SELECT o.xid >= pg_snapshot_xmax(pg_current_snapshot())
            OR age(c.relfrozenxid) < age(o.xid::xid)
        FROM pg_class c, public.access_disposaloutcome o
            JOIN public.access_disposalline l ON l.id = o.line_id
        WHERE c.oid = to_regclass('public.' || quote_ident(p_table)) AND l.list_id = p_list
            AND o.outcome = 'destroyed'
        ORDER BY o.xid DESC LIMIT 1), true)
$$;

-- Has every page of a table been written anew since a list deleted there? Its step is in the trail,
-- behind that of the last line: a row that was only vacuumed away leaves its bytes in the page.
CREATE FUNCTION disposal.is_rewritten(p_table text, p_list bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT disposal.is_forgotten(p_table, p_list) AND EXISTS (
        SELECT FROM public.access_trail t WHERE t.event = 'retention_rewritten'
            AND t.detail ->> 'list' = p_list::text AND t.detail ->> 'table' = p_table
            AND t.id > coalesce((
                SELECT max(d.id) FROM public.access_trail d WHERE d.event = 'retention_done'
                    AND d.detail ->> 'list' = p_list::text), 0))
$$;

-- Has a person who is responsible stopped the disposal of a kind in a month?
CREATE FUNCTION disposal.on_hold(p_kind text, p_month date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM public.access_disposalhold h WHERE h.kind = p_kind
            AND p_month BETWEEN h.from_month AND h.until_month
            AND NOT EXISTS (SELECT FROM public.access_disposalholdend e WHERE e.hold_id = h.id))
$$;
"""

HELD_TO = """
-- The line of an approved list that a person carries out, by the trail row of this transaction.
-- Where its month is held it gives a digest that nothing has, so that the line is kept.
CREATE FUNCTION disposal.approved_line(p_trail bigint, p_line bigint, p_kind text,
    OUT o_list bigint, OUT o_month date, OUT o_digest bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_operator bigint;
    v_proposed_by bigint;
    v_is_held boolean;
    v_step public.access_disposalstep;
BEGIN
    SELECT l.list_id, l.month, l.digest, d.proposed_by_id
    INTO o_list, o_month, o_digest, v_proposed_by
    FROM public.access_disposalline l JOIN public.access_disposallist d ON d.id = l.list_id
    WHERE l.id = p_line AND l.kind = p_kind
        -- whatever day the program takes it to be
        AND l.due_on <= (clock_timestamp() AT TIME ZONE 'Asia/Tokyo')::date
        AND NOT EXISTS (SELECT FROM public.access_disposaltakenoff o WHERE o.line_id = l.id)
        AND NOT EXISTS (SELECT FROM public.access_disposaloutcome o WHERE o.line_id = l.id);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'disposal: line % is not to be carried out', p_line USING ERRCODE = 'VD001';
    END IF;
    SELECT t.operator_id INTO v_operator
    FROM public.access_trail t JOIN public.access_operator a ON a.id = t.operator_id AND a.is_active
    WHERE t.id = p_trail AND t.event = 'retention_done' AND t.purpose = 'retention.work'
        AND t.job = '' AND t.detail ->> 'list' = o_list::text
        AND t.xid = pg_current_xact_id_if_assigned();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'disposal: no trail row of this transaction allows it'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT * INTO v_step FROM public.access_disposalstep s
    WHERE s.list_id = o_list AND NOT s.is_end AND s.is_approved;
    IF NOT FOUND OR EXISTS (
        SELECT FROM public.access_disposalstep s WHERE s.list_id = o_list AND s.is_end) THEN
        RAISE EXCEPTION 'disposal: list % is not approved', o_list USING ERRCODE = 'VD001';
    END IF;
    IF v_step.by_id = v_operator OR v_step.by_id IS NOT DISTINCT FROM v_proposed_by THEN
        RAISE EXCEPTION 'disposal: list % was not approved by another', o_list
            USING ERRCODE = 'VD003';
    END IF;
    IF v_step.digest <> disposal.list_digest(o_list) OR NOT EXISTS (
        SELECT FROM public.access_trail t WHERE t.id = v_step.trail_id
            AND t.event = 'retention_decided' AND t.operator_id = v_step.by_id
            AND t.detail ->> 'list' = o_list::text AND t.detail ->> 'what' = 'approved'
            AND t.detail ->> 'digest' = encode(v_step.digest, 'hex')) THEN
        RAISE EXCEPTION 'disposal: list % is not as it was approved', o_list
            USING ERRCODE = 'VD002';
    END IF;
    EXECUTE format('SELECT disposal.%I($1)', p_kind || '_held') INTO STRICT v_is_held
    USING o_month;
    IF v_is_held IS DISTINCT FROM false THEN
        o_digest := '';
    END IF;
END $$;

-- Write a table and its indexes anew, without what was deleted; nobody uses it meanwhile.
CREATE FUNCTION disposal.rewrite(p_trail bigint, p_list bigint, p_table text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET lock_timeout = '2s' AS $$  -- less than those wait who serve people, and queue up behind it
DECLARE
    v_disposal text := replace(current_user, 'owner_', 'disposal_');
    v_table oid := to_regclass('public.' || quote_ident(p_table));
    v_key text;
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.access_trail t JOIN public.access_operator a
            ON a.id = t.operator_id AND a.is_active
        WHERE t.id = p_trail AND t.event = 'retention_rewritten' AND t.purpose = 'retention.work'
            AND t.detail ->> 'list' = p_list::text AND t.detail ->> 'table' = p_table
            AND t.xid = pg_current_xact_id_if_assigned()) THEN
        RAISE EXCEPTION 'disposal: no trail row of this transaction allows it'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (
            SELECT FROM public.access_disposaloutcome o
                JOIN public.access_disposalline l ON l.id = o.line_id
            WHERE l.list_id = p_list AND o.outcome = 'destroyed')
        OR EXISTS (SELECT FROM public.access_disposalstep s WHERE s.list_id = p_list AND s.is_end)
        OR NOT coalesce(has_table_privilege(v_disposal, v_table, 'DELETE'), false) THEN
        RAISE EXCEPTION 'disposal: % is not to be rewritten', p_table USING ERRCODE = 'VD001';
    END IF;
    SELECT i.indexrelid::regclass::text INTO STRICT v_key
    FROM pg_index i WHERE i.indrelid = v_table AND i.indisprimary;
    SET CONSTRAINTS ALL IMMEDIATE;  -- those of the trail row above, which may stand in that table
    EXECUTE format('CLUSTER public.%I USING %s', p_table, split_part(v_key, '.', 2));
    EXECUTE format('ANALYZE public.%I', p_table);  -- its statistics quote values of the rows
    IF NOT disposal.is_forgotten(p_table, p_list) THEN
        RAISE EXCEPTION 'disposal: somebody still looks at what % was before', p_table
            USING ERRCODE = 'lock_not_available';
    END IF;
END $$;
"""

OF_TRAIL = """
-- Of a month: whom its rows concerned, and what the analyses of it found of persons.
CREATE FUNCTION disposal.trail_ids(p_month date) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT 's' || s.trail_id FROM public.access_trailsubjects s
    WHERE s.at >= p_month::timestamp AT TIME ZONE 'Asia/Tokyo'
        AND s.at < (p_month + interval '1 month') AT TIME ZONE 'Asia/Tokyo'
    UNION ALL
    SELECT 'f' || f.id FROM public.access_trailanalysisfinding f
        JOIN public.access_trailanalysis a ON a.id = f.analysis_id
    WHERE a.month = p_month
    UNION ALL
    SELECT 'r' || f.id FROM public.access_relationfinding f
        JOIN public.access_relationanalysis a ON a.id = f.analysis_id
    WHERE a.month = p_month
$$;

-- Is a month still needed: stopped by a person, asked about by a resident, or to be disclosed?
CREATE FUNCTION disposal.trail_held(p_month date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT disposal.on_hold('trail', p_month)
    OR EXISTS (
        SELECT FROM public.access_ownlogquestion q
            JOIN public.access_trailsubjects s ON s.trail_id = q.trail_id
        WHERE s.at >= p_month::timestamp AT TIME ZONE 'Asia/Tokyo'
            AND s.at < (p_month + interval '1 month') AT TIME ZONE 'Asia/Tokyo'
            AND NOT EXISTS (SELECT FROM public.access_ownloganswer a WHERE a.question_id = q.id))
    OR EXISTS (
        SELECT FROM public.access_disclosurewaiting w
            JOIN public.access_disclosurerequest d ON d.id = w.disclosure_id
            JOIN public.access_trailsubjects s
                ON s.record_ids <> '{}' AND s.record_ids @> ARRAY[d.record_id]
        WHERE d.kind = 'use_log'
            AND s.at >= p_month::timestamp AT TIME ZONE 'Asia/Tokyo'
            AND s.at < (p_month + interval '1 month') AT TIME ZONE 'Asia/Tokyo')
$$;

-- Gives how many went, or nothing where it is not what was approved, or needed again.
CREATE FUNCTION disposal.destroy_trail(p_trail bigint, p_line bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_line record;
    v_ids text[];
    v_found bigint[];
    v_related bigint[];
BEGIN
    v_line := disposal.approved_line(p_trail, p_line, 'trail');
    v_ids := ARRAY(SELECT disposal.trail_ids(v_line.o_month));
    IF disposal.digest_of(v_ids) <> v_line.o_digest THEN
        RETURN NULL;
    END IF;
    v_found := ARRAY(SELECT substr(one, 2)::bigint FROM unnest(v_ids) AS one WHERE one LIKE 'f%');
    v_related := ARRAY(SELECT substr(one, 2)::bigint FROM unnest(v_ids) AS one WHERE one LIKE 'r%');
    PERFORM set_config('daicho.disposal_list', v_line.o_list::text, true);
    DELETE FROM public.access_trailsubjects s WHERE s.trail_id = ANY (
        ARRAY(SELECT substr(one, 2)::bigint FROM unnest(v_ids) AS one WHERE one LIKE 's%'));
    DELETE FROM public.access_trailanalysisjudgement j WHERE j.found_id = ANY (v_found);
    DELETE FROM public.access_trailanalysisfinding f WHERE f.id = ANY (v_found);
    DELETE FROM public.access_relationjudgement j WHERE j.found_id = ANY (v_related);
    DELETE FROM public.access_relationfinding f WHERE f.id = ANY (v_related);
    PERFORM set_config('daicho.disposal_list', '', true);
    RETURN cardinality(v_ids);
END $$;
"""

RIGHTS = """
DO $$
DECLARE
    v_disposal text := replace(current_user, 'owner_', 'disposal_');
    v_app text := replace(current_user, 'owner_', 'app_');
    v_function text;
BEGIN
    FOREACH v_function IN ARRAY ARRAY['disposal.list_digest(bigint)',
        'disposal.digest_of(text[])', 'disposal.is_forgotten(text, bigint)',
        'disposal.is_rewritten(text, bigint)', 'disposal.on_hold(text, date)',
        'disposal.trail_held(date)',
        'disposal.approved_line(bigint, bigint, text)', 'disposal.rewrite(bigint, bigint, text)',
        'disposal.trail_ids(date)', 'disposal.destroy_trail(bigint, bigint)'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', v_function);
        IF v_function LIKE 'disposal.approved_line%' THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', v_function, v_disposal);
        ELSE
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I, %I', v_function, v_app, v_disposal);
        END IF;
    END LOOP;
    EXECUTE format(
        'ALTER FUNCTION disposal.destroy_trail(bigint, bigint) OWNER TO %I', v_disposal);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0012_disposal_lists")]

    operations = [
        migrations.RunSQL(LOOKED_AT),
        migrations.RunSQL(HELD_TO),
        migrations.RunSQL(OF_TRAIL),
        migrations.RunSQL(RIGHTS),
    ]
