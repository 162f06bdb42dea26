"""受付を見る: who came is told for a Permit and a trail row; what names nobody needs neither."""

import ast
import inspect
from collections.abc import Iterator
from types import ModuleType

import pytest

from daicho.access.permits import permit
from daicho.access.refusals import NotPermitted
from daicho.register.receiving import (
    answering,
    drafts,
    leases,
    movers,
    reception,
    receptions,
    taking,
)
from people import Cast
from receptions import VISITOR, permit_under, received
from register.counter import TODAY, rows

MODULES = (answering, drafts, leases, movers, reception, receptions, taking)
WITHOUT_PERMIT = {
    "answering.ask": "what the write door compares: codes and days",
    "answering.take": "a lock",
    "answering.take_beside_others": "a lock",
    "reception.number_of": "a number out of a day and a number",
    "reception.of_row": "makes the value of a row that somebody has read",
    "receptions.is_undecided": "yes or no",
    "receptions.names_of": "how staff sign their work",
    "receptions.of_that_day": "the number alone",
    "receptions.unnamed": "names nobody",
    "receptions.reception": "says for which purpose a permit is asked; names nobody",
}
OF_VISITORS = (
    "visitor_name",
    "visitor_address",
    "visitor_phone",
    "principal_name",
    "identity",
    "authority",
    "sender",
    "reference",
    "reason",
)


def _without_permit(one: ModuleType) -> Iterator[str]:
    for node in ast.parse(inspect.getsource(one)).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            asked = [ast.unparse(a.annotation) for a in node.args.args if a.annotation]
            if "Permit" not in asked:
                yield f"{one.__name__.rpartition('.')[2]}.{node.name}"


def test_who_works_with_receptions_shows_a_permit_but_where_nobody_is_named() -> None:
    found = {name for one in MODULES for name in _without_permit(one)}
    assert found == set(WITHOUT_PERMIT)


@pytest.mark.django_db
def test_a_reception_for_which_nobody_has_looked_names_nobody(cast: Cast) -> None:
    its = received(cast.clerk, reason="架空の理由")
    before = rows("SELECT count(*) FROM access_trail")
    found = receptions.reception(cast.clerk.acting(), its.reception_id)
    owned = receptions.owned(permit_under(cast.clerk, its), its.reception_id)
    assert found == owned
    assert VISITOR not in repr(found)
    for name in OF_VISITORS:
        with pytest.raises(AssertionError):
            getattr(found, name)
    assert rows("SELECT count(*) FROM access_trail") == before


@pytest.mark.django_db
def test_who_came_is_told_for_its_own_work_with_a_trail_row(cast: Cast) -> None:
    its = received(cast.clerk, "certificate", basis="request")
    given = permit_under(cast.clerk, its)
    assert receptions.with_visitor(given, its).visitor_name == VISITOR
    trailed = rows(
        "SELECT event, door, purpose, operator_id FROM access_trail WHERE request_id = %s",
        given.request_id,
    )
    operator_id = cast.clerk.operator.pk
    assert trailed == [("reception_shown", "register.reception", "certificate.copy", operator_id)]


@pytest.mark.django_db
def test_for_other_work_or_elsewhere_nobody_is_told_who_came(cast: Cast) -> None:
    its = received(cast.clerk)
    elsewhere = permit_under(cast.clerk_of_another_office, its)
    for other in (permit(cast.clerk.acting(), "change.died", TODAY), elsewhere):
        with pytest.raises(NotPermitted):
            receptions.with_visitor(other, its)
    assert rows("SELECT count(*) FROM access_trail WHERE event = 'reception_shown'") == [(0,)]
    assert rows("SELECT count(*) FROM access_trail WHERE event = 'not_permitted'") == [(2,)]
