"""保存本人確認情報の務め: a prefecture holds what its municipalities say and tells the centre."""

from uuid import NAMESPACE_OID, UUID, uuid5

from daicho.access import clock
from daicho.law.identification import columns
from daicho.law.network.faults import CODE_OF_ANOTHER, TOO_LARGE, UNTRUSTED
from daicho.network.deeds import numbers_held, subjects
from daicho.network.deeds.deed import Desk
from daicho.network.lines import keyring, own
from daicho.network.messages.identification_forwarded import IdentificationForwarded
from daicho.network.messages.identification_information import IdentificationInformation
from daicho.network.messages.individual_number import IndividualNumber
from daicho.network.messages.individual_number_request import REQUESTED
from daicho.network.messages.outcomes import DONE, LATE
from daicho.network.models import Forwarded, Held, HeldVersion
from daicho.network.protocol import holding
from daicho.network.protocol.intake import MESSAGE_BYTES_MAX
from daicho.network.protocol.message import Malformed, Message, Turn, read
from daicho.network.protocol.parties import CENTRE, above

CODE = "resident_record_code"
_ITEM_CHARS_MAX = 1_000
_DAY_CHARS_MAX, _REASON_CHARS_MAX = 10, 40
_ENVELOPE_BYTES = 2_048
_FORWARDED_BYTES_MAX = MESSAGE_BYTES_MAX * 3 // 4 - _ENVELOPE_BYTES  # signed, four of three


def hold_and_forward(message: Message, signed: str, desk: Desk) -> str:
    """都道府県 (30条の6第3項, 30条の7第1項): it holds, and tells the centre with what the
    municipality signed; what it may not hold it does not keep to forward either."""
    if len(signed) > _FORWARDED_BYTES_MAX:  # the centre would not take it with what is around it
        return TOO_LARGE.code
    outcome = _hold(message, desk)
    if outcome in {DONE, LATE, *numbers_held.FAULTS}:
        origin, resident = message.stream.origin, UUID(message.stream.resident)
        # an id is one of its sender alone: of two who use the same each is told
        forwarded = uuid5(NAMESPACE_OID, f"{origin} {message.id}")
        desk.forwarded.append(
            Forwarded(forwarded_id=forwarded, origin=origin, message_id=message.id)
        )
        desk.tell(CENTRE, resident, IdentificationForwarded(signed), forwarded)
    return outcome


def hold_forwarded(message: Message, signed: str, desk: Desk) -> str:
    """機構 (30条の7第3項): it holds what the municipality signed, whoever passed it on."""
    del signed  # of the prefecture; what counts stands in it
    text_of = IdentificationForwarded.said_in(message).signed
    signer, text = keyring.checker().opened(text_of)
    notice = read(text)
    prefecture = message.stream.origin
    if signer != notice.stream.origin or above(signer) != prefecture:
        return UNTRUSTED.code
    if notice.kind != IdentificationInformation.KIND or notice.stream.to != prefecture:
        return UNTRUSTED.code  # it signed it, but not to tell this
    return _hold(notice, desk)


def _hold(message: Message, desk: Desk) -> str:
    """記録する: of a municipality's notice, where it is the latest of that person there."""
    notice = _read(message)
    if not_listed := holding.fault_of(notice, columns(clock.today()) - {CODE}):
        return not_listed
    municipality, prefecture = message.stream.origin, message.stream.to
    try:
        subject_id = subjects.of(notice.code, notice.former_code)
    except subjects.TwoPersons:
        return CODE_OF_ANOTHER.code
    before = _before(desk, subject_id, municipality)
    after = holding.held_after(before, notice, message.turn)
    if after is None:
        return LATE
    fault, newer = numbers_held.kept(desk, subject_id, notice, prefecture)
    if newer and after.is_open and own.this() == CENTRE:
        _tell_number(desk, message, notice.code, newer)
    said = {
        **after.items,
        "subject_id": subject_id,
        "municipality": municipality,
        "code": notice.code,
        "epoch": after.turn.epoch,
        "ordinal": after.turn.ordinal,
        "is_open": after.is_open,
        "reason": after.reason,
        "on": after.on,
    }
    desk.versions.append(HeldVersion(**said))
    desk.held[subject_id, municipality] = Held(**said, held_at=clock.now())
    return fault or DONE


def _tell_number(desk: Desk, message: Message, code: str, number: str) -> None:
    """番号の通知: to the mayor whose resident the person is, and who was not told of the change: it
    was asked for by the one before (番号法7条2項)."""
    answer = IndividualNumber(code, REQUESTED, number)
    town, resident = message.stream.origin, UUID(message.stream.resident)
    desk.tell(town, resident, answer, own.new_id())


def _read(message: Message) -> IdentificationInformation:
    notice = IdentificationInformation.said_in(message)
    subjects.code_of(notice.code)
    if notice.former_code and subjects.code_of(notice.former_code) == notice.code:
        raise Malformed("changed from itself")
    if len(notice.on) > _DAY_CHARS_MAX or len(notice.reason) > _REASON_CHARS_MAX:
        raise Malformed("day or reason")
    if any(len(one) > _ITEM_CHARS_MAX for one in notice.items.values()):
        raise Malformed("items")
    return notice


def _before(desk: Desk, subject_id: int, municipality: str) -> holding.Held | None:
    """What is held of the person from there, by its turn: of this batch, else of the table."""
    if (on_desk := desk.held.get((subject_id, municipality))) is not None:
        return _said(on_desk.epoch, on_desk.ordinal, on_desk.is_open)
    rows = Held.objects.filter(subject_id=subject_id, municipality=municipality)
    found = rows.values_list("epoch", "ordinal", "is_open").first()
    return None if found is None else _said(*found)


def _said(epoch: int, ordinal: int, is_open: bool) -> holding.Held:
    """What is compared of it: the turn."""
    return holding.Held(Turn(epoch, ordinal), is_open, "", "", {})
