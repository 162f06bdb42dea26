"""Every row of every table of law, and that no rule and no finding is without one."""

import pytest

from daicho.law import index
from daicho.law.rule import FINDINGS, RULES
from law.runner import Row, WrongRow, read, rows, rows_by_rule, same

ROWS = rows()


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in ROWS])
def test_a_row_of_law_holds(row: Row) -> None:
    answer, text = row.ask()
    assert same(answer, row.expect), f"{answer} instead of {row.expect}: {row.because}"
    assert row.says in text


def test_every_rule_has_a_row_on_a_day_of_its_force() -> None:
    assert index.by_rule({}).keys() == RULES.keys()
    assert set(RULES) - set(rows_by_rule()) == set()


def test_every_finding_is_expected_somewhere() -> None:
    expected = {code for row in ROWS for code in _codes(row.expect)}
    assert set(FINDINGS) - expected == set()


def test_every_finding_is_expected_as_severe_as_it_is() -> None:
    for row in ROWS:
        for code, severity in _codes(row.expect).items():
            assert (severity == "エラー") is FINDINGS[code].refuses


def test_a_reason_is_given_once_in_a_table() -> None:
    names = [row.name for row in ROWS]
    assert len(names) == len(set(names))


def _codes(expect: object) -> dict[str, str]:
    texts = expect if isinstance(expect, list) else [expect]
    if isinstance(expect, dict):  # the fields of what a rule answers
        texts = list(expect.values())
    findings = [text for text in texts if isinstance(text, str) and " " in text]
    return {text.split()[1]: text.split()[0] for text in findings}


ROW = """
rule: notifications.moved_in_late
cites: [BRRA 22(1)]
rows:
  - given: {occurred_on: 2026-04-01, received_on: 2026-04-15}
    on: 2026-04-15
    expect: なし
    because: 十四日目である
"""


@pytest.mark.parametrize(
    ("good", "bad", "because"),
    [
        ("    because: 十四日目である\n", "", "no reason"),
        ("十四日目である", "''", "an empty reason"),
        ("    on: 2026-04-15\n", "", "no day of law"),
        ("expect: なし", "expct: なし", "a misspelt key would never be asked"),
        ("expect: なし", "expect: なし\n    cites: [CC 90]", "not what the rule rests on"),
        ("cites: [BRRA 22(1)]\n", "", "no citation"),
    ],
)
def test_a_table_that_is_not_whole_is_refused(good: str, bad: str, because: str) -> None:
    assert good in ROW
    with pytest.raises(WrongRow):
        list(read("made_up.yaml", ROW.replace(good, bad)))


def test_a_wrong_expectation_does_not_pass() -> None:
    (row,) = read("made_up.yaml", ROW)
    answer, _ = row.ask()
    assert same(answer, "なし")
    assert not same(answer, "アラート brra22.late")
    assert not same(answer, False)
    assert not same(True, 1)
