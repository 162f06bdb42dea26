"""個人番号の指定 (番号法7条1項・2項): the number that the centre made becomes the person's."""

from uuid import NAMESPACE_OID, UUID, uuid5

from daicho.access import clock
from daicho.access.permits import Permit, system_permit
from daicho.access.refusals import Refused
from daicho.law.changes.door import CHANGED_SINCE
from daicho.law.changes.individual_numbers import NOTHING_LEFT
from daicho.law.network import arrivals as law
from daicho.law.safety.acquiring import Acquired
from daicho.network.arrivals import Arrival
from daicho.network.messages.individual_number import IndividualNumber
from daicho.recording.door import record
from daicho.recording.statement import Statement
from daicho.register import queries
from daicho.terms.changes import NumberAssigned

JOB = "number_assigning"
FROM_CENTRE = Acquired("agency_reply")


class TryAgain(Exception):
    """もう一度: somebody was at the record at the same moment."""


def assign(arrival: Arrival) -> None:
    """指定する: recorded once; raises Refused where the person is not as the centre was told.

    The number that the person has is told again to who asked twice, and one of before comes late:
    nothing is left to do.
    """
    said = arrival.said
    assert isinstance(said, IndividualNumber)
    permit, today = _permit(arrival), clock.today()
    found = queries.person(permit, arrival.resident)
    code = found.record.resident_record_code if found else ""
    refused = law.is_of_person(code == said.code, on=today)
    if refused is not None:
        raise Refused([refused])
    assert found is not None, "nobody has no code"
    try:
        record(permit, _statement(arrival.resident, said, found.history_no))
    except Refused as wrong:
        why = {one.code for one in wrong.findings}
        if CHANGED_SINCE in why:  # somebody changed the record between the look and this
            raise TryAgain from wrong
        if why.isdisjoint(NOTHING_LEFT):
            raise


def _statement(resident: UUID, said: IndividualNumber, history_no: int) -> Statement:
    return Statement(
        change=NumberAssigned(ground=said.ground, record_ids=(resident,)),
        occurred_on=clock.today().isoformat(),
        received_on=None,
        basis="ex_officio",
        expected={resident: history_no},
        numbers={resident: said.number},
        acquired={resident: FROM_CENTRE},
    )


def _permit(arrival: Arrival) -> Permit:
    request_id = uuid5(NAMESPACE_OID, f"number_assigned {arrival.origin} {arrival.message_id}")
    return system_permit(JOB, clock.today(), request_id)
