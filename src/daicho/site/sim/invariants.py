"""模擬の不変条件: what must hold after healing, whatever happened before."""

from collections.abc import Iterator

from daicho.network.protocol.parties import CENTRE, Party, above
from daicho.site.sim.deeds import COLUMNS
from daicho.site.sim.node import Node
from daicho.site.sim.world import World


def broken(world: World) -> list[str]:
    """破れた条件: each in one sentence; empty where all hold."""
    nodes = world.nodes.values()
    found = [*_tiers_agree(world), *_one_residence(world), *_all_arrived(world)]
    for node in nodes:
        found += [*_once(node), *_nothing_waits(node), *_only_listed(node), *node.disorder]
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


def _all_arrived(world: World) -> Iterator[str]:
    """Nothing acknowledged is lost: what a party knows to have sent was carried out."""
    for node in world.nodes.values():
        for message in node.store.own.values():
            if message.id not in world.nodes[message.stream.to].store.carried:
                yield f"{node.party}: {message.kind} {message.id} was never carried out"


def _once(node: Node) -> Iterator[str]:
    for message_id, count in node.store.effects.items():
        if count != 1:
            yield f"{node.party} carried out {message_id} {count} times"


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
