"""問合せの数: a page of the counter asks the database for each thing once."""

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from web.desk import HANAKO, MOVER, Opened, rows, who
from web.pages import form_in

pytestmark = pytest.mark.django_db


def asked(captured: CaptureQueriesContext) -> list[str]:
    return [one["sql"] for one in captured.captured_queries]


def test_a_blank_form_is_opened_with_five_questions(desk: Opened) -> None:
    at = desk("moved_in")
    with CaptureQueriesContext(connection) as captured:
        at.open()
    # session, operator, terminal, 受付; nobody is on the desk, so there is no lease and no look
    assert len(asked(captured)) <= 5, asked(captured)


@pytest.mark.parametrize("do", ["check", "record"])
def test_a_page_asks_for_the_reception_once(desk: Opened, do: str) -> None:
    at = desk("moved_in")
    form = form_in(at.open())
    if do == "record":
        _, form = at.to_sheet(**MOVER)
    typed = MOVER if do == "check" else {}
    with CaptureQueriesContext(connection) as captured:
        at.send(form, do, accept=form.ticks, **typed)
    found = [one for one in asked(captured) if "JOIN register_reception r" in one]
    by_page = [one for one in found if "ended_because" in one]
    assert len(by_page) == 1, by_page
    # the write door asks for itself, under its lock
    assert len(found) == 2, found


def test_nothing_is_asked_twice_where_a_household_is_opened(desk: Opened) -> None:
    at = desk("moved_within", who(HANAKO))
    with CaptureQueriesContext(connection) as captured:
        at.open()
    # person and household are two looks, so the person's row is read in each of them
    counted = Counter(one for one in asked(captured) if 'FROM "register_current"' not in one)
    assert max(counted.values()) == 1, counted.most_common(3)


def test_each_look_of_an_opening_is_trailed_once(desk: Opened) -> None:
    at = desk("moved_within", who(HANAKO))
    said = "SELECT door FROM access_trail WHERE id > %s ORDER BY id"
    ((last,),) = rows("SELECT max(id) FROM access_trail")
    at.open()
    assert [door for (door,) in rows(said, last)] == [
        "register.person",
        "register.household",
        "register.lease",
    ]
