"""先頭の証しを求める: the newest head goes to the witnesses and to the time-stamping authority.

A thread of its own, so that whoever is slow there holds up nothing here. One worker at a time asks;
the lock that says so is nobody's to wait for, and no transaction is open meanwhile. Nobody's work
waits for an answer: what stays away is told by `daicho.access.proof.watching`.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import Event

import structlog
from django.conf import settings

from daicho.access import clock
from daicho.access.proof import heads, stamping, witnessing
from daicho.access.proof.posting import NoAnswer
from daicho.site.serving import turns

log = structlog.stdlib.get_logger("daicho.proof")

SECONDS = 15.0
LOCK = 5_211_243
PATIENCE = tuple(timedelta(seconds=one) for one in (15, 60, 300, 900))


@dataclass
class Pause:
    """間を置く: after each failure longer, up to the last of `PATIENCE`."""

    failures: int = 0
    until: datetime | None = None

    def is_over(self, now: datetime) -> bool:
        """May it be tried again?"""
        return self.until is None or now >= self.until

    def failed(self, now: datetime) -> None:
        """It went wrong once more."""
        self.until = now + PATIENCE[min(self.failures, len(PATIENCE) - 1)]
        self.failures += 1


Pauses = dict[str, Pause]


def attempt(pauses: Pauses) -> None:
    """Show the newest head to everybody who has not answered for it; what fails is told in the
    log, and tried again after a pause."""
    with turns.alone(LOCK) as alone:
        head = heads.newest()
        if not alone or head is None:
            return
        for address in settings.TRAIL_WITNESSES:
            if witnessing.is_due(address, head):
                _tried(pauses, address, partial(witnessing.ask, address, head))
        if settings.TRAIL_TSA and stamping.is_due(head, clock.now()):
            _tried(pauses, settings.TRAIL_TSA, partial(stamping.stamp, settings.TRAIL_TSA, head))


def _tried(pauses: Pauses, address: str, ask: Callable[[], object]) -> None:
    pause, now = pauses.setdefault(address, Pause()), clock.now()
    if not pause.is_over(now):
        return
    try:
        if ask() is False:  # refused: told already, and not asked again at once
            pause.failed(now)
            return
    except NoAnswer as trouble:
        pause.failed(now)
        log.warning("trail_head_unattested", address=address, why=str(trouble))
        return
    except Exception:  # an answer that nobody thought of must not keep the others from being asked
        pause.failed(now)
        log.exception("trail_not_attested", address=address)
        return
    pauses.pop(address)


def keep(stop: Event) -> None:
    """続ける: until `stop`; nothing is done where nobody is set."""
    from django.db import connection

    pauses: Pauses = {}
    while not stop.is_set() and (settings.TRAIL_WITNESSES or settings.TRAIL_TSA):
        try:
            attempt(pauses)
        except Exception:  # whatever it was, the next round comes
            log.exception("trail_not_attested")
        with suppress(Exception):  # of a database that is lost
            connection.close()
        stop.wait(SECONDS)
