"""届いた通知の処理: each is recorded in transactions of its own, in the order in which they came.

It is recorded once however often it is tried: the id of what is recorded is made of that of the
message. What the law is against waits in the work list and holds nobody else up.
"""

from collections.abc import Callable, Mapping

import structlog

from daicho.access.refusals import Refused
from daicho.network import arrivals
from daicho.network.arrivals import Arrival
from daicho.network.messages.individual_number import IndividualNumber
from daicho.network.messages.record_codes import RecordCodes
from daicho.recording.arrived import codes, numbers

log = structlog.stdlib.get_logger("daicho.recording")

DEEDS: Mapping[type, Callable[[Arrival], None]] = {
    IndividualNumber: numbers.assign,
    RecordCodes: codes.lay_in,
}
"""通知の種類: what each does to the register; raises Refused where the law is against it."""


def record_due() -> int:
    """記載する: what is due now; gives how many were looked at."""
    found = arrivals.due()
    for one in found:
        try:
            _record(one)
        except Exception:  # one notice's trouble is not the others'
            log.exception("arrival_failed", failures=arrivals.failed(one))
    return len(found)


def _record(one: int) -> None:
    arrival = arrivals.of(one)
    if arrival is None:
        return
    try:
        DEEDS[type(arrival.said)](arrival)
    except Refused as wrong:
        arrivals.refused(one, wrong.findings)
    else:
        arrivals.settled(arrival)
