"""模擬の不変条件: what must hold after healing, whatever happened before."""

from collections.abc import Iterator

from daicho.network.messages.identification_information import OPENS
from daicho.network.protocol.parties import CENTRE, Party, above
from daicho.site.sim.deeds import COLUMNS
from daicho.site.sim.lies import UNLISTED
from daicho.site.sim.node import Node
from daicho.site.sim.world import RENUMBERS, World


def broken(world: World) -> list[str]:
    """破れた条件: each in one sentence; empty where all hold."""
    nodes = world.nodes.values()
    found = [*_tiers_agree(world), *_one_residence(world), *_all_arrived(world)]
    found += [*_one_number(world), *_number_is_known(world)]
    for node in nodes:
        found += [*_once(node), *_nothing_waits(node), *_only_listed(node), *node.disorder]
        found += _told_truly(node, world)
    return found


def _tiers_agree(world: World) -> Iterator[str]:
    """All tiers agree with the towns."""
    for town in world.municipalities:
        residents = world.nodes[town].store.residents
        said = {code: (one.is_open, one.items) for code, one in residents.items()}
        for tier in (above(town), CENTRE):
            assert tier is not None, "a municipality stands below both"
            held = world.nodes[tier].store.held
            has = {code: (one.is_open, one.items) for (code, of), one in held.items() if of == town}
            if has != said:
                codes = sorted(
                    code for code in has.keys() | said if has.get(code) != said.get(code)
                )
                yield f"{tier} holds of {town} something else than it says: {codes}"


def _one_residence(world: World) -> Iterator[str]:
    """A person is open in one town alone, once every 転入通知 is there."""
    found: dict[str, Party] = {}
    for town in world.municipalities:
        for code, resident in world.nodes[town].store.residents.items():
            if resident.is_open and code in found:
                yield f"{code} is open in {found[code]} and in {town}"
            if resident.is_open:
                found[code] = town


def _one_number(world: World) -> Iterator[str]:
    """No number is, or was, that of two persons; none is changed that nobody asked to change."""
    seen: dict[str, str] = {}
    asked = {
        one.code for papers in world.papers.values() for one in papers if one.what == RENUMBERS
    }
    for code, made in world.nodes[CENTRE].store.numbers.items():
        if len(made) > 1 and code not in asked | world.corrected:
            yield f"the number of {code} was changed, and nobody asked for it"
        for number in made:
            if seen.setdefault(number, code) != code:
                yield f"{code} and {seen[number]} were given one number"


def _number_is_known(world: World) -> Iterator[str]:
    """The resident's number is the last one that the centre made; who was born has one."""
    made = world.nodes[CENTRE].store.numbers
    for town in world.municipalities:
        for code, one in world.nodes[town].store.residents.items():
            last = made.get(code, [""])[-1]
            is_asked = code in born_in(world, town) or one.number
            if one.is_open and is_asked and not last == one.number != "":
                yield f"{town} has of {code} {one.number!r}, the centre made {last!r} last"


def born_in(world: World, town: Party) -> set[str]:
    """出生: who was entered there last without coming from another town."""
    last = {one.code: one for one in world.papers[town] if one.what == OPENS}
    return {code for code, one in last.items() if one.moved_from is None}


def _all_arrived(world: World) -> Iterator[str]:
    """Nothing acknowledged is lost: what a party knows to have sent was carried out."""
    for node in world.nodes.values():
        for message in node.store.own.values():
            if (node.party, message.id) not in world.nodes[message.stream.to].store.carried:
                yield f"{node.party}: {message.kind} {message.id} was never carried out"


def _told_truly(node: Node, world: World) -> Iterator[str]:
    """What a party was told of a message is what its receiver found, or the centre."""
    for message in node.store.own.values():
        said = node.store.states.get(message.id, "")
        if "forged" in said:
            yield f"{node.party} believes of {message.id} what its receiver never said: {said}"


def _once(node: Node) -> Iterator[str]:
    for (origin, message_id), count in node.store.effects.items():
        if count != 1:
            yield f"{node.party} carried out {message_id} of {origin} {count} times"


def _nothing_waits(node: Node) -> Iterator[str]:
    if node.store.waiting:
        yield f"{node.party}: {len(node.store.waiting)} streams wait for ever"
    for neighbour, log in node.store.logs.items():
        if node.sent_to(neighbour).receipted != len(log):
            yield f"{node.party}: what was sent to {neighbour} is not receipted"


def _only_listed(node: Node) -> Iterator[str]:
    for held in node.store.held.values():
        if not COLUMNS.issuperset(held.items):
            yield f"{node.party} holds an item outside the list"
    for message_id in node.store.forwarded:
        if UNLISTED in str(node.store.own[message_id].body):
            yield f"{node.party} keeps an item outside the list to forward it"
