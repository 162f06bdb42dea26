"""docs/traceability.csv: where each requirement is done, the test that shows it, how to open it."""

import csv
import re
from collections import Counter
from dataclasses import dataclass

import pytest

from daicho.site.cli import COMMANDS
from tidy import pointers
from tidy.tree import ROOT

FILE = ROOT / "docs" / "traceability.csv"
COLUMNS = ["id", "state", "where", "test", "open"]
STATES = {"planned", "partial", "done"}
# As many as the seed documents and the national standard have; a requirement is never dropped.
SEEDS, STANDARD = 387, 162


@dataclass(frozen=True)
class Line:
    """One requirement; `where` and `test` may list several pointers, separated by blanks."""

    id: str
    state: str
    where: str
    test: str
    open: str


def _lines() -> list[Line]:
    with FILE.open(encoding="utf-8", newline="") as opened:
        reader = csv.DictReader(opened)
        assert reader.fieldnames == COLUMNS, f"{FILE.name}: the columns are {COLUMNS}"
        return [Line(**row) for row in reader]


LINES = _lines()
SHOWN = [line for line in LINES if line.state in ("partial", "done")]
DONE = [line for line in SHOWN if line.state == "done"]


def test_every_requirement_has_one_line() -> None:
    ids = Counter(line.id for line in LINES)
    assert not [name for name, n in ids.items() if n > 1], "one line for each requirement"
    seeds = [name for name in ids if re.match(r"S\d-", name)]
    assert (len(seeds), len(ids) - len(seeds)) == (SEEDS, STANDARD), "a requirement is gone"


def test_every_state_is_known() -> None:
    wrong = {line.id: line.state for line in LINES if line.state not in STATES}
    assert not wrong, f"{wrong}: one of {sorted(STATES)}"


def test_what_is_planned_points_at_nothing() -> None:
    wrong = [line.id for line in LINES if line.state == "planned" and (line.where or line.test)]
    assert not wrong, f"{wrong}: partial or done, or no pointer"


@pytest.mark.parametrize("line", SHOWN, ids=lambda line: line.id)
def test_what_is_done_points_at_what_exists(line: Line) -> None:
    named = [*line.where.split(), *line.test.split()]
    wrong = [why for pointer in named if (why := pointers.wrong(pointer))]
    assert not wrong, f"{line.id}: {wrong}"
    assert line.where, f"{line.id}: {line.state} says where"
    tests = line.test.split()
    assert tests, f"{line.id}: {line.state} names the test that shows it"
    assert all("::test_" in one for one in tests), f"{line.id}: a test is path::test_name"


@pytest.mark.parametrize("line", DONE, ids=lambda line: line.id)
def test_what_is_done_can_be_opened(line: Line) -> None:
    assert line.open, f"{line.id}: done names the screen or command to open"
    if line.open.startswith("./daicho "):
        assert line.open.split()[1] in COMMANDS, f"{line.id}: {line.open} is no command"


@pytest.mark.parametrize(
    ("pointer", "is_wrong"),
    [
        ("src/daicho/access/clock.py", False),
        ("src/daicho/access/clock.py::fixed", False),
        ("src/daicho/access/clock.py::broken_clock", True),
        ("src/daicho/access/nothing.py", True),
        ("tests/tidy/test_traceability.py::test_every_state_is_known", False),
        ("tests/tidy/test_traceability.py::_lines", True),
    ],
)
def test_the_check_sees_a_pointer_to_nothing(pointer: str, is_wrong: bool) -> None:
    assert bool(pointers.wrong(pointer)) == is_wrong
