"""What leaves the vault to change its keys is named in the trail before; keys are given up at once.

Rows that older programs put in before there was a version are registered here, with a fingerprint
that a row proves at the next start. From now on nobody registers a key over numbers that it may
not open (VK004).
"""

from django.db import migrations

REGISTERED = """
INSERT INTO vault.key_version (version, fingerprint, keeper, state)
SELECT version, '', 'file', CASE WHEN version = max(version) OVER () THEN 'current' ELSE 'old' END
FROM (SELECT key_version AS version FROM vault.number UNION SELECT index_version FROM vault.number)
    AS used
WHERE NOT EXISTS (SELECT FROM vault.key_version);

CREATE FUNCTION vault.must_be_empty() RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM vault.number) THEN
        RAISE EXCEPTION 'vault: numbers are held and no version is known' USING ERRCODE = 'VK004';
    END IF;
END $$;

CREATE OR REPLACE FUNCTION vault.add_version(p_trail bigint, p_version integer, p_keeper text,
    p_fingerprint text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM vault.by_key_job(p_trail, 'vault_key_made');
    IF EXISTS (SELECT FROM vault.key_version k WHERE k.version >= p_version) THEN
        RAISE EXCEPTION 'vault: a version is newer than all before it'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF NOT EXISTS (SELECT FROM vault.key_version) THEN
        PERFORM vault.must_be_empty();
    END IF;
    INSERT INTO vault.key_version (version, fingerprint, keeper, state)
    SELECT p_version, p_fingerprint, p_keeper,
        CASE WHEN EXISTS (SELECT FROM vault.key_version) THEN 'made' ELSE 'current' END;
END $$;

CREATE OR REPLACE FUNCTION vault.put(p_trail bigint, p_record_ids uuid[], p_ciphertexts bytea[],
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
        PERFORM vault.must_be_empty();
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

-- Of the program before, which knows no fingerprints: they are proven at the next start.
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
    IF NOT EXISTS (SELECT FROM vault.key_version) THEN
        PERFORM vault.must_be_empty();
        INSERT INTO vault.key_version (version, fingerprint, keeper, state)
        VALUES (p_key_version, '', 'file', 'current') ON CONFLICT DO NOTHING;
    END IF;
    PERFORM 1 FROM vault.key_version k WHERE k.state = 'current'
        AND k.version = p_key_version AND k.version = p_index_version FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'vault: version % is not the current one', p_key_version
            USING ERRCODE = 'VK001';
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
"""

# Both ways: who still holds a key that is destroyed reads its keys again, and lets it go.
KNOWN = """
CREATE OR REPLACE FUNCTION vault.must_know(p_versions integer[], p_fingerprints text[])
RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_version integer;
BEGIN
    SELECT coalesce(used.version, given.version) INTO v_version
    FROM (SELECT k.version, k.fingerprint FROM vault.key_version k
            WHERE k.state IN ('current', 'old')) AS used
        FULL JOIN unnest(p_versions, p_fingerprints) AS given(version, fingerprint)
            ON given.version = used.version
    WHERE given.fingerprint IS DISTINCT FROM used.fingerprint
        AND NOT (used.version IS NULL AND NOT EXISTS (SELECT FROM vault.key_version))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'vault: version % is in use, or no longer', v_version
            USING ERRCODE = 'VK002';
    END IF;
END $$;
"""

# Names first, then what they stand for: no ciphertext leaves that the trail does not name.
NAMED = """
DROP FUNCTION vault.outdated(bigint, uuid, integer);
DROP FUNCTION vault.sample(bigint, integer);

-- Rows that somebody is writing are left to a later pass: the change of keys waits for no clerk.
CREATE FUNCTION vault.outdated(p_trail bigint, p_after uuid, p_limit integer) RETURNS SETOF uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM vault.by_key_job(p_trail, 'vault_rekey');
    RETURN QUERY SELECT n.record_id FROM vault.number n
        WHERE n.record_id > p_after AND (n.key_version, n.index_version) <> (
            SELECT k.version, k.version FROM vault.key_version k WHERE k.state = 'current')
        ORDER BY n.record_id LIMIT least(p_limit, 1000) FOR UPDATE OF n SKIP LOCKED;
END $$;

CREATE FUNCTION vault.sample(p_trail bigint, p_version integer) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM vault.by_key_job(p_trail, 'vault_key_proved');
    RETURN QUERY SELECT n.record_id FROM vault.number n
        WHERE n.key_version = p_version AND EXISTS (SELECT FROM vault.key_version k
            WHERE k.version = p_version AND k.fingerprint = '')
        ORDER BY n.record_id LIMIT 20;
END $$;

CREATE FUNCTION vault.sealed(p_trail bigint, p_event text)
RETURNS TABLE (record_id uuid, ciphertext bytea, key_version integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_record_ids uuid[] := vault.by_key_job(p_trail, p_event);
BEGIN
    IF p_event NOT IN ('vault_rekeyed', 'vault_key_proved') THEN
        RAISE EXCEPTION 'vault: % takes nothing out', p_event
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY SELECT n.record_id, n.ciphertext, n.key_version FROM vault.number n
        WHERE n.record_id = ANY (v_record_ids) ORDER BY n.record_id;
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
    FOREACH v_function IN ARRAY ARRAY['vault.must_be_empty()',
        'vault.outdated(bigint, uuid, integer)', 'vault.sample(bigint, integer)',
        'vault.sealed(bigint, text)'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', v_function);
        IF v_function <> 'vault.must_be_empty()' THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', v_function, v_app);
        END IF;
        EXECUTE format('ALTER FUNCTION %s OWNER TO %I', v_function, v_vault);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("vault", "0002_versions_of_keys")]
    operations = [
        migrations.RunSQL(REGISTERED),
        migrations.RunSQL(KNOWN),
        migrations.RunSQL(NAMED),
        migrations.RunSQL(RIGHTS),
    ]
