"""まれな例: what is too rare to wait for, each once in so many households."""

from collections.abc import Mapping
from dataclasses import replace

from daicho.site.demo.lives.foreigners import SHORT_CLASSES
from daicho.site.demo.materials.days import UNCERTAIN
from daicho.site.demo.shapes import APART, Draft, Shape, Shapes

EVERY = 1_000
"""Households after which the rare ones come again."""

_ALL = (
    *SHORT_CLASSES,
    "special_permanent",
    "card_later",
    "common_name",
    "pending",
    "no_number",
    "なし",
    "不明",
    "reentry",
    "reentry",
    "planned",
    "headless",
    "renamed",
    "corrected",
    "former_name",
    "unreported",
    *(f"protected:{kind}" for kind in range(4)),
    *(f"suppressed:{kind}" for kind in range(4)),
    *(f"uncertain:{kind}" for kind in range(len(UNCERTAIN))),
    *(f"others:{kind}" for kind in range(8)),
    "foreign_uncertain",
)
SPECIALS: Mapping[int, str] = {11 + 17 * at: name for at, name in enumerate(_ALL)}
"""Number of the household, counted round, to what is rare about it."""

assert 11 + 17 * len(_ALL) < EVERY, "all fit into one round"

_ALONE = (
    "reentry",
    "renamed",
    "corrected",
    "former_name",
    "なし",
    "不明",
    "unreported",
    "no_number",
)
_FOREIGN = (*SHORT_CLASSES, "special_permanent", "card_later", "common_name", "pending")
_GIVEN: Mapping[str, Shape] = {
    **{one: [Draft("世帯主", "2", 34.0, early=True, foreign=True)] for one in _FOREIGN},
    "transitional_by_birth": [
        Draft("世帯主", "1", 31.0, early=True),
        Draft("子", "2", 0.09, APART, foreign=True),
    ],
    "foreign_uncertain": [Draft("世帯主", "1", 58.0, early=True, foreign=True)],
    "headless": [
        Draft("世帯主", "2", 68.0, early=True),
        Draft("子", "1", 41.0),
        Draft("子", "2", 38.0),
    ],
}


def special_shape(shapes: Shapes, special: str) -> Shape:
    """The household that such a rarity needs; empty where any will do."""
    kind, _, number = special.partition(":")
    if kind == "others":
        return shapes.others(45.0, "1", int(number))
    if kind == "uncertain":
        return shapes.single(74.0, "12"[int(number) % 2])
    if kind in _ALONE:
        return shapes.single(46.0, "2")
    return [replace(one) for one in _GIVEN.get(special, ())]
