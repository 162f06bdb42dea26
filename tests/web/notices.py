"""届いた通知: what came for the register of this municipality, and stands still there."""

from uuid import UUID, uuid4

from daicho.access import clock
from daicho.network.lines import keyring, own
from daicho.network.messages.body import Said
from daicho.network.messages.individual_number import IndividualNumber
from daicho.network.messages.record_codes import RecordCodes
from daicho.network.models import RegisterNotice
from daicho.network.protocol.parties import CENTRE
from network.wires import TOWN

CODE, NUMBER = "98765432170", "987654321093"
AGAINST = {
    "code": "mna7.has_number",
    "what": "はじめての個人番号の通知が届きましたが、その者にはすでに個人番号があります。",
    "remedy": "どちらの番号が有効か、機構に照会してください。",
    "cited": "番号法第7条第1項",
}


def came(said: Said, resident: UUID) -> RegisterNotice:
    """A notice that the centre sealed to this town, to be recorded at once."""
    now = clock.now()
    return RegisterNotice.objects.create(
        origin=CENTRE,
        message_id=uuid4(),
        kind=said.KIND,
        v=said.V,
        resident=resident,
        body=keyring.sealed(said.written(), TOWN),
        arrived_at=now,
        due_at=now,
    )


def number_came(resident: UUID, code: str = CODE, ground: str = "new") -> RegisterNotice:
    return came(IndividualNumber(code, ground, NUMBER), resident)


def codes_came() -> RegisterNotice:
    """Of codes, in the order of what is told of no resident."""
    return came(RecordCodes(str(uuid4()), [CODE]), own.own_stream())


def stands(resident: UUID) -> RegisterNotice:
    """One that the law is against, whatever it says."""
    return RegisterNotice.objects.create(
        origin=CENTRE,
        message_id=uuid4(),
        kind=IndividualNumber.KIND,
        v=IndividualNumber.V,
        resident=resident,
        body="sealed",
        arrived_at=clock.now(),
        findings=[AGAINST],
        is_open=True,
    )
