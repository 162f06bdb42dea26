"""廃棄: messages that were sent, passed on or received, whose period has ended.

A line is a log with a digest at every place (decision 0010). What goes leaves a gap, so of each
line the last place that went is kept with its digest: the log can be sent again from behind it.
"""

import django.contrib.postgres.indexes
from django.db import migrations, models

# What the statistics of the database quote of a message would outlive the rows; nobody looks for
# one by its text. Naming the type anew takes away what was collected before.
NOT_QUOTED = """
DO $$
DECLARE
    v_column record;
BEGIN
    FOR v_column IN
        SELECT a.attrelid::regclass::text AS of_table, a.attname,
            format_type(a.atttypid, a.atttypmod) AS its_type
        FROM pg_attribute a
        WHERE (a.attrelid, a.attname) IN (
            ('public.network_outbox'::regclass, 'body'),
            ('public.network_logged'::regclass, 'signed'),
            ('public.network_arrived'::regclass, 'signed'),
            ('public.network_unsent'::regclass, 'body'))
    LOOP
        EXECUTE format('ALTER TABLE %1$s ALTER COLUMN %2$I TYPE %3$s,'
            ' ALTER COLUMN %2$I SET STATISTICS 0',
            v_column.of_table, v_column.attname, v_column.its_type);
    END LOOP;
END $$;
"""

OF_SENT = """
-- What is settled in a time: of our own messages those that were receipted, or refused and seen to,
-- whose outcome was told (of what is told on to the centre its too), and that nobody has to see
-- to; what was only passed on, by the moment of that, once the next party had receipted it;
-- receipts, but the last of each line, which proves what they did.
CREATE FUNCTION disposal.outbox_settled(p_from timestamptz, p_before timestamptz)
RETURNS TABLE (id text, settled_at timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT 's' || s.message_id, greatest(s.receipted_at, s.outcome_at, s.above_at)
    FROM public.network_sent s
        JOIN public.network_sendingline l ON l.neighbour = s.neighbour AND s.place <= l.receipted
    WHERE NOT s.is_open AND NOT s.is_refused
        AND (s.receipted_at IS NOT NULL OR s.outcome LIKE 'refused:%')
        AND (s.outcome_at IS NOT NULL OR s.kind = 'outcomes')
        AND (s.above_at IS NOT NULL OR s.kind <> 'identification_information'
            OR s.outcome NOT IN ('done', 'late'))
        AND greatest(s.receipted_at, s.outcome_at, s.above_at) >= p_from
        AND greatest(s.receipted_at, s.outcome_at, s.above_at) < p_before
    UNION ALL
    SELECT concat_ws('/', 'p' || g.neighbour, g.place), g.at
    FROM public.network_logged g
        JOIN public.network_sendingline l ON l.neighbour = g.neighbour AND g.place <= l.receipted
    WHERE g.at >= p_from AND g.at < p_before AND NOT EXISTS (
        SELECT FROM public.network_sent s
            JOIN public.network_logged o ON o.neighbour = s.neighbour AND o.place = s.place
        WHERE s.message_id = g.message_id AND o.origin = g.origin)
    UNION ALL
    SELECT 'k' || k.id, k.at
    FROM public.network_keptreceipt k
        JOIN (SELECT neighbour, max(id) AS id FROM public.network_keptreceipt GROUP BY 1) last
            ON last.neighbour = k.neighbour AND k.id < last.id
    WHERE k.at >= p_from AND k.at < p_before
$$;

-- Is a month still needed: stopped by a person, or is a neighbour to be asked how far it is?
CREATE FUNCTION disposal.outbox_held(p_month date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT disposal.on_hold('outbox', p_month)
    OR EXISTS (SELECT FROM public.network_sendingline l WHERE l.is_unasked)
$$;

-- The last place of a line whose text goes, with its digest: false where the line has gone back
-- before it meanwhile. The line is locked from here to the end of the transaction.
CREATE FUNCTION disposal.line_disposed(p_neighbour text, p_place bigint, p_digest text)
RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_line public.network_sendingline;
BEGIN
    SELECT * INTO v_line FROM public.network_sendingline l WHERE l.neighbour = p_neighbour
    FOR UPDATE;
    IF v_line.receipted < p_place OR v_line.is_unasked THEN
        RETURN false;
    END IF;
    UPDATE public.network_sendingline l SET disposed = p_place, disposed_digest = p_digest
    WHERE l.neighbour = p_neighbour AND l.disposed < p_place;
    RETURN true;
END $$;

-- Delete these messages, each with every place that it ever had on its line, and what was passed
-- on; gives false, with nothing deleted, where a line has gone back meanwhile.
CREATE FUNCTION disposal.delete_sent(p_messages uuid[], p_passed text[], p_receipts bigint[])
RETURNS boolean
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_neighbours text[];
    v_places bigint[];
    v_digests text[];
    v_is_right boolean;
BEGIN
    WITH own AS MATERIALIZED (
        SELECT o.neighbour, o.origin, o.message_id FROM public.network_sent s
            JOIN public.network_logged o ON o.neighbour = s.neighbour AND o.place = s.place
        WHERE s.message_id = ANY (p_messages)),
    passed AS MATERIALIZED (
        SELECT split_part(substr(one, 2), '/', 1) AS neighbour,
            split_part(one, '/', 2)::bigint AS place
        FROM unnest(p_passed) AS one),
    gone AS (
        DELETE FROM public.network_logged g USING own
        WHERE g.neighbour = own.neighbour AND g.origin = own.origin
            AND g.message_id = own.message_id
        RETURNING g.neighbour, g.place, g.digest),
    gone_by AS (
        DELETE FROM public.network_logged g USING passed
        WHERE g.neighbour = passed.neighbour AND g.place = passed.place
        RETURNING g.neighbour, g.place, g.digest),
    latest AS (
        SELECT DISTINCT ON (neighbour) neighbour, place, digest
        FROM (TABLE gone UNION ALL TABLE gone_by) AS these ORDER BY neighbour, place DESC)
    SELECT array_agg(neighbour), array_agg(place), array_agg(digest)
        INTO v_neighbours, v_places, v_digests FROM latest;
    DELETE FROM public.network_outbox o USING public.network_sent s
        WHERE s.message_id = ANY (p_messages) AND o.id = s.outbox_id;
    DELETE FROM public.network_forwarded f WHERE f.forwarded_id = ANY (p_messages);
    DELETE FROM public.network_sent s WHERE s.message_id = ANY (p_messages);
    DELETE FROM public.network_keptreceipt k WHERE k.id = ANY (p_receipts);
    -- last of all, for a line stands still while it is locked
    SELECT coalesce(bool_and(disposal.line_disposed(neighbour, place, digest)), true)
        INTO v_is_right
        FROM unnest(v_neighbours, v_places, v_digests) AS latest(neighbour, place, digest);
    IF NOT v_is_right THEN
        RAISE EXCEPTION 'disposal: a line has gone back' USING ERRCODE = 'VD004';
    END IF;
    RETURN true;
EXCEPTION WHEN SQLSTATE 'VD004' THEN
    RETURN false;
END $$;

-- Gives how many went, or nothing where it is not what was approved, or needed again.
CREATE FUNCTION disposal.destroy_outbox(p_trail bigint, p_line bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_line record;
    v_ids text[];
    v_went boolean;
BEGIN
    v_line := disposal.approved_line(p_trail, p_line, 'outbox');
    v_ids := ARRAY(SELECT disposal.outbox_ids(v_line.o_month));
    IF disposal.digest_of(v_ids) <> v_line.o_digest THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('daicho.disposal_list', v_line.o_list::text, true);
    v_went := disposal.delete_sent(
        ARRAY(SELECT substr(one, 2)::uuid FROM unnest(v_ids) AS one WHERE one LIKE 's%'),
        ARRAY(SELECT one FROM unnest(v_ids) AS one WHERE one LIKE 'p%'),
        ARRAY(SELECT substr(one, 2)::bigint FROM unnest(v_ids) AS one WHERE one LIKE 'k%'));
    PERFORM set_config('daicho.disposal_list', '', true);
    RETURN CASE WHEN v_went THEN cardinality(v_ids) END;
END $$;
"""

OF_RECEIVED = """
-- Which message had which turn: of what waits for nothing any more. Its text went when it was
-- carried out or passed on; that it was carried out stands by its id for ever (Carried).
CREATE FUNCTION disposal.inbox_settled(p_from timestamptz, p_before timestamptz)
RETURNS TABLE (id text, settled_at timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT concat_ws('/', a.origin, a."to", a.resident, a.epoch, a.ordinal), a.arrived_at
    FROM public.network_arrived a
    WHERE NOT a.waits AND a.arrived_at >= p_from AND a.arrived_at < p_before
$$;

CREATE FUNCTION disposal.inbox_held(p_month date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT disposal.on_hold('inbox', p_month)
$$;

CREATE FUNCTION disposal.destroy_inbox(p_trail bigint, p_line bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_line record;
    v_ids text[];
BEGIN
    v_line := disposal.approved_line(p_trail, p_line, 'inbox');
    v_ids := ARRAY(SELECT disposal.inbox_ids(v_line.o_month));
    IF disposal.digest_of(v_ids) <> v_line.o_digest THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('daicho.disposal_list', v_line.o_list::text, true);
    DELETE FROM public.network_arrived a USING (
        SELECT string_to_array(one, '/') AS part FROM unnest(v_ids) AS one) AS gone
    WHERE a.origin = part[1] AND a."to" = part[2] AND a.resident = part[3]::uuid
        AND a.epoch = part[4]::bigint AND a.ordinal = part[5]::bigint;
    PERFORM set_config('daicho.disposal_list', '', true);
    RETURN cardinality(v_ids);
END $$;
"""

OF_EACH = """
CREATE FUNCTION disposal.{kind}_ids(p_month date) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.id FROM disposal.{kind}_settled(p_month::timestamp AT TIME ZONE 'Asia/Tokyo',
        (p_month + interval '1 month') AT TIME ZONE 'Asia/Tokyo') s
$$;

CREATE FUNCTION disposal.{kind}_oldest() RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT (min(s.settled_at) AT TIME ZONE 'Asia/Tokyo')::date
    FROM disposal.{kind}_settled('-infinity', 'infinity') s
$$;

DO $$
DECLARE
    v_disposal text := replace(current_user, 'owner_', 'disposal_');
    v_app text := replace(current_user, 'owner_', 'app_');
    v_function text;
BEGIN
    FOREACH v_function IN ARRAY ARRAY['disposal.{kind}_ids(date)', 'disposal.{kind}_held(date)',
        'disposal.{kind}_oldest()', 'disposal.destroy_{kind}(bigint, bigint)'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', v_function);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I, %I', v_function, v_app, v_disposal);
    END LOOP;
    REVOKE ALL ON FUNCTION disposal.{kind}_settled(timestamptz, timestamptz) FROM PUBLIC;
    EXECUTE format(
        'ALTER FUNCTION disposal.destroy_{kind}(bigint, bigint) OWNER TO %I', v_disposal);
END $$;
"""

# What deletes is run by the role `disposal` alone, inside the function that asks for the list.
RIGHTS = """
DO $$
DECLARE
    v_disposal text := replace(current_user, 'owner_', 'disposal_');
    v_function text;
BEGIN
    FOREACH v_function IN ARRAY ARRAY['disposal.line_disposed(text, bigint, text)',
        'disposal.delete_sent(uuid[], text[], bigint[])'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', v_function);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', v_function, v_disposal);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("network", "0006_codes_and_numbers"),
        ("access", "0013_trail_disposal"),
    ]

    operations = [
        migrations.AddField(
            model_name="sendingline",
            name="disposed",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="sendingline",
            name="disposed_digest",
            field=models.CharField(blank=True, default="", max_length=32),
        ),
        migrations.AddIndex(
            model_name="logged",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["at"], name="network_logged_at"
            ),
        ),
        migrations.AddIndex(
            model_name="keptreceipt",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["at"], name="network_receipt_at"
            ),
        ),
        migrations.AddIndex(
            model_name="arrived",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["arrived_at"], name="network_arrived_at"
            ),
        ),
        migrations.RunSQL(NOT_QUOTED),
        migrations.RunSQL(OF_SENT),
        migrations.RunSQL(OF_RECEIVED),
        *(migrations.RunSQL(OF_EACH.format(kind=kind)) for kind in ("outbox", "inbox")),
        migrations.RunSQL(RIGHTS),
    ]
