"""模擬の務め: what each duty does here; what is held is decided by the protocol's own functions."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from uuid import NAMESPACE_OID, uuid5

from daicho.law.identification import columns
from daicho.law.network.faults import NOT_HELD, NOT_RESIDENT, NUMBER_DIFFERS, UNTRUSTED
from daicho.network.messages.identification_forwarded import IdentificationForwarded
from daicho.network.messages.identification_information import (
    CHANGES,
    CLOSES,
    IdentificationInformation,
)
from daicho.network.messages.individual_number import IndividualNumber
from daicho.network.messages.individual_number_request import (
    NEW,
    REQUESTED,
    IndividualNumberRequest,
)
from daicho.network.messages.moved_in_notice import MovedInNotice
from daicho.network.messages.outcomes import ABOVE, DONE, LATE, REFUSED, Outcomes, may_tell
from daicho.network.protocol.holding import Held, fault_of, held_after
from daicho.network.protocol.message import Malformed, Message, read
from daicho.network.protocol.numbering import may_ask
from daicho.network.protocol.parties import CENTRE, Party, above
from daicho.site.sim.node import Deed, Node, own_stream_of
from daicho.site.sim.signing import sealed, unsealed
from daicho.terms.numbers import individual_number_check_digit

COLUMNS = columns(date(2026, 4, 1))


def hold(node: Node, message: Message) -> str:
    """記録する: of a municipality's notice, where it is the latest of that person there."""
    notice = IdentificationInformation.said_in(message)
    if fault := fault_of(notice, COLUMNS):
        return fault
    place = notice.code, message.stream.origin
    held = held_after(node.store.held.get(place), notice, message.turn)
    if held is None:
        return LATE
    node.store.held[place] = held
    if node.party == CENTRE and notice.number:
        return _keep_number(node, message, notice, held)
    return DONE


def _keep_number(
    node: Node, message: Message, notice: IdentificationInformation, held: Held
) -> str:
    """機構: it knows what it made, and tells a town of a resident that says a former number; one of
    a person of whom it made none it believes."""
    number = unsealed(notice.number[CENTRE])["number"]
    made = node.store.numbers.setdefault(notice.code, [number])
    if held.is_open and number in made[:-1]:
        answer = IndividualNumber(notice.code, REQUESTED, made[-1])
        node.tell(message.stream.origin, message.stream.resident, answer)
    return DONE if number in made else NUMBER_DIFFERS.code


def hold_and_forward(node: Node, message: Message, signed: str) -> str:
    """都道府県: it holds, and tells the centre with what the municipality signed; what it may not
    hold it does not keep to forward either."""
    outcome = hold(node, message)
    if outcome not in {DONE, LATE}:
        return outcome
    forwarded = str(uuid5(NAMESPACE_OID, message.id))
    node.tell(CENTRE, message.stream.resident, IdentificationForwarded(signed), forwarded)
    node.store.forwarded[forwarded] = message.stream.origin, message.id
    return outcome


def hold_forwarded(node: Node, message: Message, signed: str) -> str:
    """機構: it holds what the municipality signed, whoever passed it on."""
    del signed  # of the prefecture; what counts stands in it
    signer, text = node.known.opened(IdentificationForwarded.said_in(message).signed)
    notice = read(text)
    if signer != notice.stream.origin or above(signer) != message.stream.origin:
        return UNTRUSTED.code
    if notice.kind != IdentificationInformation.KIND or notice.stream.to != message.stream.origin:
        return UNTRUSTED.code  # it signed it, but not to tell this
    return hold(node, notice)


def close_moved_out(node: Node, message: Message, signed: str) -> str:
    """転出地: it closes its own residence, once, unless the person came back since."""
    del signed
    notice = MovedInNotice.said_in(message)
    if not notice.on.isdecimal():
        raise Malformed("no day")
    resident = node.store.residents.get(notice.code)
    if resident is None:
        return NOT_HELD.code
    if resident.since > int(notice.on):
        return DONE
    as_of = max(resident.as_of, int(notice.on))
    node.store.residents[notice.code] = resident._replace(is_open=False, as_of=as_of)
    if resident.is_open:
        tell_prefecture(node, notice.code, CLOSES, notice.on)
    return DONE


def make_number(node: Node, message: Message, signed: str) -> str:
    """機構: a number from the code and from how many were made of it, for its town alone."""
    del signed
    request, town = IndividualNumberRequest.said_in(message), message.stream.origin
    made = node.store.numbers.get(request.code, [])
    residences = {
        of for (code, of), one in node.store.held.items() if code == request.code and one.is_open
    }
    if not may_ask(town, request.ground, residences, bool(made)):
        return NOT_RESIDENT.code
    if not made or request.ground != NEW:
        made = [*made, _made(request.code, len(made))]
        node.store.numbers[request.code] = made
    answer = IndividualNumber(request.code, request.ground, made[-1])
    node.tell(town, message.stream.resident, answer)
    return DONE


def _made(code: str, ordinal: int) -> str:
    digest = sha256(f"{code} {ordinal}".encode()).digest()
    body = f"{int.from_bytes(digest[:8]) % 10**11:011}"
    return body + individual_number_check_digit(body)


def assign_number(node: Node, message: Message, signed: str) -> str:
    """市区町村: the number is that of the resident who has the code; the governor is told."""
    del signed
    said = IndividualNumber.said_in(message)
    resident = node.store.residents.get(said.code)
    if resident is not None and resident.is_open and resident.number != said.number:
        node.store.residents[said.code] = resident._replace(number=said.number)
        tell_prefecture(node, said.code, CHANGES, str(resident.as_of))
    return DONE


def note_outcomes(node: Node, message: Message, signed: str) -> str:
    """処理結果: noted beside one's own messages; what was refused on the way is sent again."""
    del signed
    for message_id, outcome in Outcomes.said_in(message).of.items():
        own = node.store.own.get(message_id)
        if own is None or not may_tell(message.stream.origin, own.stream, outcome):
            continue
        if outcome.startswith(REFUSED):
            node.store.refused[message_id] = outcome.removeprefix(REFUSED)
        node.store.states[message_id] = outcome
    return DONE


def pass_outcomes(node: Node, message: Message, signed: str) -> str:
    """都道府県: what the centre says of a forwarded notice is told to its municipality."""
    note_outcomes(node, message, signed)
    told: dict[Party, dict[str, str]] = {}
    for message_id, outcome in Outcomes.said_in(message).of.items():
        if message_id in node.store.forwarded and message.stream.origin == CENTRE:
            town, notice_id = node.store.forwarded[message_id]
            told.setdefault(town, {})[notice_id] = ABOVE + outcome
    for town, of in told.items():
        node.tell(town, own_stream_of(node.party), Outcomes(of))
    return DONE


def ask_number(node: Node, code: str, ground: str) -> None:
    """番号の求め: of a resident, to the centre."""
    record_id = node.store.residents[code].record_id
    node.tell(CENTRE, record_id, IndividualNumberRequest(code, ground))


def tell_prefecture(node: Node, code: str, what: str, on: str) -> None:
    """本人確認情報の通知: of a resident as the register has it now."""
    resident = node.store.residents[code]
    prefecture = above(node.party)
    assert prefecture is not None, "only a municipality has residents"
    said = {"code": code, "number": resident.number}
    to = (prefecture, CENTRE) if resident.number else ()
    number: dict[str, str] = {one: sealed(said) for one in to}
    items = dict(resident.items)
    notice = IdentificationInformation(code, "", what, "", on, items, number)
    node.tell(prefecture, resident.record_id, notice)


DEEDS: Mapping[str, Deed] = {
    "hold_and_forward": hold_and_forward,
    "hold_forwarded": hold_forwarded,
    "close_moved_out": close_moved_out,
    "make_number": make_number,
    "hand_to_register": assign_number,
    "note_outcomes": note_outcomes,
    "pass_outcomes": pass_outcomes,
}
