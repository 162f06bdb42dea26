"""到着: who has not signed in is answered so often, by the address from which it is asked.

Each process counts for itself, in a memory that does not grow. The address of the connection
counts; behind a web server on this machine that is its own, and says nothing, so that nobody is
held back unless DAICHO_ADDRESS_HEADER names the header which that server sets. None is believed
by default: whoever sent it would be whoever he likes.
"""

import time
from functools import cache
from threading import Lock

from django.conf import settings
from django.http import HttpRequest

from daicho.access import clock
from daicho.law.safety.watching import arrivals, ceilings

_one_by_one = Lock()


@cache
def counted() -> arrivals.Arrivals:
    """到着の数え: of this process, by the figures of the day on which it began."""
    held = ceilings.ceilings(clock.today())
    return arrivals.Arrivals(held.arrivals_minute, held.arrivals_at_once)


def seconds_to_wait(request: HttpRequest) -> int:
    """待つ秒数: 0 where the request may be answered."""
    header = settings.ADDRESS_HEADER
    told = request.headers.get(header, "") if header else None
    address = arrivals.whose(request.META.get("REMOTE_ADDR", ""), told)
    with _one_by_one:
        return counted().seconds_to_wait(address, time.monotonic())
