"""場面: what many tests begin with, brought about once a worker in a database of its own.

A scene has the name of a fixture. Whoever asks for that fixture works, in a transaction that rolls
back, where the scene stands already, so that a cast need not come on stage two thousand times; all
others work where nothing stands. A fixture asks `is_set`, and where it is not so it does the work.
"""

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import databases

BARE = ""
AFTER = {
    "cast": BARE,
    "two_live_here": "cast",
    "three_live_here": "cast",
    "few_live_here": "cast",
}
"""場面の順: each scene, and the one in whose database it comes about (`beginnings`)."""


@dataclass
class _Set:
    """A scene that has come about: what its preparation gave, and where it stands."""

    untouched: str  # the database of which clones are made; nobody works there
    given: Any = None
    place: databases.Place | None = None  # where the tests of this worker work


@dataclass
class _Stage:
    """What stands in this worker."""

    closing: ExitStack
    sets: dict[str, _Set] = field(default_factory=dict)
    present: str = BARE


_stage: _Stage | None = None
_wanted = BARE


def of(fixtures: Collection[str]) -> str:
    """The scene of a test that asks for these fixtures: the last that comes after the others."""
    asked = [name for name in AFTER if name in fixtures]
    found = [name for name in asked if not any(name in _line(other)[:-1] for other in asked)]
    assert len(found) <= 1, f"one database holds not several of {found}"
    return found[0] if found else BARE


@contextmanager
def opened() -> Iterator[None]:
    """Databases of this worker, for as long as it runs."""
    global _stage  # noqa: PLW0603  one process has one stage
    with ExitStack() as closing:
        _stage = _Stage(closing, {BARE: _Set(databases.TEMPLATE.database)})
        closing.enter_context(databases.within(_place(BARE).name))
        turn_to(_wanted)
        yield
        turn_to(BARE)
        for one in _stage.sets.values():
            databases.close(one.place)
    _stage = None


def turn_to(name: str) -> None:
    """Work where that scene stands, as soon as there are databases."""
    global _wanted  # noqa: PLW0603  as above
    _wanted = name
    if _stage is not None and _stage.present != name:
        to = _place(name)
        before = _stage.sets[_stage.present]
        before.place = databases.move(to)
        _stage.present = name


def is_set(name: str) -> bool:
    """Does that scene stand where this test works?"""
    return _stage is not None and name in _line(_stage.present)


def given(name: str) -> Any:
    """What the preparation of a scene that is set gave."""
    assert _stage is not None
    return _stage.sets[name].given


def untouched(name: str) -> str:
    """The database in which that scene stands and nobody works: clones are made of it."""
    assert _stage is not None
    if name not in _stage.sets:
        its = _stage.closing.enter_context(databases.clone(untouched(AFTER[name])))
        # only here: whoever runs the pure rings' tests alone has no models
        prepare = getattr(import_module("beginnings"), name)
        with databases.within(its):
            _stage.sets[name] = _Set(its, prepare())
    return _stage.sets[name].untouched


def _place(name: str) -> databases.Place:
    assert _stage is not None
    its = untouched(name)
    found = _stage.sets[name]
    if found.place is None:
        found.place = databases.Place(_stage.closing.enter_context(databases.clone(its)))
    return found.place


def _line(name: str) -> list[str]:
    """The scenes that stand where that one does, in the order in which they came about."""
    found: list[str] = []
    while name != BARE:
        found.insert(0, name)
        name = AFTER[name]
    return found
