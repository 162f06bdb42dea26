"""Every kind of change has all its parts, or says why not; `./daicho kinds` prints the table."""

import pytest

from daicho.law import changes as law
from daicho.recording import BY_JOBS, CONSEQUENCES
from daicho.site.commands import kinds
from daicho.terms.changes import KINDS
from daicho.web.counter.changes import FORMS


@pytest.mark.parametrize("kind", KINDS)
def test_every_cell_points_somewhere_or_says_why_not(kind: str) -> None:
    cells = kinds.matrix()[kind]
    assert cells.keys() == kinds.COLUMNS.keys()
    assert [name for name, cell in cells.items() if not cell] == []


@pytest.mark.parametrize("kind", KINDS)
def test_one_stem_in_every_ring(kind: str) -> None:
    cells = kinds.matrix()[kind]
    assert cells["効果"].startswith(f"terms.changes.{kind}.")
    assert cells["審査"].startswith((kinds.NONE, f"law.changes.kinds.{kind}."))
    assert cells["入力"].startswith((kinds.NONE, f"web.counter.changes.{kind}."))


def test_the_tables_know_no_other_kind() -> None:
    known = set(KINDS.values())
    assert set(CONSEQUENCES) == known
    assert set(law.OF_A_KIND) <= known
    assert FORMS.keys() <= KINDS.keys()
    assert {one for kinds in BY_JOBS.values() for one in kinds} <= known


def test_a_reason_for_nothing_is_given_only_where_there_is_nothing() -> None:
    idle = [(kind, column) for kind, column in kinds.BECAUSE if kinds.COLUMNS[column](kind) != ""]
    assert idle == []
    assert {kind for kind, _ in kinds.BECAUSE} <= KINDS.keys()
