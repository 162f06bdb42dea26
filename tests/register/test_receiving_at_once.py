"""受付が重なるとき: clerks of one office at the same moment, in a database with real commits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar
from uuid import uuid4

import pytest
from django.db import connection

from daicho.register.receiving import leases, taking
from daicho.register.receiving.receptions import Reception
from people import cast_of
from receptions import permit_for, permit_under, received, said

pytestmark = pytest.mark.durable

R = TypeVar("R")
CLERKS = 6


def at_once(work: Callable[[int], R]) -> list[R]:
    """What each of several clerks gets, in threads of their own."""

    def one(place: int) -> R:
        try:
            return work(place)
        finally:
            connection.close()

    with ThreadPoolExecutor(CLERKS) as clerks:
        return list(clerks.map(one, range(CLERKS)))


def test_numbers_run_without_gap_or_double(durable: str) -> None:
    cast = cast_of()
    found = at_once(lambda _: received(cast.clerk))
    numbers = sorted(one.number[-4:] for one in found)
    assert numbers == [f"{place:04}" for place in range(1, CLERKS + 1)]


def test_one_form_that_arrives_many_times_is_one_reception(durable: str) -> None:
    actor = cast_of().clerk.acting()

    def send(_: int) -> Reception:
        return taking.receive(permit_for(replace(actor), said()), said())

    assert len({one.reception_id for one in at_once(send)}) == 1


def test_of_clerks_who_open_one_household_at_once_one_has_it(durable: str) -> None:
    cast = cast_of()
    players = [cast.clerk, cast.supervisor, cast.clerk_of_another_office]
    household = [uuid4() for _ in range(4)]

    def take(place: int) -> int | None:
        player = players[place % len(players)]
        found = received(player)
        ordered = household if place % 2 else household[::-1]
        lease = leases.take(permit_under(player, found), found, ordered)
        return None if lease.holder else player.operator.pk

    assert len({one for one in at_once(take) if one}) == 1
