"""模擬: five hundred small nations in trouble heal; and a protocol with a hole is found out."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from daicho.network.protocol import intake, links, order
from daicho.network.protocol.message import Turn
from daicho.network.protocol.parties import Party
from daicho.site.sim import deeds, healing
from daicho.site.sim.healing import _exchange
from daicho.site.sim.node import LogTooShort, Node
from daicho.site.sim.running import ran
from daicho.site.sim.world import World

STEPS, TOWNS = 400, 4


@pytest.mark.parametrize("first", range(1, 501, 100))
def test_whatever_happens_all_tiers_agree_in_the_end(first: int) -> None:
    wrong = [one for seed in range(first, first + 100) if (one := ran(seed, STEPS, TOWNS)).broken]
    assert not wrong, f"./daicho sim --seed {wrong[0].seed} --steps {STEPS} --towns {TOWNS}"


def test_a_seed_gives_the_same_again() -> None:
    assert ran(7, STEPS, TOWNS) == ran(7, STEPS, TOWNS)


def test_there_is_something_to_heal() -> None:
    assert ran(7, STEPS, TOWNS).message_count > STEPS / 4


def _no_order(done: Turn, waiting: Iterable[Turn], newest_epoch: int) -> list[Turn]:
    return list(waiting)


def _never_back(
    sent: links.Sent, receipt: links.Receipt, own: str | None, now: int
) -> tuple[links.Sent, links.Told]:
    upto = max(sent.receipted, min(receipt.upto, sent.placed))
    return sent._replace(receipted=upto), links.Told.WENT_ON


def _any_parcel(end: links.Received, here: str | None, parcel: links.Parcel, now: int) -> links.Fit:
    return links.Fit.FOLLOWS if parcel.signed else links.Fit.DOES_NOT


def _forgetful(node: Node, *_: object) -> None:
    """A party that stores nothing of what it receipted."""


def _no_digest(before: str, signed: str) -> str:
    return "0"


def _never_asks(world: World, party: Party, neighbour: Party, *, is_asked: bool = False) -> int:
    return 0 if is_asked else _exchange(world, party, neighbour)


def _anybody(*_: object) -> bool:
    return True


def _nobody(*_: object) -> bool:
    return False


def _anywhere(*_: object) -> str:
    return ""


def _any_first(done: Turn, turn: Turn) -> bool:
    return turn.epoch > done.epoch or turn.ordinal == done.ordinal + 1


@pytest.mark.parametrize(
    ("module", "name", "hole"),
    [
        (order, "due", _no_order),
        (links, "receipted", _never_back),
        (intake, "fits", _any_parcel),
        (Node, "_keep", _forgetful),
        (links, "digest_of", _no_digest),
        (order, "follows", _any_first),
        (intake, "no_such_party", _anywhere),
        (deeds, "may_tell", _anybody),
        (deeds, "may_ask", _anybody),
        (deeds, "may_ask", _nobody),
        (healing, "_exchange", _never_asks),
    ],
)
def test_a_hole_in_the_protocol_is_found(
    module: Any, name: str, hole: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, name, hole)
    assert any(map(_is_found, range(1, 61)))


def _is_found(seed: int) -> bool:
    try:
        return bool(ran(seed, STEPS, TOWNS).broken)
    except LogTooShort:  # a party that stops over it
        return True
