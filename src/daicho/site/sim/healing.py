"""模擬の回復: all troubles end, people do what is left to them, and what waits flows."""

from daicho.law.network.faults import NOT_HELD, NOT_RESIDENT, NUMBER_DIFFERS
from daicho.network.messages.identification_information import (
    CHANGES,
    CLOSES,
    IdentificationInformation,
)
from daicho.network.messages.individual_number_request import EX_OFFICIO, IndividualNumberRequest
from daicho.network.messages.moved_in_notice import MovedInNotice
from daicho.network.messages.outcomes import ABOVE
from daicho.network.protocol.links import PARCEL_MESSAGES_MAX
from daicho.network.protocol.parties import Party
from daicho.site.sim.deeds import ask_number, tell_prefecture
from daicho.site.sim.node import Node, opened
from daicho.site.sim.world import HOUR_MS, World

_ROUNDS_MAX = 400
_ROUND_STEPS = 10
_AT_ONCE = PARCEL_MESSAGES_MAX
_WAIT_STEPS = 2 * HOUR_MS // 1_000


class DoesNotHeal(AssertionError):
    """収束しない: something waits for ever."""


def heal(world: World) -> None:
    """回復: until nothing waits anywhere; raises DoesNotHeal."""
    world.step_count += _WAIT_STEPS  # what was made by a clock that was ahead is past now
    for troubles in (world.down, world.cut, world.skews):
        troubles.clear()
    world.wire.clear()
    for node in world.nodes.values():
        for other in world.nodes.values():
            node.known.newest[other.party] = other.signer.number
    for line in world.lines:
        _exchange(world, *line, is_asked=True)  # who came back does not know what it forgot
    _flow(world)
    for node in world.nodes.values():
        _tell_again(node, world)
        if node.has_forgotten:
            _tell_all(node)
            node.has_forgotten = False
    _flow(world)


def _flow(world: World) -> None:
    for _ in range(_ROUNDS_MAX):
        moved = sum(_exchange(world, *line) for line in world.lines)
        moved += sum(node.work(_AT_ONCE) for node in world.nodes.values())
        world.step_count += _ROUND_STEPS
        if not moved:
            moved = sum(_tidy(node, world) for node in world.nodes.values())
        if not moved:
            return
    raise DoesNotHeal("something moves for ever")


def _tidy(node: Node, world: World) -> int:
    """What people do: type in again what is missing, send again what was refused."""
    waits = node.is_catching_up and bool(node.store.waiting)
    typed_count = world.retype(node)
    refused = list(node.store.refused)
    for message_id in refused:
        node.send_again(message_id)
    return waits + typed_count + len(refused)


def _exchange(world: World, party: Party, neighbour: Party, *, is_asked: bool = False) -> int:
    sender = world.nodes[party]
    if not is_asked and not sender.has_for(neighbour):
        return 0
    parcel = sender.asking(neighbour) if is_asked else sender.parcel_to(neighbour, _AT_ONCE)
    receipt = world.nodes[neighbour].take(parcel)
    if receipt is not None:
        sender.note(receipt)
    return 1


def _tell_again(node: Node, world: World) -> None:
    """A 転入通知 whose receiver did not hold the person is sent again, now that it may; so is the
    asking for a number of who was not known as a resident yet, and is one."""
    for message_id, state in list(node.store.states.items()):
        message = node.store.own.get(message_id)
        if message is None:
            continue
        if state == NOT_HELD.code:
            notice = MovedInNotice.said_in(opened(message))
            node.tell(message.stream.to, message.stream.resident, notice)
        elif state == NOT_RESIDENT.code:
            request = IndividualNumberRequest.said_in(opened(message))
            _ask(node, request.code, request.ground)
        elif state == ABOVE + NUMBER_DIFFERS.code:  # after an old backup of the centre
            code = IdentificationInformation.said_in(message).code
            world.corrected.add(code)
            _ask(node, code, EX_OFFICIO)


def _ask(node: Node, code: str, ground: str) -> None:
    resident = node.store.residents.get(code)
    if resident is not None and resident.is_open:
        ask_number(node, code, ground)


def _tell_all(node: Node) -> None:
    """A municipality that came back from a backup unknowingly gave turns that were given before: it
    tells of every resident anew, in its new epoch (整合性確認)."""
    for code, resident in node.store.residents.items():
        tell_prefecture(node, code, CHANGES if resident.is_open else CLOSES, str(resident.as_of))
