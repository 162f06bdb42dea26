"""What the import finds in SQL of histories and doubles is what the law says of every line."""

from collections import Counter
from datetime import date
from itertools import groupby
from pathlib import Path

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

import town
from daicho.access.permits import Permit
from daicho.law import uniqueness
from daicho.law.rule import Finding
from daicho.register import rebuilding
from daicho.register.importing import staging
from daicho.register.reading.judging import Alert
from register.conftest import Import

pytestmark = pytest.mark.django_db

ON = date(2026, 4, 1)
GAP = ("import.history_no_gap", "history_no")
PERSONS = ("000000000000019", "000000000000027")
CODES = ("", "12345678903", "24727059608")
Line = tuple[str, int, int, str, str]  # 宛名番号, 履歴番号, 在住番号, 住民状態, 住民票コード

LINES: st.SearchStrategy[list[Line]] = st.lists(
    st.tuples(
        st.sampled_from(PERSONS),
        st.integers(1, 4),
        st.integers(1, 3),
        st.sampled_from(("living", "", "moved_out")),
        st.sampled_from(CODES),
    ),
    max_size=8,
)


def _staged(lines: list[Line]) -> tuple[set[tuple[int, str]], Counter[Alert]]:
    """What the import's own checks stage and count of these lines."""
    staging.create()
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO staged (line, address_number, history_no, residence_no, state,"
            " resident_record_code, household_number, residence_card_number,"
            " special_permanent_resident_certificate_number)"
            " VALUES (%s, %s, %s, %s, %s, %s, '', '', '')",
            [(place, *line) for place, line in enumerate(lines)],
        )
    alerts = staging.check(ON)
    return {one[:2] for one in staging.faults()}, alerts


def _of_the_law(lines: list[Line]) -> tuple[set[tuple[int, str]], Counter[Alert]]:
    """What the law says when it is asked of every line, one by one."""
    found: list[tuple[int, Finding | None]] = []
    persons: list[list[tuple[int, Line]]] = []
    for number in PERSONS:
        persons.append([(n, one) for n, one in enumerate(lines) if one[0] == number])
    for its in persons:
        found += _history(sorted(its, key=lambda one: (one[1][1], one[0])))
        runs = sum(
            1 for key, _ in groupby(lines, key=lambda one: one[0]) if its and key == its[0][1][0]
        )
        found += [(n, uniqueness.imported_together(runs, on=ON)) for n, _ in its]
    found += _doubles(persons)
    told = [(n, one) for n, one in found if one is not None]
    refused = {(n, one.code) for n, one in told if one.refuses}
    return refused, Counter((one.code, one.on_item) for _, one in told if not one.refuses)


def _history(its: list[tuple[int, Line]]) -> list[tuple[int, Finding | None]]:
    found: list[tuple[int, Finding | None]] = []
    for place, (n, (_, number, residence, state, _code)) in enumerate(its):
        before = its[place - 1][1] if place else None
        after = its[place + 1][1][2] if place + 1 < len(its) else None
        same = sum(one[1] == number for _, one in its)
        found += [
            (n, uniqueness.history_no_twice(same, on=ON)),
            (n, uniqueness.history_no_gap(before[1] if before else 0, number, on=ON)),
            (n, _residence_no(before, number, residence)),
            (n, uniqueness.residence_ends(state, residence, after, on=ON)),
        ]
    return found


def _residence_no(before: Line | None, number: int, residence: int) -> Finding | None:
    lacks_first = before is None and number > 1
    before_no = before[2] if before else None
    return uniqueness.residence_no(before_no, residence, on=ON, lacks_first=lacks_first)


def _doubles(persons: list[list[tuple[int, Line]]]) -> list[tuple[int, Finding | None]]:
    """Of each person's last line, where it is unambiguous which that is."""
    last = [max(its, key=lambda one: one[1][1]) for its in persons if its]
    living = [(n, one[4]) for n, one in last if one[3] in ("", "living")]
    codes = Counter(code for _, code in living if code)
    item = "resident_record_code"
    return [
        (n, uniqueness.imported_number_twice(item, codes[code] - 1, on=ON))
        for n, code in living
        if code
    ]


def _is_unambiguous(lines: list[Line]) -> bool:
    """Is it told which line of a person is the last? Of two with one number either may be."""
    for number in PERSONS:
        its = [one[1] for one in lines if one[0] == number]
        if its and its.count(max(its)) > 1:
            return False
    return True


def test_every_line_is_judged_as_the_law_says() -> None:
    @settings(max_examples=150, derandomize=True, deadline=None, database=None)
    @given(LINES)
    def judged(lines: list[Line]) -> None:
        before = transaction.savepoint()
        lines = lines if _is_unambiguous(lines) else [(*one[:4], "") for one in lines]
        try:
            assert _staged(lines) == _of_the_law(lines)
        finally:
            transaction.savepoint_rollback(before)

    judged()


def test_a_gap_in_the_history_is_told_and_taken_over(
    take_over: Import, allowed: Permit, tmp_path: Path
) -> None:
    file = town.write(tmp_path, [town.hanako(), town.hanako_moved(history_no="4")])
    outcome, faults = take_over(file)
    assert (faults, outcome.accepted) == (set(), 2)
    assert outcome.alerts[GAP] == 1
    assert rebuilding.check(allowed).equal


def test_a_line_that_was_refused_leaves_no_gap_of_its_own(
    take_over: Import, tmp_path: Path
) -> None:
    file = town.write(tmp_path, [town.hanako(born_on=""), town.hanako_moved()])
    outcome, faults = take_over(file)
    assert outcome.alerts[GAP] == 0
    assert {code for _, code in faults} == {"std1-1-6.blank", "import.person_incomplete"}


@pytest.mark.parametrize(
    ("residence_no", "state", "code", "because"),
    [
        ("3", "living", "import.residence_no", "a residence is passed over"),
        ("2", "living", "import.living_not_last", "the first residence has not ended"),
    ],
)
def test_residences_follow_each_other(
    take_over: Import, tmp_path: Path, residence_no: str, state: str, code: str, because: str
) -> None:
    again = town.hanako_moved(residence_no=residence_no)
    outcome, faults = take_over(town.write(tmp_path, [town.hanako(state=state), again]))
    assert outcome.accepted == 0
    assert code in {one for _, one in faults}, because
