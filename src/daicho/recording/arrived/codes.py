"""空きコードの受領 (30条の2): the codes that the centre designated are laid into the stock."""

from uuid import UUID, uuid4

from django.db import transaction

from daicho.access import clock
from daicho.access.permits import system_permit
from daicho.network import asking
from daicho.network.arrivals import Arrival
from daicho.network.messages.record_codes import RecordCodes
from daicho.register import record_codes

JOB = "record_codes"


def lay_in(arrival: Arrival) -> None:
    """備えに加える: those known already are passed over, so that once and twice are the same."""
    said = arrival.said
    assert isinstance(said, RecordCodes)
    with transaction.atomic():
        record_codes.add(system_permit(JOB, clock.today(), uuid4()), said.codes)
        asking.codes_came(UUID(said.request))
