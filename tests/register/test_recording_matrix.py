"""Every kind of change has all its parts: effects, law, consequences, tests; printed as a table."""

from pathlib import Path

import pytest

from daicho.law import changes as law
from daicho.recording import BY_JOBS, CONSEQUENCES
from daicho.terms.changes import KINDS

TESTS = Path(__file__).parent.parent
NOTHING_OF_ITS_OWN = {
    "moved_within": "none: what a 転居 asks, every change asks",
    "died": "none: what a death asks, every change asks",
}
NO_MESSAGE = {
    "moved_out": "none: until the record closes nothing of 本人確認情報 has changed",
    "householder_changed": "none: 世帯 and 続柄 are no items of 本人確認情報 nor of the 附票",
}


def _law(kind: str) -> str:
    judge = law.OF_A_KIND.get(KINDS[kind])
    return f"{judge.__module__}.judge" if judge else NOTHING_OF_ITS_OWN[kind]


def _messages(kind: str) -> str:
    names = [cause.__name__ for cause in CONSEQUENCES[KINDS[kind]]]
    return ", ".join(names) or NO_MESSAGE[kind]


def _tested_in(kind: str) -> str:
    name = KINDS[kind].__name__
    files = sorted((TESTS / "register").glob("test_recording*.py"))
    own = [one.name for one in files if one.name != Path(__file__).name]
    return ", ".join(one for one in own if f"{name}(" in (TESTS / "register" / one).read_text())


def matrix() -> dict[str, tuple[str, str, str, str]]:
    """Kind to where its effects, law, consequences and tests are, or why there are none."""
    return {
        kind: (KINDS[kind].__module__, _law(kind), _messages(kind), _tested_in(kind))
        for kind in KINDS
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_cell_points_somewhere_or_says_why_not(kind: str) -> None:
    cells = matrix()[kind]
    print(kind, *cells, sep=" | ")  # noqa: T201  the table is for who runs this with -s
    assert all(cells)
    assert cells[0] == f"daicho.terms.changes.{kind}"
    assert cells[1].startswith(("none: ", f"daicho.law.changes.{kind}."))


def test_the_tables_know_no_other_kind() -> None:
    known = set(KINDS.values())
    assert set(CONSEQUENCES) == known
    assert set(law.OF_A_KIND) | {KINDS[kind] for kind in NOTHING_OF_ITS_OWN} == known
    assert {one for kinds in BY_JOBS.values() for one in kinds} <= known


def test_a_reason_for_nothing_is_given_only_where_there_is_nothing() -> None:
    assert {kind for kind in KINDS if not CONSEQUENCES[KINDS[kind]]} == set(NO_MESSAGE)
    assert not set(NOTHING_OF_ITS_OWN) & {one.kind for one in law.OF_A_KIND}  # type: ignore[attr-defined]  # each is a kind
