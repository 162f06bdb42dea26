"""廃棄: disclosures, questions, cards, own records and exports whose period has ended.

Each kind is kept by the month in which it ended. What has not ended has no such day, belongs to no
month, and so is never listed; what ends again moves to another month, and a line that was approved
before is then not what stands there.
"""

from dataclasses import dataclass

from django.db import migrations, models


@dataclass(frozen=True)
class Kind:
    """廃棄の対象: one kind of the table of periods.

    `ended` gives the id of each, as text, and the day on which it ended, NULL where that is not
    known. `rows` are the tables in which its rows stand, those that refer to others first, each
    with the id by which its row `t` goes.
    """

    code: str
    ended: str
    rows: tuple[tuple[str, str], ...]

    @property
    def sql(self) -> str:
        """Its functions: what has ended, the ids of a month, is it held, and the deletion."""
        return _FUNCTIONS.format(
            code=self.code,
            ended=self.ended.strip(),
            deletions="\n    ".join(
                f"DELETE FROM public.{table} t WHERE {key} = ANY (v_ids);"  # noqa: S608  our own names
                for table, key in self.rows
            ),
        )


_FUNCTIONS = """
CREATE FUNCTION disposal.{code}_ended() RETURNS TABLE (id text, ended_on date)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    {ended}
$$;

CREATE FUNCTION disposal.{code}_ids(p_month date) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.id FROM disposal.{code}_ended() e
    WHERE e.ended_on >= p_month AND e.ended_on < (p_month + interval '1 month')::date
$$;

-- Is a month still needed? Nothing in it is open; only a person can have stopped it.
CREATE FUNCTION disposal.{code}_held(p_month date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT disposal.on_hold('{code}', p_month)
$$;

-- Gives how many went, or nothing where it is not what was approved, or needed again.
CREATE FUNCTION disposal.destroy_{code}(p_trail bigint, p_line bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    v_line record;
    v_ids text[];
BEGIN
    v_line := disposal.approved_line(p_trail, p_line, '{code}');
    v_ids := ARRAY(SELECT disposal.{code}_ids(v_line.o_month));
    IF disposal.digest_of(v_ids) <> v_line.o_digest THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('daicho.disposal_list', v_line.o_list::text, true);
    {deletions}
    PERFORM set_config('daicho.disposal_list', '', true);
    RETURN cardinality(v_ids);
END $$;

DO $$
DECLARE
    v_disposal text := replace(current_user, 'owner_', 'disposal_');
    v_app text := replace(current_user, 'owner_', 'app_');
    v_function text;
BEGIN
    FOREACH v_function IN ARRAY ARRAY['disposal.{code}_ended()', 'disposal.{code}_ids(date)',
        'disposal.{code}_held(date)', 'disposal.destroy_{code}(bigint, bigint)'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', v_function);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I, %I', v_function, v_app, v_disposal);
    END LOOP;
    EXECUTE format(
        'ALTER FUNCTION disposal.destroy_{code}(bigint, bigint) OWNER TO %I', v_disposal);
END $$;
"""

KINDS = (
    # Given or withdrawn; given once more, it ended then. What waits on a desk has not ended.
    Kind(
        "disclosure",
        """
    SELECT s.disclosure_id::text, max(s.taken_on) FROM public.access_disclosurestep s
    WHERE s.what IN ('given', 'withdrawn') AND NOT EXISTS (
        SELECT FROM public.access_disclosurewaiting w WHERE w.disclosure_id = s.disclosure_id)
    GROUP BY s.disclosure_id
""",
        (
            ("access_disclosurestep", "t.disclosure_id::text"),
            ("access_disclosurerequest", "t.id::text"),
        ),
    ),
    # Answered; a question that nobody has answered has not ended.
    Kind(
        "own_log",
        """
    SELECT a.question_id::text, (a.at AT TIME ZONE 'Asia/Tokyo')::date
    FROM public.access_ownloganswer a
""",
        (
            ("access_ownloganswer", "t.question_id::text"),
            ("access_ownlogquestion", "t.id::text"),
        ),
    ),
    # Revoked, or out of force, whichever was first; a try at it later changes nothing.
    Kind(
        "resident_card",
        """
    SELECT c.id::text, least((r.at AT TIME ZONE 'Asia/Tokyo')::date, c.until_on)
    FROM public.access_residentcard c
        LEFT JOIN public.access_residentcardrevocation r ON r.card_id = c.id
""",
        (
            ("access_residentcardtry", "t.card_id::text"),
            ("access_residentcardrevocation", "t.card_id::text"),
            ("access_residentcard", "t.id::text"),
        ),
    ),
    # Another record, or none, was named instead, or the operator's last day came.
    Kind(
        "own_record",
        """
    SELECT 'o' || o.id, least(o.until_on, lead(o.since) OVER (
        PARTITION BY o.operator_id ORDER BY o.since, o.id))
    FROM (
        SELECT r.id, r.operator_id, r.since, p.until_on FROM public.access_ownrecord r
            JOIN public.access_operator p ON p.id = r.operator_id) o
    UNION ALL
    SELECT 'n' || n.id, p.until_on FROM public.access_relationnotice n
        JOIN public.access_operator p ON p.id = n.operator_id
""",
        (
            ("access_ownrecord", "'o' || t.id"),
            ("access_relationnotice", "'n' || t.id"),
        ),
    ),
    # The last day that was asked for; refused, taken back or ended before, on that day.
    Kind(
        "data_export",
        """
    SELECT r.id::text, least(r.until_on, min((s.at AT TIME ZONE 'Asia/Tokyo')::date))
    FROM public.access_dataexportrequest r
        LEFT JOIN public.access_dataexportstep s ON s.request_id = r.id
            AND (s.is_end OR NOT s.is_approved OR s.by_id = r.asked_by_id)
    GROUP BY r.id
""",
        (
            ("access_dataexport", "t.request_id::text"),
            ("access_dataexportstep", "t.request_id::text"),
            ("access_dataexportrequest", "t.id::text"),
        ),
    ),
)

# What persons said is quoted in no statistics of the database, which would outlive the rows; nobody
# looks for a row by it. Naming the type anew takes away what was collected before.
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
            ('public.access_disclosurerequest'::regclass, 'requester_name'),
            ('public.access_disclosurerequest'::regclass, 'requester_address'),
            ('public.access_disclosurerequest'::regclass, 'principal_name'),
            ('public.access_disclosurestep'::regclass, 'reason'),
            ('public.access_ownlogquestion'::regclass, 'text'),
            ('public.access_ownloganswer'::regclass, 'text'),
            ('public.access_dataexportrequest'::regclass, 'recipient'),
            ('public.access_dataexportrequest'::regclass, 'ground'))
    LOOP
        EXECUTE format('ALTER TABLE %1$s ALTER COLUMN %2$I TYPE %3$s,'
            ' ALTER COLUMN %2$I SET STATISTICS 0',
            v_column.of_table, v_column.attname, v_column.its_type);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0013_trail_disposal")]

    operations = [
        migrations.AddField(
            model_name="residentcard",
            name="until_on",
            field=models.DateField(null=True),
        ),
        migrations.RunSQL(NOT_QUOTED),
        *[migrations.RunSQL(kind.sql) for kind in KINDS],
    ]
