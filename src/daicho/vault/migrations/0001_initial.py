"""The vault's table and its three functions, owned by the role `vault_<name>`.

`app` cannot read the table. It may call the functions, and each of them first looks for the trail
row that tells of this use, written by the same transaction: no trail, no number.
"""

from django.db import migrations

CREATE = """
CREATE TABLE vault.number (
    record_id uuid PRIMARY KEY,
    ciphertext bytea NOT NULL,
    key_version integer NOT NULL,
    blind_index bytea NOT NULL,
    index_version integer NOT NULL
);
CREATE INDEX number_blind_index ON vault.number (blind_index);

-- For whom the vault opens: written by `manage grant` from the tables of the law.
CREATE TABLE vault.opens_for (
    code text NOT NULL,
    is_job boolean NOT NULL,
    article text NOT NULL,
    PRIMARY KEY (code, is_job)
);

CREATE FUNCTION vault.trailed(p_trail bigint, p_event text) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_record_ids uuid[];
BEGIN
    SELECT s.record_ids INTO v_record_ids
    FROM public.access_trail t JOIN public.access_trailsubjects s ON s.trail_id = t.id
    JOIN vault.opens_for o ON o.article = t.article
        AND o.code = CASE WHEN o.is_job THEN t.job ELSE t.purpose END
    WHERE t.id = p_trail AND t.event = p_event AND t.number_seen = (p_event = 'vault_get')
        AND t.xid = pg_current_xact_id_if_assigned()
        AND (t.job <> '') <> (t.purpose <> '')
        AND (o.is_job OR EXISTS (SELECT FROM public.access_operator a
            WHERE a.id = t.operator_id AND a.is_active));
    IF NOT FOUND THEN
        RAISE EXCEPTION 'vault: no trail row of this transaction allows %', p_event
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN v_record_ids;
END $$;

CREATE FUNCTION vault.put(p_trail bigint, p_record_ids uuid[], p_ciphertexts bytea[],
    p_key_version integer, p_blind_indexes bytea[], p_index_version integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_written bigint;
BEGIN
    IF NOT p_record_ids <@ vault.trailed(p_trail, 'vault_put') THEN
        RAISE EXCEPTION 'vault: the trail row does not name these records'
            USING ERRCODE = 'insufficient_privilege';
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

CREATE FUNCTION vault.get(p_trail bigint, p_record_id uuid)
RETURNS TABLE (ciphertext bytea, key_version integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF vault.trailed(p_trail, 'vault_get') <> ARRAY[p_record_id] THEN
        RAISE EXCEPTION 'vault: the trail row does not name this record'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY SELECT n.ciphertext, n.key_version FROM vault.number n
        WHERE n.record_id = p_record_id;
END $$;

CREATE FUNCTION vault.find(p_trail bigint, p_blind_indexes bytea[]) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM vault.trailed(p_trail, 'vault_find');
    RETURN QUERY SELECT n.record_id FROM vault.number n
        WHERE n.blind_index = ANY (p_blind_indexes) ORDER BY n.record_id;
END $$;

CREATE FUNCTION vault.held(p_trail bigint, p_blind_indexes bytea[]) RETURNS SETOF bytea
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM vault.trailed(p_trail, 'vault_find');
    RETURN QUERY SELECT DISTINCT n.blind_index FROM vault.number n
        WHERE n.blind_index = ANY (p_blind_indexes);
END $$;

DO $$
DECLARE
    v_vault text := replace(current_user, 'owner_', 'vault_');
    v_app text := replace(current_user, 'owner_', 'app_');
    v_function text;
BEGIN
    EXECUTE format('GRANT SELECT ON public.access_trail TO %I', v_vault);
    EXECUTE format('GRANT SELECT ON public.access_trailsubjects TO %I', v_vault);
    EXECUTE format('GRANT SELECT (id, is_active) ON public.access_operator TO %I', v_vault);
    EXECUTE format('ALTER TABLE vault.number OWNER TO %I', v_vault);
    EXECUTE format('ALTER TABLE vault.opens_for OWNER TO %I', v_vault);
    FOREACH v_function IN ARRAY ARRAY['vault.trailed(bigint, text)',
        'vault.put(bigint, uuid[], bytea[], integer, bytea[], integer)',
        'vault.get(bigint, uuid)', 'vault.find(bigint, bytea[])',
        'vault.held(bigint, bytea[])'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', v_function);
        IF v_function NOT LIKE 'vault.trailed%%' THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', v_function, v_app);
        END IF;
        EXECUTE format('ALTER FUNCTION %s OWNER TO %I', v_function, v_vault);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]
    operations = [migrations.RunSQL(CREATE)]
