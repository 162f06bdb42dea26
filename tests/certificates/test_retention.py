"""交付の記録の廃棄: what was issued long ago is let go with its spoiled copies; the rest stays."""

from datetime import date
from uuid import UUID, uuid4

import pytest

import beginnings
from access.conftest import apart  # noqa: F401  its fixture, by name
from access.conftest import stage as alone  # noqa: F401  its fixture, by name
from daicho.access import clock
from daicho.access.disposing import carrying_out, lists
from daicho.certificates import certifiers
from daicho.certificates.models import Certifier, Issue, Spoiled
from people import WARD
from retention import approved, worker


def issue(issued_on: date) -> UUID:
    """One copy issued on that day, and spoiled."""
    row = Issue.objects.create(
        issue_id=uuid4(),
        number=f"made-up-{uuid4()}",
        request_id=uuid4(),
        reception_id=uuid4(),
        purpose="certificate.person",
        form="household_copy",
        record_ids=[uuid4()],
        history_nos=[1],
        decision={},
        page_count=1,
        copy_no=1,
        copy_count=1,
        file_hash=bytes(32),
        issued_on=issued_on,
        is_reissue=False,
        posted_to_principal=False,
        shows_individual_number=False,
        shows_record_code=False,
        certifier=Certifier.objects.latest("id"),
        operator_id=1,
        office="001",
        terminal="C001",
        ward=WARD,
    )
    Spoiled.objects.create(
        issue=row, reason="misprint", operator_id=1, terminal="C001", request_id=uuid4()
    )
    return row.issue_id


@pytest.fixture
def durable(alone: str) -> str:  # noqa: F811  the fixture
    """A database on a server apart: in the run's own, whatever another worker has open would keep
    a table from being written anew."""
    return alone


@pytest.mark.durable
def test_what_was_issued_long_ago_is_let_go_and_the_rest_stays(durable: str) -> None:
    cast = beginnings.cast_again()
    certifiers.ensure_made_up("架空市", "福島県")
    issue(date(2020, 1, 6))
    stays = issue(clock.today())
    list_id = approved(cast)
    assert [(one.kind, one.row_count) for one in lists.lines(list_id)] == [("issue", 1)]
    carrying_out.carry_out(worker(cast), list_id)
    assert lists.there(list_id).state == "done"
    assert [one.issue_id for one in Issue.objects.all()] == [stays]
    assert [one.issue_id for one in Spoiled.objects.all()] == [stays]
