"""証明書の速さ: a copy of a household through the screen, beside the bare setting of its pages.

Everything is included: sign-in, look, decision, number, setting, signature, reading again, rows.
What is timed is the processor's time of this process; the rate is that of two processes. Each copy
has a 受付 of its own, as every visitor has; those are taken before the clock starts.
"""

import gc
import logging
import os
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from multiprocessing import get_context
from threading import Barrier
from uuid import UUID, uuid4

import django
from django.contrib.auth import get_user_model
from django.db import connection
from django.urls import reverse

from daicho.access import acting, clock, permits
from daicho.access.permits import Permit
from daicho.certificates import certifiers, setting
from daicho.certificates.issuing import Order
from daicho.certificates.issuing.preparing import fitted, prepare
from daicho.certificates.numbering import IssueNumber
from daicho.register import queries
from daicho.site.bench.measuring import (
    ROUNDS_OF_SMALL_TOWN,
    SMALL_TOWN,
    Figure,
    figure,
    rounds,
    warm_up,
)
from daicho.site.bench.search import clerk

ROUNDS = 60
PROCESSES = 2
SECONDS = 10
MOST = 600  # certificates of one process: more than SECONDS can print
ASKED = ["relationship", "family_register"]
VISITOR = ["brra12.visitor_not_certified"]  # one clerk's visitor asks for every household
_HOUSEHOLD = """SELECT c.record_id FROM register_current c JOIN register_household h
    ON h.number = c.household_number WHERE h.member_count = 4 AND c.state = 'living'
    AND NOT EXISTS (SELECT FROM register_suppression s JOIN register_current o USING (record_id)
        WHERE o.household_number = c.household_number)
    AND NOT EXISTS (SELECT FROM register_protectivemeasure m JOIN register_current o
        USING (record_id) WHERE o.household_number = c.household_number)
    LIMIT 40"""


@dataclass(frozen=True)
class Home:
    """A household of four: whose page the order is opened from, and all who live there."""

    record_id: str
    members: tuple[str, ...]


def figures(residents: int) -> Iterator[Figure]:
    """The rows of this chapter; the clerks sit where that of the chapter of searches sits."""
    certifiers.ensure_made_up("計測町", "福島県")
    with connection.cursor() as cursor:
        cursor.execute(_HOUSEHOLD)
        found = [str(row[0]) for row in cursor.fetchall()]
    _settled()
    printer = _Printer()
    homes = [one for one in map(printer.home, found) if printer.prints(one, printer.received())]
    if not found:
        return  # a town too small to have a household of four
    assert homes, "every certificate was refused: there is nothing to measure"
    often = rounds(ROUNDS, residents)
    floor = statistics.median(_floor_ms(printer, homes[0], often))
    times = sorted(_times_ms(printer, homes, often))
    yield figure("certificate of four, everything included", "ms CPU", times, floor)
    yield figure(f"certificates on {PROCESSES} processes", "1/s", [_rate(homes, residents)], 0.0)


def _times_ms(printer: "_Printer", homes: list[Home], often: int) -> Iterator[float]:
    for one in islice(cycle(homes), often):
        reception = printer.received()
        yield _cpu_ms(partial(printer.prints, one, reception))


def _cpu_ms(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def _floor_ms(printer: "_Printer", home: Home, often: int) -> list[float]:
    """The pages of one certificate, set by the same compiler again and again."""
    own = printer.permit()
    order = Order(
        reception_id=UUID(printer.received()),
        form="household_copy",
        record_ids=tuple(map(UUID, home.members)),
        asked=frozenset(ASKED),
    )
    found, before = [], warm_up(often)
    for serial in range(before + often):  # another number: the compiler remembers equal pages
        number = IssueNumber(own.on, "Z999", serial)
        fit = fitted(prepare(own, order), number, {})
        found.append(_cpu_ms(partial(setting.compile_pdf, fit, issued_on=own.on)))
    return found[before:]


def _rate(homes: list[Home], residents: int) -> float:
    """So many a second of all processes together, while every one of them is at work."""
    seconds, most = (SECONDS, MOST) if residents >= SMALL_TOWN else (1, ROUNDS_OF_SMALL_TOWN)
    spawn = get_context("spawn")
    with spawn.Manager() as manager:
        ready = manager.Barrier(PROCESSES)
        with ProcessPoolExecutor(PROCESSES, mp_context=spawn, initializer=django.setup) as pool:
            prints = partial(_prints_a_second, homes, ready, seconds, most)
            return sum(one.result() for one in [pool.submit(prints) for _ in range(PROCESSES)])


def _prints_a_second(homes: list[Home], ready: Barrier, seconds: int, most: int) -> float:
    """In a process of its own: so many certificates a second."""
    logging.getLogger("daicho.web").setLevel(logging.WARNING)
    _settled()
    printer = _Printer()
    receptions = [printer.received() for _ in range(warm_up(most) + most)]
    for home in islice(cycle(homes), warm_up(most)):
        assert printer.prints(home, receptions.pop())
    ready.wait()
    began, count = time.perf_counter(), 0
    for home, reception in zip(cycle(homes), receptions, strict=False):
        count += printer.prints(home, reception)
        if time.perf_counter() - began > seconds:
            break
    return count / (time.perf_counter() - began)


def _settled() -> None:
    """What is loaded stays, as the server has it stay (`serving.timetable`)."""
    gc.collect()
    gc.freeze()


class _Printer:
    """A clerk's browser."""

    def __init__(self) -> None:
        self._login = f"bench-{os.getpid()}"  # a session a person, so a person a process
        self._client = clerk(self._login)

    def received(self) -> str:
        """受付: somebody asks for one copy with what is specially asked; its reception_id."""
        said = {
            "basis": "request",
            "capacity": "principal",
            "visitor_name": "計測　太郎",
            "visitor_address": "計測町１番１号",
            "identity": "individual_number_card",
            "asked": ASKED,
            "received_on": clock.today().isoformat(),
            "request_id": str(uuid4()),
        }
        answer = self._client.post(reverse("counter:receive", args=["certificate"]), said)
        assert answer.status_code == 302, answer.status_code
        return str(answer["Location"]).split("/")[-2]

    def home(self, record_id: str) -> Home:
        """Who lives there."""
        household = queries.household(self.permit(), UUID(record_id))
        assert household is not None, "it was just found"
        return Home(record_id, tuple(str(one.record.record_id) for one in household.members))

    def permit(self) -> Permit:
        """Leave for what the 受付 is for."""
        operator = get_user_model().objects.get(login=self._login)
        actor = acting.actor(operator, "Z999", uuid4())
        return permits.permit(actor, "certificate.copy", clock.today())

    def prints(self, home: Home, reception: str) -> bool:
        """Was one printed? A rare glyph is refused. The file is thrown away."""
        said = {
            "form": "household_copy",
            "persons": home.members,
            "asked": ASKED,
            "accept": VISITOR,
            "request_id": str(uuid4()),
        }
        address = reverse("counter:print", args=[reception, home.record_id])
        return bool(self._client.post(address, said)["Content-Type"] == "application/pdf")
