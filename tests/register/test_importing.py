"""A register comes in whole or says, line by line, why not; read again, it changes nothing."""

from pathlib import Path

import pytest
from django.db import connection

import town
from daicho.access.permits import Permit
from daicho.register.importing import households
from register.conftest import Import

pytestmark = pytest.mark.django_db


def _counts() -> dict[str, int]:
    tables = ("recordedchange", "recordversion", "current", "household", "remark")
    found = {}
    with connection.cursor() as cursor:
        for name in tables:
            cursor.execute(f"SELECT count(*) FROM register_{name}")  # noqa: S608  our own names
            found[name] = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM access_trail WHERE event = 'vault_put'")
        found["vault_put"] = cursor.fetchone()[0]
    return found


NOTHING = dict.fromkeys(
    ("recordedchange", "recordversion", "current", "household", "remark", "vault_put"), 0
)


def test_a_household_with_its_history_comes_in(take_over: Import, tmp_path: Path) -> None:
    file = town.write(tmp_path, [town.hanako(), town.taro()])
    outcome, faults = take_over(file)
    assert faults == set()
    assert (outcome.lines, outcome.accepted, outcome.unchanged) == (2, 2, 0)
    assert outcome.fictitious
    assert _counts() == {
        "recordedchange": 2,
        "recordversion": 2,
        "current": 2,
        "household": 1,
        "remark": 2,
        "vault_put": 1,
    }


def test_the_same_file_again_is_unchanged(take_over: Import, tmp_path: Path) -> None:
    file = town.write(tmp_path, [town.hanako(), town.taro()])
    take_over(file)
    before = _counts()
    outcome, faults = take_over(file)
    assert (outcome.accepted, outcome.unchanged, faults) == (0, 2, set())
    assert _counts() == before


def test_a_trial_writes_nothing_but_its_trail_row(take_over: Import, tmp_path: Path) -> None:
    file = town.write(tmp_path, [town.hanako(), town.taro()])
    outcome, _ = take_over(file, trial=True)
    assert outcome.accepted == 2
    assert _counts() == NOTHING
    with connection.cursor() as cursor:
        cursor.execute("SELECT detail->'trial' FROM access_trail WHERE event = 'import'")
        assert cursor.fetchall() == [("1",)]


@pytest.mark.parametrize(
    ("changed", "codes", "because"),
    [
        ({"born_on": ""}, {"std1-1-6.blank"}, "生年月日 is never blank"),
        ({"sex": "3"}, {"item.code"}, "no such code"),
        ({"processed_on": ""}, {"import.processed_on"}, "no day of processing"),
        ({"processed_on": "2999-01-01"}, {"import.processed_on"}, "a day that is to come"),
        ({"individual_number": "123456789012"}, {"number.check_digit"}, "a wrong check digit"),
        ({"resident_record_code": "12345678904"}, {"number.check_digit"}, "the same"),
        ({"history_no": "0"}, {"import.number"}, "histories begin at 1"),
        ({"reason": "引越し"}, {"reason.unknown"}, "not a reason of 1.2.2"),
        ({"suppressions": "何か"}, {"import.suppression"}, "not the form of a suppression"),
        ({"relationship": "孫"}, {"relationship.forbidden_word"}, "a 孫 is a 子の子"),
        (
            {"given_name": "花\u0007子"},
            {"name.forbidden_character"},
            "a control character in a name",
        ),
    ],
)
def test_a_line_that_cannot_be_is_refused_with_its_household(
    take_over: Import, tmp_path: Path, changed: dict[str, str], codes: set[str], because: str
) -> None:
    file = town.write(tmp_path, [town.hanako(**changed), town.taro()])
    outcome, faults = take_over(file)
    assert outcome.accepted == 0, because
    assert {code for n, code in faults if n == 2} == codes, because
    assert (3, "import.household_incomplete") in faults
    assert _counts() == NOTHING


def test_one_bad_line_of_a_history_refuses_the_person_whole(
    take_over: Import, tmp_path: Path
) -> None:
    file = town.write(tmp_path, [town.hanako(born_on=""), town.hanako_moved()])
    outcome, faults = take_over(file)
    assert outcome.accepted == 0
    assert (3, "import.person_incomplete") in faults
    assert _counts() == NOTHING


def test_another_household_is_not_touched_by_a_refusal(take_over: Import, tmp_path: Path) -> None:
    other = town.hanako(
        address_number="000000000000124",
        household_number="000000000000213",
        individual_number="379474484458",
        resident_record_code="24727059608",
    )
    file = town.write(tmp_path, [town.hanako(sex="9"), town.taro(), other])
    outcome, _ = take_over(file)
    assert (outcome.accepted, outcome.refused_lines) == (1, 2)


@pytest.mark.parametrize(
    ("other", "code", "because"),
    [
        ({"resident_record_code": "12345678903"}, "import.record_code_twice", "E22"),
        ({"individual_number": "123456789018"}, "import.number_twice", "E21"),
        ({"relationship": "世帯主"}, "brra7.two_householders", "E27"),
    ],
)
def test_what_two_lines_say_together_is_judged(
    take_over: Import, tmp_path: Path, other: dict[str, str], code: str, because: str
) -> None:
    file = town.write(tmp_path, [town.hanako(), town.taro(**other)])
    outcome, faults = take_over(file)
    assert outcome.accepted == 0, because
    assert code in {one for _, one in faults}, because


def test_lines_of_one_person_that_stand_apart_are_refused(
    take_over: Import, tmp_path: Path
) -> None:
    file = town.write(tmp_path, [town.hanako(), town.taro(), town.hanako_moved()])
    outcome, faults = take_over(file)
    assert outcome.accepted == 0
    assert {(2, "import.rows_apart"), (4, "import.rows_apart")} <= faults


def test_the_same_history_number_twice_is_refused(take_over: Import, tmp_path: Path) -> None:
    file = town.write(tmp_path, [town.hanako(), town.hanako()])
    _, faults = take_over(file)
    assert (2, "import.history_no_twice") in faults


def test_a_row_held_otherwise_is_never_overwritten(take_over: Import, tmp_path: Path) -> None:
    take_over(town.write(tmp_path, [town.hanako(), town.taro()]))
    before = _counts()
    changed = town.write(tmp_path, [town.hanako(given_name="華子"), town.taro()], "changed.csv")
    outcome, faults = take_over(changed)
    assert (outcome.accepted, outcome.unchanged) == (0, 1)
    assert (2, "import.held_differently") in faults
    assert _counts() == before


def test_the_number_is_found_by_the_vault_and_stands_nowhere_else(
    take_over: Import, allowed: Permit, tmp_path: Path
) -> None:
    from daicho.vault import numbers

    take_over(town.write(tmp_path, [town.hanako(), town.taro()]))
    (record_id,) = numbers.find(allowed, "123456789018")
    assert numbers.get(allowed, record_id) == "123456789018"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM register_recordedchange l WHERE l::text LIKE '%%123456789018%%'"
        )
        assert cursor.fetchone() == (0,)


def test_suppressions_and_protection_come_in(take_over: Import, tmp_path: Path) -> None:
    line = town.hanako(
        suppressions="certificate:error:2024-04-01:;change:alert:2024-04-01:2025-03-31",
        protected_from_on="2024-04-01",
        provisionally_protected="1",
    )
    take_over(town.write(tmp_path, [line, town.taro()]))
    with connection.cursor() as cursor:
        cursor.execute("SELECT process, level FROM register_suppression ORDER BY process")
        assert cursor.fetchall() == [("certificate", "error"), ("change", "alert")]
        cursor.execute("SELECT provisional FROM register_protectivemeasure")
        assert cursor.fetchall() == [(True,)]


def test_refusals_of_households_are_staged_while_others_are_judged(
    take_over: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(households, "FAULTS_AT_ONCE", 1)
    other = town.hanako(
        address_number="000000000000124",
        household_number="000000000000213",
        individual_number="379474484458",
        resident_record_code="24727059608",
    )
    file = town.write(tmp_path, [town.hanako(), town.taro(relationship="世帯主"), other])
    outcome, faults = take_over(file)
    assert {(2, "brra7.two_householders"), (3, "brra7.two_householders")} <= faults
    assert (outcome.accepted, outcome.refused_lines) == (1, 2)
