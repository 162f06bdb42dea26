"""docs/security/asvs.md: every requirement of ASVS 5.0.0, levels 1 and 2, with its state."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tidy import pointers
from tidy.tree import ROOT

FILE = ROOT / "docs" / "security" / "asvs.md"
STATES = {"met", "partly", "not met", "does not apply"}

# The standard's own numbers of the first two levels: section -> requirements. A star: level 1. What
# is missing between them is of level 3, which a register is not judged by here.
STANDARD = """
1.1  1 2
1.2  1* 2* 3* 4* 5* 6 7 8 9
1.3  1* 2* 3 4 5 6 7 8 9 10 11
1.4  1 2 3
1.5  1* 2
2.1  1* 2 3
2.2  1* 2* 3
2.3  1* 2 3 4
2.4  1
3.2  1* 2*
3.3  1* 2 3 4
3.4  1* 2* 3 4 5 6
3.5  1* 2* 3* 4 5
3.7  1 2
4.1  1* 2 3
4.2  1
4.3  1 2
4.4  1* 2 3 4
5.1  1
5.2  1* 2* 3
5.3  1* 2*
5.4  1 2 3
6.1  1* 2 3
6.2  1* 2* 3* 4* 5* 6* 7* 8* 9 10 11 12
6.3  1* 2* 3 4
6.4  1* 2* 3 4
6.5  1 2 3 4 5
6.6  1 2 3
6.8  1 2 3 4
7.1  1 2 3
7.2  1* 2* 3* 4*
7.3  1 2
7.4  1* 2* 3 4 5
7.5  1 2
7.6  1 2
8.1  1* 2
8.2  1* 2* 3
8.3  1*
8.4  1
9.1  1* 2* 3*
9.2  1* 2 3 4
10.1 1 2
10.2 1 2
10.3 1 2 3 4
10.4 1* 2* 3* 4* 5* 6 7 8 9 10 11
10.5 1 2 3 4 5
10.6 1 2
10.7 1 2 3
11.1 1 2
11.2 1 2 3
11.3 1* 2* 3
11.4 1* 2 3 4
11.5 1
11.6 1
12.1 1* 2 3
12.2 1* 2*
12.3 1 2 3 4
13.1 1
13.2 1 2 3 4 5
13.3 1 2
13.4 1* 2 3 4 5
14.1 1 2
14.2 1* 2 3 4
14.3 1* 2 3
15.1 1* 2 3
15.2 1* 2 3
15.3 1* 2 3 4 5 6 7
16.1 1
16.2 1 2 3 4 5
16.3 1 2 3 4
16.4 1 2 3
16.5 1 2 3
17.1 1
17.2 1 2 3 4
17.3 1 2
"""


@dataclass(frozen=True)
class Line:
    """One requirement as the page has it; `shown` is the last cell whole."""

    id: str
    level: str
    asks: str
    state: str
    shown: str

    @property
    def pointers(self) -> tuple[str, ...]:
        """What stands in backquotes: a file, a test, a word of a file."""
        return tuple(re.findall(r"`([^`]+)`", self.shown))


def _lines() -> Iterator[Line]:
    for row in re.findall(r"^\| (v5\S* .*) \|$", FILE.read_text("utf-8"), re.MULTILINE):
        cells = [cell.strip() for cell in row.split("|")]
        assert len(cells) == 5, f"{cells[0]}: five cells"
        yield Line(*cells)


def _wanted() -> Iterator[tuple[str, str]]:
    for section, *numbers in map(str.split, STANDARD.strip().splitlines()):
        for number in numbers:
            yield f"v5.0.0-{section}.{number.rstrip('*')}", "1" if "*" in number else "2"


LINES = tuple(_lines())


def _faults(line: Line) -> list[str]:
    found = [why for one in line.pointers if (why := pointers.wrong(one))]
    if line.state not in STATES:
        found.append(f"{line.state!r} is no state")
    if not line.asks:
        found.append("says what is asked")
    if line.state == "met" and not line.pointers:
        found.append("met names a test or a line")
    words = re.sub(r"`[^`]+`|\W", "", line.shown)
    if line.state != "met" and len(words) < 4:
        found.append("says what is missing, or why")
    return found


def test_the_standard_has_as_many_as_it_says() -> None:
    levels = Counter(level for _, level in _wanted())
    assert levels == {"1": 70, "2": 183}


def test_every_requirement_stands_there_once_in_the_standards_order() -> None:
    assert [(one.id, one.level) for one in LINES] == list(_wanted())


def test_every_state_is_one_that_holds() -> None:
    faults = {one.id: found for one in LINES if (found := _faults(one))}
    assert not faults, f"{faults}"


PAGES = sorted(path.name for path in FILE.parent.glob("*.md"))


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_of_security_points_at_exists(name: str) -> None:
    spans = re.findall(r"`([^`\n]+)`", (FILE.parent / name).read_text("utf-8"))
    named = [one for one in spans if "::" in one or one.startswith("tests/")]
    assert named, f"{name} says by what it is shown"
    assert not [why for one in named if (why := pointers.wrong(one))]


@pytest.mark.parametrize(
    ("state", "shown", "is_wrong"),
    [
        ("met", "`tests/tidy/test_asvs.py::test_every_state_is_one_that_holds`", False),
        ("met", "it is so", True),
        ("met", "`tests/tidy/test_asvs.py::test_of_nothing`", True),
        ("met", "`src/daicho/site/settings.py::NO_SUCH_WORD`", True),
        ("partly", "", True),
        ("partly", "the half of it is missing", False),
        ("not met", "`pyproject.toml`", True),
        ("does not apply", "no GraphQL", False),
        ("perhaps", "it may be", True),
    ],
)
def test_the_check_sees_a_state_that_does_not_hold(state: str, shown: str, is_wrong: bool) -> None:
    assert bool(_faults(Line("v5.0.0-0.0.0", "1", "something", state, shown))) is is_wrong
