"""What a change may rest on, and what its reception offers, say the same."""

from datetime import date

from daicho.law.changes import bases
from daicho.law.receptions import works
from daicho.terms.changes import KINDS

ON = date(2026, 11, 21)


def test_every_kind_may_rest_on_something() -> None:
    assert all(bases.lawful(kind, ON) for kind in KINDS)


def test_a_reception_offers_no_basis_on_which_its_change_is_refused() -> None:
    wrong = [
        (work.code, kind, basis.code)
        for work in works.works(ON)
        for kind in work.kinds
        for basis in works.bases(work.code, ON)
        if bases.basis_not_lawful(kind, basis.code, on=ON)
    ]
    assert wrong == []
