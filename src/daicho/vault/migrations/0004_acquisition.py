"""No number comes into the vault without saying whence: its acquisition is written with it.

`vault.acquisition` has a row for each time a number was put in for a record, written once and by
`vault.put` alone; `vault.number` names the one it stands on by the trail row of that `put`. It
holds codes of the tables of law, never a number. Rows from before have `before_records` and trail
row 0.
The functions of older programs are gone: they could not say whence a number came.
"""

from django.db import migrations

TABLE = """
CREATE TABLE vault.acquisition (
    record_id uuid NOT NULL,
    trail_id bigint NOT NULL,
    source text NOT NULL CHECK (source <> ''),
    ground text NOT NULL CHECK (ground ~ '^([a-z]+([.][a-z0-9]{1,12})?)?$'),
    given_by text NOT NULL DEFAULT '',
    checked_by text NOT NULL DEFAULT '',
    number_document text NOT NULL DEFAULT '',
    identity_documents text[] NOT NULL DEFAULT '{}',
    authority_documents text[] NOT NULL DEFAULT '{}',
    purpose_shown text NOT NULL DEFAULT '',
    operator_id bigint,
    office text NOT NULL DEFAULT '',
    job text NOT NULL DEFAULT '',
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (record_id, trail_id),
    CONSTRAINT acquisition_holds_codes_alone CHECK (
        (source || given_by || checked_by || number_document || purpose_shown
            || array_to_string(identity_documents || authority_documents, '')) !~ '[^a-z_]')
);

INSERT INTO vault.acquisition (record_id, trail_id, source, ground)
SELECT n.record_id, 0, 'before_records', '' FROM vault.number n;

ALTER TABLE vault.number ADD COLUMN acquired_in bigint NOT NULL DEFAULT 0;
ALTER TABLE vault.number ALTER COLUMN acquired_in DROP DEFAULT;

CREATE FUNCTION vault.acquired_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'vault: how a number was acquired is written once'
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER acquired_once BEFORE UPDATE OR DELETE ON vault.acquisition
    FOR EACH ROW EXECUTE FUNCTION vault.acquired_once();
CREATE TRIGGER acquired_once_truncate BEFORE TRUNCATE ON vault.acquisition
    FOR EACH STATEMENT EXECUTE FUNCTION vault.acquired_once();
"""

PUT = """
DROP FUNCTION vault.put(bigint, uuid[], bytea[], integer, bytea[], integer);
DROP FUNCTION vault.put(bigint, uuid[], bytea[], bytea[], integer, text, text);

-- `p_acquired` are the different acquisitions, each with its place, `p_places` the one of each
-- record. Who and where stand in the trail row: nobody says them twice.
CREATE FUNCTION vault.put(p_trail bigint, p_record_ids uuid[], p_ciphertexts bytea[],
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
    INSERT INTO vault.number (record_id, ciphertext, key_version, blind_index, index_version,
        acquired_in)
    SELECT r, c, p_version, b, p_version, p_trail
    FROM unnest(p_record_ids, p_ciphertexts, p_blind_indexes) AS rows(r, c, b)
    ON CONFLICT (record_id) DO UPDATE SET ciphertext = EXCLUDED.ciphertext,
        key_version = EXCLUDED.key_version, blind_index = EXCLUDED.blind_index,
        index_version = EXCLUDED.index_version, acquired_in = EXCLUDED.acquired_in;
    GET DIAGNOSTICS v_written = ROW_COUNT;
    RETURN v_written;
END $$;
"""

ASKED = """
CREATE FUNCTION vault.acquisitions(p_trail bigint, p_record_id uuid)
RETURNS TABLE (source text, ground text, given_by text, checked_by text, number_document text,
    identity_documents text[], authority_documents text[], purpose_shown text,
    operator_id bigint, office text, job text, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF vault.trailed(p_trail, 'vault_acquisition') <> ARRAY[p_record_id] THEN
        RAISE EXCEPTION 'vault: the trail row does not name this record'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY SELECT a.source, a.ground, a.given_by, a.checked_by, a.number_document,
        a.identity_documents, a.authority_documents, a.purpose_shown,
        a.operator_id, a.office, a.job, a.at
    FROM vault.acquisition a WHERE a.record_id = p_record_id ORDER BY a.trail_id;
END $$;
"""

RIGHTS = """
DO $$
DECLARE
    v_vault text := replace(current_user, 'owner_', 'vault_');
    v_app text := replace(current_user, 'owner_', 'app_');
    v_function text;
BEGIN
    EXECUTE format('ALTER TABLE vault.acquisition OWNER TO %I', v_vault);
    FOREACH v_function IN ARRAY ARRAY['vault.acquired_once()',
        'vault.put(bigint, uuid[], bytea[], bytea[], integer, text, text, jsonb, integer[])',
        'vault.acquisitions(bigint, uuid)'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', v_function);
        IF v_function <> 'vault.acquired_once()' THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', v_function, v_app);
        END IF;
        EXECUTE format('ALTER FUNCTION %s OWNER TO %I', v_function, v_vault);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("vault", "0003_numbers_leave_by_name")]
    operations = [
        migrations.RunSQL(TABLE),
        migrations.RunSQL(PUT),
        migrations.RunSQL(ASKED),
        migrations.RunSQL(RIGHTS),
    ]
