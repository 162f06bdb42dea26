"""Two changes of one household at the same moment: one comes after the other, and none is lost."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

import town
from daicho import recording
from daicho.access import clock
from daicho.access.permits import Permit, permit
from daicho.access.refusals import Refused
from daicho.law.rule import FINDINGS
from daicho.recording import Statement
from daicho.register import importing, rebuilding
from daicho.terms.changes import Died
from people import cast_of
from register.counter import Clerk, next_form, record_id, rows


def _at_once(first: Permit, second: Permit, one: Statement, other: Statement) -> list[str]:
    def record(asking: tuple[Permit, Statement]) -> str:
        try:
            return str(recording.record(*asking).change_id)
        except Refused as refused:
            return refused.findings[0].code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as clerks:
        return list(clerks.map(record, ((first, one), (second, other))))


@pytest.mark.durable
@pytest.mark.parametrize("same_form", [False, True])
def test_two_changes_of_one_household_come_one_after_the_other(
    durable: str, tmp_path: Path, same_form: bool
) -> None:
    stage = cast_of()
    migrating = permit(stage.system_operator.acting(), "data.migration", clock.today())
    lines = town.write(tmp_path, [town.hanako(), town.taro()])
    importing.run(migrating, lines, ward=town.WARD, trial=False, keep_refusals=lambda _: None)
    clerk = Clerk(permit(stage.clerk.acting(), "change.ex_officio", clock.today()))
    hanako, taro = record_id("000000000000108"), record_id("000000000000116")
    accepted = frozenset(FINDINGS)  # whatever is asked
    deaths = [
        clerk.state(Died(record_ids=(one,)), basis="ex_officio", accepted=accepted)
        for one in (hanako, hanako if same_form else taro)
    ]
    other = clerk.permit if same_form else next_form(clerk.permit)
    answers = _at_once(clerk.permit, other, *deaths)
    died = rows("SELECT id FROM register_recordedchange WHERE kind = 'died'")
    if same_form:
        assert answers == [str(died[0][0])] * 2
    elif len(died) == 2:  # 太郎 died first and did not change who heads the household
        assert {str(one) for (one,) in died} == set(answers)
    else:  # 花子 died first: 太郎 has another row than the one that was opened
        assert answers == [str(died[0][0]), "std10-3.changed_since"]
    assert rebuilding.check(migrating).equal
