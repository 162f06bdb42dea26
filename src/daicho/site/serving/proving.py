"""利用記録の証明を続ける: each second rows get their places, each minute a head is signed.

Every worker keeps a thread for it; an advisory lock lets one at a time sequence. Where it fails the
trail itself is still written, and what waits is told on the console.
"""

from contextlib import suppress
from datetime import timedelta
from threading import Event

import structlog

from daicho.access.proof import heads, sequencing

log = structlog.stdlib.get_logger("daicho.proof")

SECONDS = 1.0
SECONDS_AFTER_FAILURE = 60.0
ROUNDS_PER_HEAD = 5
HEADS_APART = timedelta(seconds=55)  # whichever worker comes first


def attempt(*, with_head: bool) -> bool:
    """Sequence what is there, and sign; False, told in the log, where it failed."""
    try:
        sequencing.catch_up()
        if with_head:
            heads.make(not_within=HEADS_APART)
    except Exception:  # whatever it was, the next round comes
        log.exception("trail_not_proven")
        return False
    return True


def keep(stop: Event) -> None:
    """続ける: until `stop`; a connection that failed is not used again."""
    from django.db import connection

    rounds = 0
    while not stop.is_set():
        went_well = attempt(with_head=rounds % ROUNDS_PER_HEAD == 0)
        rounds += 1
        if not went_well:
            with suppress(Exception):  # of a database that is lost
                connection.close()
        stop.wait(SECONDS if went_well else SECONDS_AFTER_FAILURE)
