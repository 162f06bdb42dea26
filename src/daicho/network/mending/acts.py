"""再送と確認 (7.1.1.1): what an operator does about a message that was not taken or carried out.

Locks as everywhere in the network: the making of messages, then the party's own row, then lines,
then the message itself.
"""

from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Q

from daicho.access.people.registering import NotThere, refuse
from daicho.access.permits import Permit, demand_work, look
from daicho.law.network import mending
from daicho.law.network.mending import NEW_MESSAGE, NEW_TURN
from daicho.law.rule import Finding
from daicho.network.deeds import composers
from daicho.network.keys.folders import Damaged, NoKey
from daicho.network.lines import keyring, making, own, sending
from daicho.network.lines.making import Letter
from daicho.network.mending.faulted import Faulted, fault_of
from daicho.network.mending.steps import alone_at_composing, of_resident, step
from daicho.network.messages.identification_information import IdentificationInformation
from daicho.network.models import Forwarded, Hold, Logged, Outbox, Own, SendingLine, Sent
from daicho.network.protocol.message import Message, read
from daicho.network.protocol.parties import Party
from daicho.terms.changes.reasons import REASONS

EVENT = "message_mended"
Lines = dict[Party, SendingLine]
AGAIN, SEEN = "network.send_again", "network.seen_to"


@dataclass(frozen=True)
class _Standing:
    """再送の元: the message, its fault, and how it goes again."""

    row: Sent
    faulted: Faulted
    message: Message
    way: str


def send_again(permit: Permit, message_id: UUID, reason: str = "") -> None:
    """再送する: signed anew and handed over to its line; once, however often it is asked for.

    `reason` is another 異動事由 of the closed list, or blank for the one that was sent. Raises
    NotThere for no message of ours, Refused where it may not go.
    """
    demand_work(permit, "message_errors")
    found = _there(message_id)
    with step(permit, EVENT, AGAIN, of_resident(found)) as is_new:
        alone_at_composing()
        epoch = own.shared().epoch
        lines = own.sending_lines([Party(found.neighbour)])
        row = Sent.objects.select_for_update().get(pk=message_id)
        if not row.is_open or not is_new:  # somebody was quicker
            return
        standing = _standing(permit, row)
        refuse([_finding(permit, standing, lines[Party(row.neighbour)])])
        message = _mended(permit, _sealed_anew(row, standing.message), reason)
        if standing.way == NEW_MESSAGE:
            _send_new(row, message, lines, epoch)
        else:
            _send_same(row, message, lines, epoch, standing.way)
        _trail(permit, standing, AGAIN, "sent_again", reason)


def seen_to(permit: Permit, message_id: UUID) -> None:
    """確認済みにする: it leaves the work list and keeps its fault; nothing is sent."""
    demand_work(permit, "message_errors")
    found = _there(message_id)
    with step(permit, EVENT, SEEN, of_resident(found)) as is_new:
        row = Sent.objects.select_for_update().get(pk=message_id)
        if not row.is_open or not is_new:
            return
        standing = _standing(permit, row)
        refuse([mending.may_see_to(standing.faulted.code, standing.faulted.was_taken, permit.on)])
        row.is_open = row.is_refused = False
        row.save(update_fields=["is_open", "is_refused"])
        _trail(permit, standing, SEEN, "seen_to", "")


def caught_up(permit: Permit) -> None:
    """入力し直した: after an old backup came back, what came is carried out again."""
    demand_work(permit, "catching_up")
    with step(permit, "network_caught_up", "network.caught_up") as is_new:
        if is_new and Own.objects.filter(is_catching_up=True).exists():
            sending.caught_up()
            look(permit, "network_caught_up", "network.caught_up")


def message_of(row: Sent) -> Message:
    """電文: of ours, as it was signed last."""
    return read(keyring.text_of(Logged.objects.get(pk=(row.neighbour, row.place)).signed))


def _there(message_id: UUID) -> Sent:
    row = Sent.objects.filter(pk=message_id).first()
    if row is None:
        raise NotThere(message_id)
    return row


def _standing(permit: Permit, row: Sent) -> _Standing:
    faulted = fault_of(row)
    assert faulted is not None, "what stands in the work list has a fault"
    return _Standing(row, faulted, message_of(row), faulted.way(permit.on))


def _finding(permit: Permit, standing: _Standing, line: SendingLine) -> Finding | None:
    row = standing.row
    alike = Sent.objects.filter(to=row.to, resident=row.resident, kind=row.kind)
    later = Q(epoch__gt=row.epoch) | Q(epoch=row.epoch, ordinal__gt=row.ordinal)
    return mending.may_send_again(
        standing.way,
        has_newer=alike.filter(later).exists(),
        is_held=Hold.objects.filter(pk=row.resident).exists(),
        is_line_known=not line.is_unasked,
        has_key=_has_key(),
        on=permit.on,
    )


def _has_key() -> bool:
    try:
        keyring.signer()
    except (NoKey, Damaged, OSError):  # the last where there is no such folder
        return False
    return True


def _sealed_anew(row: Sent, message: Message) -> Message:
    """封をし直す: what a change caused is said again, sealed to the newest key of its receiver;
    anything else goes as it was."""
    if row.outbox_id is None:
        return message
    to, said = composers.composed(Outbox.objects.get(pk=row.outbox_id))
    return replace(message, v=said.V, body=keyring.body_of(said, to))


def _mended(permit: Permit, message: Message, reason: str) -> Message:
    if not reason:
        return message
    is_ours = message.kind == IdentificationInformation.KIND
    body = IdentificationInformation.said_in(message) if is_ours else None
    effect = REASONS[reason].effect if reason in REASONS else ""
    refuse([mending.may_say_reason(effect, body.what if body else "none", on=permit.on)])
    assert body is not None, "any other kind says no reason, and was refused"
    return replace(message, v=body.V, body=replace(body, reason=reason).written())


def _send_same(row: Sent, message: Message, lines: Lines, epoch: int, way: str) -> None:
    """The same message, made later: so its receiver knows that it is sent again."""
    turn = message.turn
    if way == NEW_TURN:
        (turn,) = making.given([message.stream], epoch)
    again = replace(message, turn=turn, at=max(own.now_ms(), message.at + 1))
    (row.place,) = making.placed([again], lines)
    row.epoch, row.ordinal = turn
    row.made_at = making.moment(again.at)
    row.outcome = row.above = ""
    row.receipted_at = row.outcome_at = row.above_at = None
    row.is_refused = row.is_open = False
    row.save()


def _send_new(row: Sent, message: Message, lines: Lines, epoch: int) -> None:
    """A message of its own, for the same cause; the old one keeps its fault."""
    outbox_id, row.outbox_id, row.is_open = row.outbox_id, None, False
    row.save(update_fields=["outbox_id", "is_open"])
    letter = Letter(
        message_id=own.new_id(),
        to=Party(row.to),
        resident=row.resident,
        kind=message.kind,
        v=message.v,
        article=message.article,
        body=message.body,
        outbox_id=outbox_id,
    )
    making.send([letter], lines, epoch)
    told_on = Forwarded.objects.filter(pk=row.message_id).first()
    if told_on is not None:  # what the centre says of it is told to the same municipality
        Forwarded.objects.create(
            forwarded_id=letter.message_id, origin=told_on.origin, message_id=told_on.message_id
        )


def _trail(permit: Permit, standing: _Standing, door: str, what: str, reason: str) -> None:
    row = standing.row
    told: dict[str, int | str] = {
        "what": what,
        "code": standing.faulted.code,
        "peer": row.neighbour,
        "reason": reason,
        "how": standing.way if what == "sent_again" else "",
    }
    told = {name: said for name, said in told.items() if said}
    look(permit, EVENT, door, record_ids=of_resident(row), detail=told)
