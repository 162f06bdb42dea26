"""A tier that works in PostgreSQL, among simulated neighbours in trouble: all agree in the end."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings

import databases
from daicho.network.lines import keyring, own
from daicho.network.protocol.parties import Party
from daicho.site.sim import signing
from daicho.site.sim.healing import heal
from daicho.site.sim.invariants import broken
from daicho.site.sim.world import World
from network import database_party
from network.database_party import DatabaseNode

pytestmark = pytest.mark.durable
TOWNS, STEPS = 4, 400


@pytest.fixture
def world_with(
    durable: str, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> Callable[[int, Party], World]:
    def made(seed: int, party: Party) -> World:
        world = World(seed, TOWNS)
        node = DatabaseNode(world, party, databases.the_server().url(durable, "superuser"))
        settings.PARTY = party
        settings.NEIGHBOURS = dict.fromkeys(node.neighbours, "")
        monkeypatch.setattr(keyring, "signer", lambda: node.signer)
        monkeypatch.setattr(keyring, "checker", lambda: node.known)
        monkeypatch.setattr(keyring, "text_of", database_party.text_of)
        monkeypatch.setattr(keyring, "sealed", lambda said, _to: signing.sealed(said))
        monkeypatch.setattr(keyring, "unsealed", signing.unsealed)
        monkeypatch.setattr(own, "new_id", world.new_uuid)
        world.nodes[party] = node
        world.backups[party] = node.store.copy()
        return world

    return made


@pytest.mark.parametrize("seed", range(1, 4))
@pytest.mark.parametrize("party", [Party("01"), Party("00")])
def test_a_tier_of_the_database_heals_like_a_simulated_one(
    world_with: Callable[[int, Party], World], seed: int, party: Party
) -> None:
    world = world_with(seed, party)
    for _ in range(STEPS):
        world.step()
    heal(world)
    assert not broken(world)
    assert world.nodes[party].store.carried
