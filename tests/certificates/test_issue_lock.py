"""取り違え防止: no certificate is ever given away in the place of another."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import connection

from certificates.counter import (
    HANAKO,
    TARO,
    UNSURE,
    asked_for,
    issued,
    open_counter,
    order,
    rows,
    signing,
    text,
    who,
)
from daicho.access import clock
from daicho.access.refusals import Refused
from daicho.certificates import lock, numbering, setting
from daicho.certificates.issuing import Order, signing_key
from daicho.certificates.issuing.preparing import fitted, prepare
from daicho.law.rule import Finding
from daicho.register.receiving.receptions import reception
from people import Cast, Player, cast_of
from receptions import permit_under

CLERKS = 8
GIVEN_NAMES = {HANAKO: "花子", TARO: "太郎", UNSURE: "不詳"}


@pytest.fixture
def counter(few_live_here: None, cast: Cast, tmp_path: Path) -> Iterator[Cast]:
    with signing(tmp_path / "key"):
        open_counter(cast, tmp_path)
        yield cast


def asked_by(player: Player, person: str) -> UUID:
    """The person asks for the own certificate."""
    return asked_for(player, visitor_name=f"架空　{GIVEN_NAMES[person]}")


def pages(cast: Cast, wanted: Order) -> bytes:
    """What is set for an order, before it is bound and signed."""
    found = reception(cast.clerk.acting(), wanted.reception_id)
    assert found is not None
    prepared = prepare(permit_under(cast.clerk, found), wanted)
    number = numbering.draw("C001", prepared.permit.on)
    fit = fitted(prepared, number, {})
    return setting.compile_pdf(fit, issued_on=number.issued_on)


def checked(pdf: bytes, request: UUID, person: str) -> list[str]:
    shows = [f"架空　{GIVEN_NAMES[person]}"]
    found = lock.check(pdf, request, [who(person)], signing_key.key(), shows)
    return [one.code for one in found]


@pytest.mark.django_db
def test_two_files_that_were_swapped_are_refused(counter: Cast) -> None:
    requests = {HANAKO: uuid4(), UNSURE: uuid4()}
    files = {
        person: issued(counter.clerk, order(asked_by(counter.clerk, person), person), request).pdf
        for person, request in requests.items()
    }
    assert checked(files[HANAKO], requests[HANAKO], HANAKO) == []
    assert checked(files[UNSURE], requests[HANAKO], HANAKO) == ["certificate.another_persons"]
    assert checked(files[HANAKO], requests[UNSURE], UNSURE) == ["certificate.another_persons"]


@pytest.mark.django_db
def test_pages_that_were_swapped_before_they_were_signed_are_refused(counter: Cast) -> None:
    request, on = uuid4(), clock.today()
    others = pages(counter, order(asked_by(counter.clerk, UNSURE), UNSURE))
    signed = signing_key.signed(others, request, (who(HANAKO),), "20261122-C001-P001-001", on)
    assert checked(signed, request, HANAKO) == ["certificate.another_persons"]


@pytest.mark.durable
def test_clerks_who_issue_at_once_each_get_their_own_visitors(durable: str, tmp_path: Path) -> None:
    with signing(tmp_path / "key"):
        cast = cast_of()
        open_counter(cast, tmp_path)
        persons = [*GIVEN_NAMES] * 3

        def one(place: int) -> tuple[str, str, str]:
            try:
                player = (cast.clerk, cast.supervisor)[place % 2]
                wanted = order(
                    asked_by(player, persons[place]), persons[place], form="individual_copy"
                )
                made = issued(player, wanted)
                return persons[place], text(made.pdf), str(made.number)
            finally:
                connection.close()

        with ThreadPoolExecutor(CLERKS) as clerks:
            found = list(clerks.map(one, range(CLERKS)))
    for person, read, _ in found:
        for other, name in GIVEN_NAMES.items():
            assert (f"氏名架空{name}" in read) == (other == person)
    assert len({number for _, _, number in found}) == CLERKS


@pytest.mark.django_db
def test_a_certificate_is_signed_and_read_where_a_loop_is_running(counter: Cast) -> None:
    request, on = uuid4(), clock.today()
    own, hanako = pages(counter, order(asked_for(counter.clerk), HANAKO)), (who(HANAKO),)

    async def inside() -> tuple[Finding, ...]:
        signed = signing_key.signed(own, request, hanako, "20261122-C001-P001-001", on)
        return lock.check(signed, request, hanako, signing_key.key())

    with ThreadPoolExecutor(1) as other:  # this one may have a loop of its own running
        assert other.submit(lambda: asyncio.run(inside())).result() == ()


@pytest.mark.durable
def test_clerks_who_issue_the_same_copy_at_once_issue_it_once(durable: str, tmp_path: Path) -> None:
    with signing(tmp_path / "key"):
        cast = cast_of()
        open_counter(cast, tmp_path)
        wanted = order(asked_for(cast.clerk), HANAKO)

        def send(_: int) -> str:
            try:
                issued(cast.clerk, wanted)
            except Refused as refused:
                return refused.findings[0].code
            finally:
                connection.close()
            return "issued"

        with ThreadPoolExecutor(CLERKS) as clerks:
            found = sorted(clerks.map(send, range(CLERKS)))
        assert found == ["issued", *["std1-3-8.copy_given"] * (CLERKS - 1)]
        assert rows("SELECT count(*) FROM certificates_issue") == [(1,)]


@pytest.mark.durable
def test_one_form_that_arrives_many_times_issues_once(durable: str, tmp_path: Path) -> None:
    with signing(tmp_path / "key"):
        cast = cast_of()
        open_counter(cast, tmp_path)
        wanted, request = order(asked_for(cast.clerk), HANAKO), uuid4()

        def send(_: int) -> str:
            try:
                issued(cast.clerk, wanted, request)
            except Refused as refused:
                return refused.findings[0].code
            finally:
                connection.close()
            return "issued"

        with ThreadPoolExecutor(CLERKS) as clerks:
            found = sorted(clerks.map(send, range(CLERKS)))
        assert found == ["issued", *["std1-3-8.issued_already"] * (CLERKS - 1)]
        assert rows("SELECT count(*) FROM certificates_issue") == [(1,)]
