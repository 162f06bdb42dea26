"""従前の個人番号: a number that another replaces stays beside it, as a former one of the record.

It stays in `vault.number`, under an id of its own to which it is sealed anew, so that keys change
for it as for any other; `vault.former` says whose it was and until when. It finds its record and is
never given again; it is never taken out, and it goes with the record's number. VK005: another
number has come in between, begin anew.
"""

from django.db import migrations

TABLE = """
CREATE TABLE vault.former (
    number_id uuid PRIMARY KEY REFERENCES vault.number,
    record_id uuid NOT NULL CHECK (record_id <> number_id),
    ended_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_in bigint NOT NULL
);
CREATE INDEX former_record_id ON vault.former (record_id);
"""

PUT = """
-- Of these records those that hold another number than the one that is put in: which one that is,
-- is told by its index under each version in use, so that a record may be named more than once.
CREATE FUNCTION vault.to_replace(p_trail bigint, p_record_ids uuid[], p_blind_indexes bytea[])
RETURNS SETOF uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT p_record_ids <@ vault.trailed(p_trail, 'vault_put') THEN
        RAISE EXCEPTION 'vault: the trail row does not name these records'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY SELECT n.record_id FROM vault.number n
        WHERE n.record_id = ANY (p_record_ids) AND NOT EXISTS (
            SELECT FROM unnest(p_record_ids, p_blind_indexes) AS given(r, i)
            WHERE given.r = n.record_id AND given.i = n.blind_index)
        ORDER BY n.record_id FOR UPDATE OF n;
END $$;

-- To be sealed under an id of its own: named in the trail first, as whatever leaves the vault.
CREATE FUNCTION vault.replaced(p_trail bigint)
RETURNS TABLE (record_id uuid, ciphertext bytea, key_version integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_record_ids uuid[] := vault.trailed(p_trail, 'vault_replaced');
BEGIN
    RETURN QUERY SELECT n.record_id, n.ciphertext, n.key_version FROM vault.number n
        WHERE n.record_id = ANY (v_record_ids)
            AND NOT EXISTS (SELECT FROM vault.former f WHERE f.number_id = n.record_id)
        ORDER BY n.record_id;
END $$;

-- `p_put` is the trail row of what comes in their place.
CREATE FUNCTION vault.leave_behind(p_trail bigint, p_put bigint, p_record_ids uuid[],
    p_number_ids uuid[], p_ciphertexts bytea[], p_blind_indexes bytea[], p_version integer,
    p_fingerprint text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_written bigint;
BEGIN
    IF NOT p_record_ids <@ vault.trailed(p_trail, 'vault_replaced')
        OR NOT p_record_ids <@ vault.trailed(p_put, 'vault_put') THEN
        RAISE EXCEPTION 'vault: the trail row does not name these records'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM vault.must_be_current(p_version, p_fingerprint);
    INSERT INTO vault.number (record_id, ciphertext, key_version, blind_index, index_version,
        acquired_in)
    SELECT given.id, given.c, p_version, given.i, p_version, n.acquired_in
    FROM unnest(p_record_ids, p_number_ids, p_ciphertexts, p_blind_indexes) AS given(r, id, c, i)
        JOIN vault.number n ON n.record_id = given.r
            AND (n.blind_index = given.i OR n.index_version <> p_version);
    GET DIAGNOSTICS v_written = ROW_COUNT;
    IF v_written <> cardinality(p_record_ids) THEN
        RAISE EXCEPTION 'vault: what is left behind is not what was held'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO vault.former (number_id, record_id, ended_in)
    SELECT id, r, p_put FROM unnest(p_number_ids, p_record_ids) AS given(id, r);
END $$;

-- As before, and another number than the one that is held takes its place only where that one was
-- left behind by the same trail row.
CREATE OR REPLACE FUNCTION vault.put(p_trail bigint, p_record_ids uuid[], p_ciphertexts bytea[],
    p_blind_indexes bytea[], p_version integer, p_fingerprint text, p_keeper text,
    p_acquired jsonb, p_places integer[]) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_written bigint;
BEGIN
    IF NOT p_record_ids <@ vault.trailed(p_trail, 'vault_put') THEN
        RAISE EXCEPTION 'vault: the trail row does not name these records'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (SELECT FROM vault.former f WHERE f.number_id = ANY (p_record_ids)) THEN
        RAISE EXCEPTION 'vault: a former number is never replaced'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (SELECT FROM vault.key_version) THEN
        PERFORM vault.must_be_empty();
        INSERT INTO vault.key_version (version, fingerprint, keeper, state)
        VALUES (p_version, p_fingerprint, p_keeper, 'current') ON CONFLICT DO NOTHING;
    END IF;
    PERFORM vault.must_be_current(p_version, p_fingerprint);
    INSERT INTO vault.acquisition (record_id, trail_id, source, ground, given_by, checked_by,
        number_document, identity_documents, authority_documents, purpose_shown,
        operator_id, office, job)
    SELECT rows.r, p_trail, f.source, f.ground, f.given_by, f.checked_by, f.number_document,
        f.identity_documents, f.authority_documents, f.purpose_shown,
        t.operator_id, t.office, t.job
    FROM unnest(p_record_ids, p_places) AS rows(r, p)
        JOIN jsonb_to_recordset(p_acquired) AS f(place integer, source text, ground text,
            given_by text, checked_by text, number_document text, identity_documents text[],
            authority_documents text[], purpose_shown text) ON f.place = rows.p
        CROSS JOIN (SELECT operator_id, office, job FROM public.access_trail WHERE id = p_trail)
            AS t;
    GET DIAGNOSTICS v_written = ROW_COUNT;
    IF v_written <> cardinality(p_record_ids) THEN
        RAISE EXCEPTION 'vault: a number without its acquisition'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO vault.number AS held (record_id, ciphertext, key_version, blind_index,
        index_version, acquired_in)
    SELECT r, c, p_version, b, p_version, p_trail
    FROM unnest(p_record_ids, p_ciphertexts, p_blind_indexes) AS rows(r, c, b)
    ON CONFLICT (record_id) DO UPDATE SET ciphertext = EXCLUDED.ciphertext,
        key_version = EXCLUDED.key_version, blind_index = EXCLUDED.blind_index,
        index_version = EXCLUDED.index_version, acquired_in = EXCLUDED.acquired_in
    WHERE held.blind_index = EXCLUDED.blind_index
        OR held.index_version <> EXCLUDED.index_version
        OR EXISTS (SELECT FROM vault.former f
            WHERE f.record_id = EXCLUDED.record_id AND f.ended_in = p_trail);
    GET DIAGNOSTICS v_written = ROW_COUNT;
    IF v_written <> cardinality(p_record_ids) THEN
        RAISE EXCEPTION 'vault: another number came in between' USING ERRCODE = 'VK005';
    END IF;
    RETURN v_written;
END $$;
"""

# What is asked of is a record, never the id under which a former number lies.
ASKED = """
CREATE OR REPLACE FUNCTION vault.get(p_trail bigint, p_record_id uuid)
RETURNS TABLE (ciphertext bytea, key_version integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF vault.trailed(p_trail, 'vault_get') <> ARRAY[p_record_id] THEN
        RAISE EXCEPTION 'vault: the trail row does not name this record'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY SELECT n.ciphertext, n.key_version FROM vault.number n
        WHERE n.record_id = p_record_id
            AND NOT EXISTS (SELECT FROM vault.former f WHERE f.number_id = n.record_id);
END $$;

-- Of all the records that the trail row names.
CREATE FUNCTION vault.get_all(p_trail bigint)
RETURNS TABLE (record_id uuid, ciphertext bytea, key_version integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_record_ids uuid[] := vault.trailed(p_trail, 'vault_get');
BEGIN
    RETURN QUERY SELECT n.record_id, n.ciphertext, n.key_version FROM vault.number n
        WHERE n.record_id = ANY (v_record_ids)
            AND NOT EXISTS (SELECT FROM vault.former f WHERE f.number_id = n.record_id)
        ORDER BY n.record_id;
END $$;

-- Whose number it is, and whose it only was.
CREATE FUNCTION vault.whose(p_trail bigint, p_blind_indexes bytea[], p_versions integer[],
    p_fingerprints text[]) RETURNS TABLE (record_id uuid, is_former boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM vault.trailed(p_trail, 'vault_find');
    PERFORM vault.must_know(p_versions, p_fingerprints);
    RETURN QUERY SELECT coalesce(f.record_id, n.record_id) AS its,
            bool_and(f.number_id IS NOT NULL)
        FROM vault.number n LEFT JOIN vault.former f ON f.number_id = n.record_id
        WHERE n.blind_index = ANY (p_blind_indexes) GROUP BY its ORDER BY its;
END $$;

-- The same of a batch, which has had the versions kept as they are (`keep_versions`). It is asked
-- a thousand times in a transaction: of one index at a time the plan is made once.
CREATE FUNCTION vault.whose_ever(p_trail bigint, p_blind_indexes bytea[])
RETURNS TABLE (record_id uuid, is_former boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_index bytea;
BEGIN
    PERFORM vault.trailed(p_trail, 'vault_find');
    FOREACH v_index IN ARRAY p_blind_indexes LOOP
        RETURN QUERY SELECT coalesce(f.record_id, n.record_id), f.number_id IS NOT NULL
            FROM vault.number n LEFT JOIN vault.former f ON f.number_id = n.record_id
            WHERE n.blind_index = v_index;
    END LOOP;
END $$;

-- For the program that runs beside this one.
CREATE OR REPLACE FUNCTION vault.find(p_trail bigint, p_blind_indexes bytea[],
    p_versions integer[], p_fingerprints text[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT w.record_id FROM vault.whose(p_trail, p_blind_indexes, p_versions, p_fingerprints) w
$$;

CREATE FUNCTION vault.holds(p_trail bigint, p_record_id uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM vault.trailed(p_trail, 'vault_find');
    RETURN EXISTS (SELECT FROM vault.number n WHERE n.record_id = p_record_id);
END $$;

CREATE FUNCTION vault.former_until(p_trail bigint, p_record_id uuid) RETURNS SETOF timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF vault.trailed(p_trail, 'vault_former') <> ARRAY[p_record_id] THEN
        RAISE EXCEPTION 'vault: the trail row does not name this record'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY SELECT f.ended_at FROM vault.former f
        WHERE f.record_id = p_record_id ORDER BY f.ended_at;
END $$;

-- The versions in use stay what they are until the transaction ends: a change of keys waits for it.
CREATE FUNCTION vault.keep_versions(p_versions integer[], p_fingerprints text[]) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM 1 FROM vault.key_version k WHERE k.state IN ('current', 'old')
        ORDER BY k.version FOR SHARE;
    PERFORM vault.must_know(p_versions, p_fingerprints);
END $$;
"""

# A list names records; what they held before goes with what they hold.
DISPOSED = """
CREATE OR REPLACE FUNCTION vault.holders(p_trail bigint, p_after uuid, p_limit integer)
RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM vault.disposal_trailed(p_trail, 'disposal_sought', 'disposal.work');
    RETURN QUERY SELECT n.record_id FROM vault.number n
        WHERE n.record_id > p_after
            AND NOT EXISTS (SELECT FROM vault.former f WHERE f.number_id = n.record_id)
        ORDER BY n.record_id LIMIT least(p_limit, 10000);
END $$;

CREATE OR REPLACE FUNCTION vault.propose_disposal(p_trail bigint, p_kinds text[],
    p_articles text[], p_due_ons date[]) RETURNS bigint
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
        JOIN vault.number n ON n.record_id = r
    WHERE NOT EXISTS (SELECT FROM vault.former f WHERE f.number_id = n.record_id);
    RETURN v_list;
EXCEPTION WHEN unique_violation THEN
    RAISE EXCEPTION 'vault: another list is open' USING ERRCODE = 'VD001';
END $$;

CREATE OR REPLACE FUNCTION vault.destroy(p_trail bigint, p_list bigint) RETURNS bigint
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
    WITH going AS (
        SELECT named.id AS record_id, named.id AS number_id
        FROM unnest(v_use.o_record_ids) AS named(id)
        UNION ALL
        SELECT f.record_id, f.number_id FROM vault.former f
        WHERE f.record_id = ANY (v_use.o_record_ids)),
    forgotten AS (
        DELETE FROM vault.former f WHERE f.record_id = ANY (v_use.o_record_ids)),
    gone AS (
        DELETE FROM vault.number n USING going WHERE n.record_id = going.number_id
        RETURNING going.record_id, greatest(n.key_version, n.index_version) AS version),
    newest AS (SELECT gone.record_id, max(gone.version) AS version FROM gone GROUP BY 1)
    UPDATE vault.disposal_line l SET done_at = clock_timestamp(),
        outcome = CASE WHEN newest.record_id IS NULL THEN 'gone' ELSE 'destroyed' END,
        key_version = coalesce(newest.version, v_current)
    FROM unnest(v_use.o_record_ids) AS named(id)
        LEFT JOIN newest ON newest.record_id = named.id
    WHERE l.list_id = p_list AND l.record_id = named.id;
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    RETURN v_rows;
END $$;
"""

# What is replaced keeps its owner and its rights; what is new has those of its like.
RIGHTS = """
DO $$
DECLARE
    v_vault text := replace(current_user, 'owner_', 'vault_');
    v_app text := replace(current_user, 'owner_', 'app_');
    v_function text;
BEGIN
    EXECUTE format('ALTER TABLE vault.former OWNER TO %I', v_vault);
    FOREACH v_function IN ARRAY ARRAY['vault.to_replace(bigint, uuid[], bytea[])',
        'vault.replaced(bigint)',
        'vault.leave_behind(bigint, bigint, uuid[], uuid[], bytea[], bytea[], integer, text)',
        'vault.get_all(bigint)', 'vault.whose(bigint, bytea[], integer[], text[])',
        'vault.whose_ever(bigint, bytea[])', 'vault.holds(bigint, uuid)',
        'vault.former_until(bigint, uuid)', 'vault.keep_versions(integer[], text[])'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', v_function);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', v_function, v_app);
        EXECUTE format('ALTER FUNCTION %s OWNER TO %I', v_function, v_vault);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("vault", "0005_disposal")]
    operations = [
        migrations.RunSQL(TABLE),
        migrations.RunSQL(PUT),
        migrations.RunSQL(ASKED),
        migrations.RunSQL(DISPOSED),
        migrations.RunSQL(RIGHTS),
    ]
