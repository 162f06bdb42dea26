"""The versions of the vault's keys: what is current, what is still read, what is destroyed.

No row is written under a version that is not current, nor with a key of another fingerprint than
the version's; nobody finds by fewer versions than are in use. What is refused for the version has
an SQLSTATE of our own, so that a process reads its keys again: VK001 not current, VK002 a version
is not known there, VK003 another key. The functions of the first migration stay for the program
that runs beside this one, and refuse where they would be wrong.
"""

from django.db import migrations

TABLE = """
CREATE TABLE vault.key_version (
    version integer PRIMARY KEY CHECK (version > 0),
    fingerprint text NOT NULL,
    keeper text NOT NULL CHECK (keeper IN ('file', 'token')),
    state text NOT NULL CHECK (state IN ('made', 'current', 'old', 'retired')),
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    retired_at timestamptz
);
CREATE UNIQUE INDEX key_version_current ON vault.key_version (state) WHERE state = 'current';

-- What older programs wrote: its fingerprint is proven by a row at the next start.
INSERT INTO vault.key_version (version, fingerprint, keeper, state)
SELECT version, '', 'file', CASE WHEN version = max(version) OVER () THEN 'current' ELSE 'old' END
FROM (SELECT key_version AS version FROM vault.number UNION SELECT index_version FROM vault.number)
    AS used;
"""

ASKED = """
CREATE FUNCTION vault.key_versions()
RETURNS TABLE (version integer, state text, keeper text, fingerprint text, made_at timestamptz,
    retired_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT k.version, k.state, k.keeper, k.fingerprint, k.made_at, k.retired_at
    FROM vault.key_version k ORDER BY k.version
$$;

CREATE FUNCTION vault.key_counts() RETURNS TABLE (version integer, number_rows bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT used.version, count(*) FROM (
        SELECT n.key_version AS version FROM vault.number n
        UNION ALL
        SELECT n.index_version FROM vault.number n WHERE n.index_version <> n.key_version) AS used
    GROUP BY used.version
$$;

-- A writer holds the row until its transaction ends: a change of keys waits for it.
CREATE FUNCTION vault.must_be_current(p_version integer, p_fingerprint text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_fingerprint text;
BEGIN
    SELECT k.fingerprint INTO v_fingerprint FROM vault.key_version k
        WHERE k.version = p_version AND k.state = 'current' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'vault: version % is not the current one', p_version
            USING ERRCODE = 'VK001';
    END IF;
    IF v_fingerprint <> p_fingerprint THEN
        RAISE EXCEPTION 'vault: version % has another key', p_version USING ERRCODE = 'VK003';
    END IF;
END $$;

CREATE FUNCTION vault.must_know(p_versions integer[], p_fingerprints text[]) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_version integer;
BEGIN
    SELECT k.version INTO v_version FROM vault.key_version k
        LEFT JOIN unnest(p_versions, p_fingerprints) AS given(version, fingerprint)
            ON given.version = k.version
        WHERE k.state IN ('current', 'old') AND given.fingerprint IS DISTINCT FROM k.fingerprint
        LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'vault: version % is in use', v_version USING ERRCODE = 'VK002';
    END IF;
END $$;

CREATE FUNCTION vault.by_key_job(p_trail bigint, p_event text) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_record_ids uuid[] := vault.trailed(p_trail, p_event);
BEGIN
    IF NOT EXISTS (SELECT FROM public.access_trail t
        WHERE t.id = p_trail AND t.job = 'vault_keys') THEN
        RAISE EXCEPTION 'vault: the keys are the work of one job'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN v_record_ids;
END $$;
"""

NUMBERS = """
CREATE FUNCTION vault.put(p_trail bigint, p_record_ids uuid[], p_ciphertexts bytea[],
    p_blind_indexes bytea[], p_version integer, p_fingerprint text, p_keeper text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_written bigint;
BEGIN
    IF NOT p_record_ids <@ vault.trailed(p_trail, 'vault_put') THEN
        RAISE EXCEPTION 'vault: the trail row does not name these records'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (SELECT FROM vault.key_version) THEN
        INSERT INTO vault.key_version (version, fingerprint, keeper, state)
        VALUES (p_version, p_fingerprint, p_keeper, 'current') ON CONFLICT DO NOTHING;
    END IF;
    PERFORM vault.must_be_current(p_version, p_fingerprint);
    INSERT INTO vault.number (record_id, ciphertext, key_version, blind_index, index_version)
    SELECT r, c, p_version, b, p_version
    FROM unnest(p_record_ids, p_ciphertexts, p_blind_indexes) AS rows(r, c, b)
    ON CONFLICT (record_id) DO UPDATE SET ciphertext = EXCLUDED.ciphertext,
        key_version = EXCLUDED.key_version, blind_index = EXCLUDED.blind_index,
        index_version = EXCLUDED.index_version;
    GET DIAGNOSTICS v_written = ROW_COUNT;
    RETURN v_written;
END $$;

CREATE FUNCTION vault.find(p_trail bigint, p_blind_indexes bytea[], p_versions integer[],
    p_fingerprints text[]) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM vault.trailed(p_trail, 'vault_find');
    PERFORM vault.must_know(p_versions, p_fingerprints);
    RETURN QUERY SELECT n.record_id FROM vault.number n
        WHERE n.blind_index = ANY (p_blind_indexes) ORDER BY n.record_id;
END $$;

CREATE FUNCTION vault.held(p_trail bigint, p_blind_indexes bytea[], p_versions integer[],
    p_fingerprints text[]) RETURNS SETOF bytea
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM vault.trailed(p_trail, 'vault_find');
    PERFORM vault.must_know(p_versions, p_fingerprints);
    RETURN QUERY SELECT DISTINCT n.blind_index FROM vault.number n
        WHERE n.blind_index = ANY (p_blind_indexes);
END $$;
"""

OF_THE_PROGRAM_BEFORE = """
CREATE FUNCTION vault.one_version_only() RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (SELECT count(*) > 1 FROM vault.key_version k WHERE k.state IN ('current', 'old')) THEN
        RAISE EXCEPTION 'vault: this program knows no versions of keys' USING ERRCODE = 'VK002';
    END IF;
END $$;

CREATE OR REPLACE FUNCTION vault.put(p_trail bigint, p_record_ids uuid[], p_ciphertexts bytea[],
    p_key_version integer, p_blind_indexes bytea[], p_index_version integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_written bigint;
BEGIN
    IF NOT p_record_ids <@ vault.trailed(p_trail, 'vault_put') THEN
        RAISE EXCEPTION 'vault: the trail row does not name these records'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (SELECT FROM vault.key_version) THEN
        PERFORM 1 FROM vault.key_version k WHERE k.state = 'current'
            AND k.version = p_key_version AND k.version = p_index_version FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'vault: version % is not the current one', p_key_version
                USING ERRCODE = 'VK001';
        END IF;
    END IF;
    INSERT INTO vault.number (record_id, ciphertext, key_version, blind_index, index_version)
    SELECT r, c, p_key_version, b, p_index_version
    FROM unnest(p_record_ids, p_ciphertexts, p_blind_indexes) AS rows(r, c, b)
    ON CONFLICT (record_id) DO UPDATE SET ciphertext = EXCLUDED.ciphertext,
        key_version = EXCLUDED.key_version, blind_index = EXCLUDED.blind_index,
        index_version = EXCLUDED.index_version;
    GET DIAGNOSTICS v_written = ROW_COUNT;
    RETURN v_written;
END $$;

CREATE OR REPLACE FUNCTION vault.find(p_trail bigint, p_blind_indexes bytea[]) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM vault.trailed(p_trail, 'vault_find');
    PERFORM vault.one_version_only();
    RETURN QUERY SELECT n.record_id FROM vault.number n
        WHERE n.blind_index = ANY (p_blind_indexes) ORDER BY n.record_id;
END $$;

CREATE OR REPLACE FUNCTION vault.held(p_trail bigint, p_blind_indexes bytea[])
RETURNS SETOF bytea
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM vault.trailed(p_trail, 'vault_find');
    PERFORM vault.one_version_only();
    RETURN QUERY SELECT DISTINCT n.blind_index FROM vault.number n
        WHERE n.blind_index = ANY (p_blind_indexes);
END $$;
"""

CHANGING = """
CREATE FUNCTION vault.add_version(p_trail bigint, p_version integer, p_keeper text,
    p_fingerprint text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM vault.by_key_job(p_trail, 'vault_key_made');
    IF EXISTS (SELECT FROM vault.key_version k WHERE k.version >= p_version) THEN
        RAISE EXCEPTION 'vault: a version is newer than all before it'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO vault.key_version (version, fingerprint, keeper, state)
    SELECT p_version, p_fingerprint, p_keeper,
        CASE WHEN EXISTS (SELECT FROM vault.key_version) THEN 'made' ELSE 'current' END;
END $$;

CREATE FUNCTION vault.promote(p_trail bigint, p_version integer) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM vault.by_key_job(p_trail, 'vault_key_current');
    UPDATE vault.key_version SET state = 'old' WHERE state = 'current';
    UPDATE vault.key_version SET state = 'current' WHERE version = p_version AND state = 'made';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'vault: version % is not one that is made', p_version
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
END $$;

-- Rows that somebody is writing are left to a later pass: the change of keys waits for no clerk.
CREATE FUNCTION vault.outdated(p_trail bigint, p_after uuid, p_limit integer)
RETURNS TABLE (record_id uuid, ciphertext bytea, key_version integer)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM vault.by_key_job(p_trail, 'vault_rekey');
    RETURN QUERY SELECT n.record_id, n.ciphertext, n.key_version FROM vault.number n
        WHERE n.record_id > p_after AND (n.key_version, n.index_version) <> (
            SELECT k.version, k.version FROM vault.key_version k WHERE k.state = 'current')
        ORDER BY n.record_id LIMIT least(p_limit, 1000) FOR UPDATE OF n SKIP LOCKED;
END $$;

CREATE FUNCTION vault.renew(p_trail bigint, p_record_ids uuid[], p_before bytea[],
    p_ciphertexts bytea[], p_blind_indexes bytea[], p_version integer, p_fingerprint text)
RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_renewed bigint;
BEGIN
    IF NOT p_record_ids <@ vault.by_key_job(p_trail, 'vault_rekeyed') THEN
        RAISE EXCEPTION 'vault: the trail row does not name these records'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM vault.must_be_current(p_version, p_fingerprint);
    UPDATE vault.number n SET ciphertext = given.c, key_version = p_version,
        blind_index = given.i, index_version = p_version
    FROM unnest(p_record_ids, p_before, p_ciphertexts, p_blind_indexes) AS given(r, b, c, i)
    WHERE n.record_id = given.r AND n.ciphertext = given.b;
    GET DIAGNOSTICS v_renewed = ROW_COUNT;
    RETURN v_renewed;
END $$;

CREATE FUNCTION vault.retire(p_trail bigint, p_version integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_rows bigint;
BEGIN
    PERFORM vault.by_key_job(p_trail, 'vault_key_retired');
    PERFORM 1 FROM vault.key_version k
        WHERE k.version = p_version AND k.state <> 'current' FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'vault: version % is current or unknown', p_version
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT count(*) INTO v_rows FROM vault.number n
        WHERE n.key_version = p_version OR n.index_version = p_version;
    IF v_rows = 0 THEN
        UPDATE vault.key_version k SET state = 'retired',
            retired_at = coalesce(k.retired_at, clock_timestamp()) WHERE k.version = p_version;
    END IF;
    RETURN v_rows;
END $$;

CREATE FUNCTION vault.sample(p_trail bigint, p_version integer)
RETURNS TABLE (record_id uuid, ciphertext bytea, key_version integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM vault.by_key_job(p_trail, 'vault_key_proved');
    RETURN QUERY SELECT n.record_id, n.ciphertext, n.key_version FROM vault.number n
        WHERE n.key_version = p_version AND EXISTS (SELECT FROM vault.key_version k
            WHERE k.version = p_version AND k.fingerprint = '')
        ORDER BY n.record_id LIMIT 1;
END $$;

CREATE FUNCTION vault.adopt(p_trail bigint, p_version integer, p_fingerprint text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM vault.by_key_job(p_trail, 'vault_key_proved');
    UPDATE vault.key_version k SET fingerprint = p_fingerprint
        WHERE k.version = p_version AND k.fingerprint = '';
END $$;
"""

# Those of app are named; the rest is for these functions themselves.
RIGHTS = """
DO $$
DECLARE
    v_vault text := replace(current_user, 'owner_', 'vault_');
    v_app text := replace(current_user, 'owner_', 'app_');
    v_function text;
BEGIN
    EXECUTE format('ALTER TABLE vault.key_version OWNER TO %I', v_vault);
    FOREACH v_function IN ARRAY ARRAY['vault.must_be_current(integer, text)',
        'vault.must_know(integer[], text[])', 'vault.by_key_job(bigint, text)',
        'vault.one_version_only()'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', v_function);
        EXECUTE format('ALTER FUNCTION %s OWNER TO %I', v_function, v_vault);
    END LOOP;
    FOREACH v_function IN ARRAY ARRAY['vault.key_versions()', 'vault.key_counts()',
        'vault.put(bigint, uuid[], bytea[], bytea[], integer, text, text)',
        'vault.find(bigint, bytea[], integer[], text[])',
        'vault.held(bigint, bytea[], integer[], text[])',
        'vault.add_version(bigint, integer, text, text)', 'vault.promote(bigint, integer)',
        'vault.outdated(bigint, uuid, integer)',
        'vault.renew(bigint, uuid[], bytea[], bytea[], bytea[], integer, text)',
        'vault.retire(bigint, integer)', 'vault.sample(bigint, integer)',
        'vault.adopt(bigint, integer, text)'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', v_function);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', v_function, v_app);
        EXECUTE format('ALTER FUNCTION %s OWNER TO %I', v_function, v_vault);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial")]
    operations = [
        migrations.RunSQL(TABLE),
        migrations.RunSQL(ASKED),
        migrations.RunSQL(NUMBERS),
        migrations.RunSQL(OF_THE_PROGRAM_BEFORE),
        migrations.RunSQL(CHANGING),
        migrations.RunSQL(RIGHTS),
    ]
