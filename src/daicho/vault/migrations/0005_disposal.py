"""廃棄: numbers whose need and period have ended leave the vault, by an approved list alone.

Every step names its trail row, written by the same transaction, of a person with the purpose of
that step. The lines are those that were approved: their digest stands in the list and in the trail,
and both are compared before each batch. SQLSTATEs of our own: VD001 the list is not in the state
that the step needs, VD002 it is not what was shown or approved, VD003 by who proposed it.
"""

from django.db import migrations

TABLES = """
CREATE TABLE vault.disposal_list (
    list_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    state text NOT NULL DEFAULT 'proposed'
        CHECK (state IN ('proposed', 'refused', 'approved', 'done')),
    salt bytea NOT NULL DEFAULT uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()),
    proposed_by bigint NOT NULL,
    proposed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    proposed_trail bigint NOT NULL,
    decided_by bigint CHECK (decided_by <> proposed_by),
    decided_at timestamptz,
    decided_trail bigint,
    digest bytea,
    finished_at timestamptz,
    finished_trail bigint,
    CHECK (state = 'proposed' OR (decided_by IS NOT NULL AND digest IS NOT NULL))
);
CREATE UNIQUE INDEX disposal_list_open ON vault.disposal_list ((true))
    WHERE state IN ('proposed', 'approved');

CREATE TABLE vault.disposal_line (
    list_id bigint NOT NULL REFERENCES vault.disposal_list,
    record_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind ~ '^[a-z_]+$'),
    article text NOT NULL CHECK (article ~ '^[A-Z]+ [][0-9().-]+$'),
    due_on date NOT NULL,
    taken_off text NOT NULL DEFAULT '' CHECK (taken_off ~ '^[a-z_]*$'),
    outcome text NOT NULL DEFAULT ''
        CHECK (outcome IN ('', 'destroyed', 'kept', 'gone', 'stopped')),
    done_at timestamptz,
    key_version integer,
    PRIMARY KEY (list_id, record_id)
);
CREATE INDEX disposal_line_destroyed ON vault.disposal_line (record_id)
    WHERE outcome = 'destroyed';
CREATE INDEX disposal_line_taken_off ON vault.disposal_line (record_id) WHERE taken_off <> '';
"""

LOOKED_AT = """
CREATE FUNCTION vault.disposal_digest(p_list bigint) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(d.salt || convert_to(coalesce((
        SELECT string_agg(l.record_id || '|' || l.kind || '|' || l.article || '|'
            || to_char(l.due_on, 'YYYY-MM-DD') || '|' || l.taken_off, E'\\n' ORDER BY l.record_id)
        FROM vault.disposal_line l WHERE l.list_id = d.list_id), ''), 'UTF8'))
    FROM vault.disposal_list d WHERE d.list_id = p_list
$$;

CREATE FUNCTION vault.disposal_lists() RETURNS TABLE (list_id bigint, state text, salt bytea,
    proposed_by bigint, proposed_at timestamptz, proposed_trail bigint, decided_by bigint,
    decided_at timestamptz, digest bytea, finished_at timestamptz, line_count bigint,
    off_count bigint, done_count bigint, key_version integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT d.list_id, d.state, d.salt, d.proposed_by, d.proposed_at, d.proposed_trail,
        d.decided_by, d.decided_at, d.digest, d.finished_at, count(l.record_id),
        count(*) FILTER (WHERE l.taken_off <> ''), count(*) FILTER (WHERE l.outcome <> ''),
        max(l.key_version)
    FROM vault.disposal_list d LEFT JOIN vault.disposal_line l USING (list_id)
    GROUP BY d.list_id ORDER BY d.list_id DESC
$$;

-- With why a line of the same record was taken off last, of the lists before.
CREATE FUNCTION vault.disposal_lines(p_list bigint) RETURNS TABLE (record_id uuid, kind text,
    article text, due_on date, taken_off text, outcome text, done_at timestamptz, off_before text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT l.record_id, l.kind, l.article, l.due_on, l.taken_off, l.outcome, l.done_at,
        coalesce((SELECT b.taken_off FROM vault.disposal_line b
            WHERE b.record_id = l.record_id AND b.list_id < l.list_id AND b.taken_off <> ''
            ORDER BY b.list_id DESC LIMIT 1), '')
    FROM vault.disposal_line l WHERE l.list_id = p_list ORDER BY l.record_id
$$;

-- The digests that stand in the trail of a list: of its decision and of its end.
CREATE FUNCTION vault.disposal_told(p_list bigint) RETURNS TABLE (event text, digest text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.event, t.detail ->> 'digest'
    FROM vault.disposal_list d JOIN public.access_trail t
        ON (t.id = d.decided_trail AND t.event = 'disposal_decided'
            AND t.operator_id = d.decided_by)
        OR (t.id = d.finished_trail AND t.event = 'disposal_finished')
    WHERE d.list_id = p_list AND t.detail ->> 'list' = p_list::text
$$;

-- Of these records those whose number was destroyed and which have been given none since.
CREATE FUNCTION vault.destroyed(p_record_ids uuid[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT l.record_id FROM vault.disposal_line l
    WHERE l.outcome = 'destroyed' AND l.record_id = ANY (p_record_ids)
        AND NOT EXISTS (SELECT FROM vault.number n WHERE n.record_id = l.record_id)
$$;
"""

HELD_TO = """
-- Who takes the step and of which records the trail says so: a person with one of these purposes.
CREATE FUNCTION vault.disposal_trailed(p_trail bigint, p_event text, p_purpose text,
    OUT o_operator bigint, OUT o_record_ids uuid[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT t.operator_id, s.record_ids INTO o_operator, o_record_ids
    FROM public.access_trail t JOIN public.access_trailsubjects s ON s.trail_id = t.id
        JOIN public.access_operator a ON a.id = t.operator_id AND a.is_active
    WHERE t.id = p_trail AND t.event = p_event AND t.purpose = p_purpose AND t.job = ''
        AND t.xid = pg_current_xact_id_if_assigned();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'vault: no trail row of this transaction allows %', p_event
            USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

CREATE FUNCTION vault.disposal_must_be(p_list bigint, p_state text) RETURNS vault.disposal_list
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_list vault.disposal_list;
BEGIN
    SELECT * INTO v_list FROM vault.disposal_list d WHERE d.list_id = p_list FOR UPDATE;
    IF NOT FOUND OR v_list.state <> p_state THEN
        RAISE EXCEPTION 'vault: list % is not %', p_list, p_state USING ERRCODE = 'VD001';
    END IF;
    RETURN v_list;
END $$;

CREATE FUNCTION vault.disposal_must_be_approved(p_list bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_list vault.disposal_list := vault.disposal_must_be(p_list, 'approved');
BEGIN
    IF v_list.digest <> vault.disposal_digest(p_list) OR NOT EXISTS (
        SELECT FROM public.access_trail t WHERE t.id = v_list.decided_trail
            AND t.event = 'disposal_decided' AND t.operator_id = v_list.decided_by
            AND t.detail ->> 'list' = p_list::text AND t.detail ->> 'what' = 'approved'
            AND t.detail ->> 'digest' = encode(v_list.digest, 'hex')) THEN
        RAISE EXCEPTION 'vault: list % is not as it was approved', p_list
            USING ERRCODE = 'VD002';
    END IF;
END $$;
"""

STEPS = """
CREATE FUNCTION vault.holders(p_trail bigint, p_after uuid, p_limit integer) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM vault.disposal_trailed(p_trail, 'disposal_sought', 'disposal.work');
    RETURN QUERY SELECT n.record_id FROM vault.number n
        WHERE n.record_id > p_after ORDER BY n.record_id LIMIT least(p_limit, 10000);
END $$;

CREATE FUNCTION vault.propose_disposal(p_trail bigint, p_kinds text[], p_articles text[],
    p_due_ons date[]) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_use record;
    v_list bigint;
BEGIN
    v_use := vault.disposal_trailed(p_trail, 'disposal_proposed', 'disposal.work');
    INSERT INTO vault.disposal_list (proposed_by, proposed_trail)
        VALUES (v_use.o_operator, p_trail)
        RETURNING list_id INTO v_list;
    INSERT INTO vault.disposal_line (list_id, record_id, kind, article, due_on)
    SELECT v_list, r, k, a, d
    FROM unnest(v_use.o_record_ids, p_kinds, p_articles, p_due_ons) AS rows(r, k, a, d)
        JOIN vault.number n ON n.record_id = r;
    RETURN v_list;
EXCEPTION WHEN unique_violation THEN
    RAISE EXCEPTION 'vault: another list is open' USING ERRCODE = 'VD001';
END $$;

CREATE FUNCTION vault.take_off_disposal(p_trail bigint, p_list bigint, p_reason text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_use record;
    v_list vault.disposal_list;
    v_rows bigint;
BEGIN
    v_use := vault.disposal_trailed(p_trail, 'disposal_taken_off', 'disposal.approve');
    v_list := vault.disposal_must_be(p_list, 'proposed');
    IF v_list.proposed_by = v_use.o_operator THEN
        RAISE EXCEPTION 'vault: who proposed list % decides', p_list USING ERRCODE = 'VD003';
    END IF;
    UPDATE vault.disposal_line l SET taken_off = p_reason
        WHERE l.list_id = p_list AND l.record_id = ANY (v_use.o_record_ids)
            AND l.taken_off = '' AND p_reason <> '';
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    RETURN v_rows;
END $$;

CREATE FUNCTION vault.decide_disposal(p_trail bigint, p_list bigint, p_digest bytea,
    p_is_approved boolean) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_use record;
    v_list vault.disposal_list;
BEGIN
    v_use := vault.disposal_trailed(p_trail, 'disposal_decided', 'disposal.approve');
    v_list := vault.disposal_must_be(p_list, 'proposed');
    IF v_list.proposed_by = v_use.o_operator THEN
        RAISE EXCEPTION 'vault: who proposed list % decides', p_list USING ERRCODE = 'VD003';
    END IF;
    IF p_digest IS DISTINCT FROM vault.disposal_digest(p_list) THEN
        RAISE EXCEPTION 'vault: list % is not as it was shown', p_list USING ERRCODE = 'VD002';
    END IF;
    UPDATE vault.disposal_list d SET digest = p_digest, decided_by = v_use.o_operator,
        decided_at = clock_timestamp(), decided_trail = p_trail,
        state = CASE WHEN p_is_approved THEN 'approved' ELSE 'refused' END
    WHERE d.list_id = p_list;
END $$;
"""

CARRIED_OUT = """
-- Both the lines and the numbers are locked: whoever puts a number in meanwhile waits.
CREATE FUNCTION vault.to_destroy(p_trail bigint, p_list bigint, p_limit integer)
RETURNS SETOF uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM vault.disposal_trailed(p_trail, 'disposal_batch', 'disposal.work');
    PERFORM vault.disposal_must_be_approved(p_list);
    PERFORM 1 FROM vault.number n WHERE n.record_id IN (
        SELECT l.record_id FROM vault.disposal_line l
        WHERE l.list_id = p_list AND l.taken_off = '' AND l.outcome = ''
        ORDER BY l.record_id LIMIT least(p_limit, 1000)) ORDER BY n.record_id FOR UPDATE;
    RETURN QUERY SELECT l.record_id FROM vault.disposal_line l
        WHERE l.list_id = p_list AND l.taken_off = '' AND l.outcome = ''
        ORDER BY l.record_id LIMIT least(p_limit, 1000) FOR UPDATE;
END $$;

CREATE FUNCTION vault.must_be_open_lines(p_list bigint, p_record_ids uuid[]) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM unnest(p_record_ids) AS named(id) WHERE NOT EXISTS (
        SELECT FROM vault.disposal_line l WHERE l.list_id = p_list AND l.record_id = named.id
            AND l.taken_off = '' AND l.outcome = '')) THEN
        RAISE EXCEPTION 'vault: the trail row names what list % does not', p_list
            USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

CREATE FUNCTION vault.destroy(p_trail bigint, p_list bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_use record;
    v_rows bigint;
    -- of what was gone already nobody knows the key: any in use may open it in a backup
    v_current integer := (SELECT k.version FROM vault.key_version k WHERE k.state = 'current');
BEGIN
    v_use := vault.disposal_trailed(p_trail, 'disposal_done', 'disposal.work');
    PERFORM vault.disposal_must_be_approved(p_list);
    PERFORM vault.must_be_open_lines(p_list, v_use.o_record_ids);
    WITH gone AS (
        DELETE FROM vault.number n WHERE n.record_id = ANY (v_use.o_record_ids)
        RETURNING n.record_id, greatest(n.key_version, n.index_version) AS version)
    UPDATE vault.disposal_line l SET done_at = clock_timestamp(),
        outcome = CASE WHEN gone.record_id IS NULL THEN 'gone' ELSE 'destroyed' END,
        key_version = coalesce(gone.version, v_current)
    FROM unnest(v_use.o_record_ids) AS named(id) LEFT JOIN gone ON gone.record_id = named.id
    WHERE l.list_id = p_list AND l.record_id = named.id;
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    RETURN v_rows;
END $$;

-- Needed again since the list was approved, such as of who has come back to live here.
CREATE FUNCTION vault.keep(p_trail bigint, p_list bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_use record;
BEGIN
    v_use := vault.disposal_trailed(p_trail, 'disposal_kept', 'disposal.work');
    PERFORM vault.disposal_must_be_approved(p_list);
    PERFORM vault.must_be_open_lines(p_list, v_use.o_record_ids);
    UPDATE vault.disposal_line l SET outcome = 'kept', done_at = clock_timestamp()
        WHERE l.list_id = p_list AND l.record_id = ANY (v_use.o_record_ids);
END $$;

-- What is approved and not carried out yet is carried out no more.
CREATE FUNCTION vault.stop_disposal(p_trail bigint, p_list bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_rows bigint;
BEGIN
    PERFORM vault.disposal_trailed(p_trail, 'disposal_stopped', 'disposal.approve');
    PERFORM vault.disposal_must_be(p_list, 'approved');
    UPDATE vault.disposal_line l SET outcome = 'stopped', done_at = clock_timestamp()
        WHERE l.list_id = p_list AND l.taken_off = '' AND l.outcome = '';
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    RETURN v_rows;
END $$;

CREATE FUNCTION vault.finish_disposal(p_trail bigint, p_list bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM vault.disposal_trailed(p_trail, 'disposal_finished', 'disposal.work');
    PERFORM vault.disposal_must_be_approved(p_list);
    IF EXISTS (SELECT FROM vault.disposal_line l
        WHERE l.list_id = p_list AND l.taken_off = '' AND l.outcome = '') THEN
        RAISE EXCEPTION 'vault: list % has lines to carry out', p_list USING ERRCODE = 'VD001';
    END IF;
    UPDATE vault.disposal_list d SET state = 'done', finished_at = clock_timestamp(),
        finished_trail = p_trail
        WHERE d.list_id = p_list;
END $$;
"""

# The functions that only these functions call are for nobody else.
RIGHTS = """
DO $$
DECLARE
    v_vault text := replace(current_user, 'owner_', 'vault_');
    v_app text := replace(current_user, 'owner_', 'app_');
    v_function text;
BEGIN
    EXECUTE format('ALTER TABLE vault.disposal_list OWNER TO %I', v_vault);
    EXECUTE format('ALTER TABLE vault.disposal_line OWNER TO %I', v_vault);
    FOREACH v_function IN ARRAY ARRAY['vault.disposal_trailed(bigint, text, text)',
        'vault.disposal_must_be(bigint, text)', 'vault.disposal_must_be_approved(bigint)',
        'vault.must_be_open_lines(bigint, uuid[])'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', v_function);
        EXECUTE format('ALTER FUNCTION %s OWNER TO %I', v_function, v_vault);
    END LOOP;
    FOREACH v_function IN ARRAY ARRAY['vault.disposal_digest(bigint)', 'vault.disposal_lists()',
        'vault.disposal_lines(bigint)', 'vault.disposal_told(bigint)', 'vault.destroyed(uuid[])',
        'vault.holders(bigint, uuid, integer)',
        'vault.propose_disposal(bigint, text[], text[], date[])',
        'vault.take_off_disposal(bigint, bigint, text)',
        'vault.decide_disposal(bigint, bigint, bytea, boolean)',
        'vault.to_destroy(bigint, bigint, integer)', 'vault.destroy(bigint, bigint)',
        'vault.keep(bigint, bigint)', 'vault.stop_disposal(bigint, bigint)',
        'vault.finish_disposal(bigint, bigint)'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', v_function);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', v_function, v_app);
        EXECUTE format('ALTER FUNCTION %s OWNER TO %I', v_function, v_vault);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("vault", "0004_acquisition")]
    operations = [
        migrations.RunSQL(TABLES),
        migrations.RunSQL(LOOKED_AT),
        migrations.RunSQL(HELD_TO),
        migrations.RunSQL(STEPS),
        migrations.RunSQL(CARRIED_OUT),
        migrations.RunSQL(RIGHTS),
    ]
