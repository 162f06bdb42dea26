"""仮登録と中断: a stop in the middle of recording leaves the draft whole, and no change."""

from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError
from psycopg import sql

import databases
import town
from daicho import recording
from daicho.access import clock
from daicho.access.permits import permit
from daicho.law.rule import FINDINGS
from daicho.register import importing
from daicho.register.receiving import drafts
from daicho.terms.changes import Died
from people import cast_of
from receptions import permit_under, received
from register.counter import TODAY, Clerk, on_day, record_id, rows

pytestmark = pytest.mark.durable

BREAKS = """
CREATE FUNCTION public.break_off() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'broken off'; END $$;
CREATE TRIGGER break_off BEFORE INSERT ON access_trail FOR EACH ROW
    WHEN (NEW.event = {}) EXECUTE FUNCTION public.break_off()
"""
GOES_ON = "DROP TRIGGER break_off ON access_trail; DROP FUNCTION public.break_off()"


@pytest.mark.parametrize("event", ["change", "draft"], ids=["in the change", "in the discarding"])
def test_a_stop_while_recording_loses_no_draft_and_leaves_none_behind(
    durable: str, tmp_path: Path, event: str
) -> None:
    cast = cast_of()
    moving = permit(cast.system_operator.acting(), "data.migration", clock.today())
    file = town.write(tmp_path, [town.hanako()])
    importing.run(moving, file, ward=town.WARD, trial=False, keep_refusals=lambda _: None)
    hanako = record_id("000000000000108")
    url = databases.the_server().url(durable, "superuser")
    with on_day(TODAY), psycopg.connect(url, autocommit=True) as superuser:
        found = received(cast.clerk, "died", basis="ex_officio")
        its = permit_under(cast.clerk, found)
        drafts.keep(its, found, "died", {"occurred_on": "R8.11.1"}, [hanako])
        statement = Clerk(its).state(
            Died(record_ids=(hanako,)), basis="ex_officio", reception_id=found.reception_id
        )
        statement = replace(statement, accepted=frozenset(FINDINGS))
        superuser.execute(sql.SQL(BREAKS).format(event))
        with pytest.raises(DatabaseError, match="broken off"):
            recording.record(its, statement)
        assert _drafts_and_deaths() == (1, 0)
        superuser.execute(GOES_ON)
        recording.record(its, statement)
        assert _drafts_and_deaths() == (0, 1)


def _drafts_and_deaths() -> tuple[int, int]:
    ((drafts_kept,),) = rows("SELECT count(*) FROM register_draft")
    ((deaths,),) = rows("SELECT count(*) FROM register_recordedchange WHERE kind = 'died'")
    return drafts_kept, deaths
