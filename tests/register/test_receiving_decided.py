"""受付の決着が重なるとき: while a change is recorded, another clerk keeps a draft or withdraws."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection, transaction

from daicho.access.permits import Permit
from daicho.register.models import RecordedChange
from daicho.register.receiving import answering, drafts, taking
from daicho.register.receiving.receptions import Reception
from people import cast_of
from receptions import permit_under, received
from register.counter import TODAY, rows

pytestmark = pytest.mark.durable

Act = Callable[[Permit, Reception], object]


def keep(its: Permit, found: Reception) -> object:
    return drafts.keep(its, found, "moved_within", {"occurred_on": "R8.11.1"}, [])


def withdraw(its: Permit, found: Reception) -> object:
    return taking.end(its, found.reception_id, "withdrawn", "取下げ").state


def is_awaited() -> bool:
    """Does anybody wait for a lock of this database?"""
    return bool(
        rows(
            "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
    )


@pytest.mark.parametrize(("act", "given"), [(keep, False), (withdraw, "recorded")])
def test_who_comes_second_finds_it_recorded(durable: str, act: Act, given: object) -> None:
    clerk = cast_of().clerk
    found = received(clerk)
    its = permit_under(clerk, found)

    def other() -> object:
        try:
            return act(its, found)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as clerks:
        with transaction.atomic():
            answering.take(found.reception_id)  # as the write door does
            answer = clerks.submit(other)
            while not (answer.done() or is_awaited()):
                pass
            RecordedChange.objects.create(
                kind="moved_within",
                v=1,
                body={},
                record_ids=[],
                processed_on=TODAY,
                basis="notification",
                article="BRRA 23",
                ward="072036",
                request_id=uuid4(),
                reception_id=found.reception_id,
            )
        assert answer.result() == given
    assert rows("SELECT count(*) FROM register_draft") == [(0,)]
    assert rows("SELECT count(*) FROM register_receptionending") == [(0,)]
