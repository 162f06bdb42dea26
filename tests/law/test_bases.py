"""What a change may rest on, and what its reception offers, say the same."""

from datetime import date, timedelta

import pytest

from daicho.law.changes import bases
from daicho.law.receptions import works
from daicho.law.tables import table
from daicho.terms.changes import KINDS

ON = date(2026, 11, 21)
_ROWS = [row for name in ("bases", "receptions", "reception_bases") for row in table(name)]
DAYS = sorted(
    {ON}
    | {row.since for row in _ROWS}
    | {row.until + timedelta(days=1) for row in _ROWS if row.until}
)
"""The days on which a row begins, or holds no longer: between two of them nothing changes."""


def test_every_kind_may_rest_on_something() -> None:
    assert all(bases.lawful(kind, ON) for kind in KINDS)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_reception_offers_no_basis_on_which_its_change_is_refused(day: date) -> None:
    wrong = [
        (work.code, kind, basis.code)
        for work in works.works(day)
        for kind in work.kinds
        for basis in works.bases(work.code, day)
        if bases.basis_not_lawful(kind, basis.code, on=day)
    ]
    assert wrong == []


def test_a_work_that_bears_the_name_of_a_kind_is_its_reception() -> None:
    named = {one.code: one.kinds for one in works.works(ON) if one.code in KINDS}
    assert named
    assert [code for code, kinds in named.items() if code not in kinds] == []
