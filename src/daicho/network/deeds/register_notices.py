"""台帳への通知の務め: what the register is to be changed by waits in a row of its own.

It is acknowledged here; what becomes of it there is the municipality's own matter, and stands in
its work list where the law is against it.
"""

from collections.abc import Mapping
from uuid import UUID

from daicho.access import clock
from daicho.network.deeds.deed import Desk
from daicho.network.deeds.subjects import code_of
from daicho.network.lines import keyring
from daicho.network.messages.body import Said
from daicho.network.messages.individual_number import IndividualNumber
from daicho.network.messages.outcomes import DONE
from daicho.network.messages.record_codes import RecordCodes
from daicho.network.models import RegisterNotice
from daicho.network.protocol.message import Malformed, Message, read
from daicho.terms.malformed import Malformed as MalformedNumber
from daicho.terms.numbers import parse_individual_number

KINDS: Mapping[str, type[Said]] = {one.KIND: one for one in (IndividualNumber, RecordCodes)}
"""台帳への通知の種類: with what each says."""


def hand_to_register(message: Message, signed: str, desk: Desk) -> str:
    """台帳に渡す: as it was sealed; what nobody could record is told to its sender at once."""
    _must_be_readable(message)
    now = clock.now()
    desk.notices.append(
        RegisterNotice(
            origin=message.stream.origin,
            message_id=UUID(message.id),
            kind=message.kind,
            v=message.v,
            resident=UUID(message.stream.resident),
            body=str(read(keyring.text_of(signed)).body),
            arrived_at=now,
            due_at=now,
        )
    )
    return DONE


def said_in(row: RegisterNotice) -> Said:
    """通知の内容: of a row; raises CannotOpen where the key that opens it is gone."""
    return KINDS[row.kind].read(keyring.unsealed(row.body), row.v)


def _must_be_readable(message: Message) -> None:
    said = KINDS[message.kind].said_in(message)
    try:
        if isinstance(said, IndividualNumber):
            code_of(said.code)
            if parse_individual_number(said.number) != said.number:
                raise Malformed("number")
        elif isinstance(said, RecordCodes):
            for one in said.codes:
                code_of(one)
    except MalformedNumber:
        raise Malformed("number") from None
