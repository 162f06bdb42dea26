"""模擬を動かす: a seed from its beginning to what must hold at its end."""

from typing import NamedTuple

from daicho.site.sim.healing import DoesNotHeal, heal
from daicho.site.sim.invariants import broken
from daicho.site.sim.world import World

_AT_REST_EVERY = 2  # seeds: it takes as long as all that was before


class Ran(NamedTuple):
    """模擬の結果: `broken` are the conditions that do not hold, each in one sentence."""

    seed: int
    step_count: int
    message_count: int
    broken: tuple[str, ...]


def ran(seed: int, steps: int, towns: int) -> Ran:
    """一つの種: so many steps of trouble, then healing; the same seed gives the same, always."""
    world = World(seed, towns)
    for _ in range(steps):
        world.step()
    try:
        heal(world)
        found = broken(world)
        if not found and seed % _AT_REST_EVERY == 0:
            world.restore()  # of a nation at rest: nothing that comes would tell what is forgotten
            heal(world)
            found = broken(world)
    except DoesNotHeal as never:
        found = [str(never)]
    count = sum(len(node.store.carried) for node in world.nodes.values())
    return Ran(seed, steps, count, tuple(found))
