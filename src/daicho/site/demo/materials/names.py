"""架空の氏名: chance combinations of the parts in `names.toml`."""

import re
import tomllib
from importlib.resources import files
from itertools import accumulate
from random import Random
from typing import Any, NamedTuple

_TABLE: dict[str, Any] = tomllib.loads(files(__package__).joinpath("names.toml").read_text("utf-8"))
_PARTS = re.compile(r"(?P<roman>[A-Z' -]+) (?P<kana>\S+)(?: (?P<kanji>\S+))?")
_RARE_SHARE = 0.03
_RARE_GIVEN_SHARE = 0.004


class Written(NamedTuple):
    """名: a part of a name and its reading."""

    text: str
    kana: str


class Foreign(NamedTuple):
    """外国人の氏名: roman, reading and kanji, which may be blank."""

    roman: str
    kana: str
    kanji: str


class Nation(NamedTuple):
    """国籍・地域: its name and code, and the parts of names."""

    name: str
    code: str
    families: tuple[Foreign, ...]
    given: dict[str, tuple[Foreign, ...]]


def _pairs(rows: list[str]) -> tuple[Written, ...]:
    return tuple(Written(*row.split(" ")) for row in rows)


def _foreign(rows: list[str]) -> tuple[Foreign, ...]:
    matches = (_PARTS.fullmatch(row) for row in rows)
    return tuple(Foreign(**match.groupdict("")) for match in matches if match)


_JAPANESE = _TABLE["japanese"]
_FAMILIES = _pairs(_JAPANESE["families"])
_RARE = _pairs(_JAPANESE["rare"])
_RARE_GIVEN = _pairs(_JAPANESE["rare_given_names"])
_GIVEN = {
    (sex, age): _pairs(_JAPANESE[name][age])
    for sex, name in (("1", "male"), ("2", "female"))
    for age in ("elder", "middle", "young")
}
_NATIONS = tuple(
    Nation(
        row["name"],
        row["code"],
        _foreign(row["families"]),
        {"1": _foreign(row["male"]), "2": _foreign(row["female"])},
    )
    for row in _TABLE["nation"]
)
_WEIGHTS = tuple(accumulate(row["weight"] for row in _TABLE["nation"]))
KOREA = next(nation for nation in _NATIONS if nation.code == "KOR")


class Names:
    """架空の氏名: gives a name to everyone."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def family(self) -> Written:
        """氏 of a Japanese family; one in some thirty is hard to write."""
        random = self._random.random
        some = _RARE if random() < _RARE_SHARE else _FAMILIES
        return some[int(random() * len(some))]

    def rare_family(self, number: int) -> Written:
        """氏 of the rare ones, each in its turn."""
        return _RARE[number % len(_RARE)]

    def given(self, sex: str, age: float) -> Written:
        """名 as given in the years when someone of that age was born."""
        random = self._random.random
        if random() < _RARE_GIVEN_SHARE:
            return _RARE_GIVEN[int(random() * len(_RARE_GIVEN))]
        some = _GIVEN[sex, "elder" if age > 68 else "middle" if age > 30 else "young"]
        return some[int(random() * len(some))]

    def nation(self) -> Nation:
        """国籍・地域 of a household of foreign residents."""
        return self._random.choices(_NATIONS, cum_weights=_WEIGHTS)[0]

    def foreign(self, nation: Nation, family: Foreign, sex: str) -> Foreign:
        """氏名 of a foreign resident."""
        given = self._random.choice(nation.given[sex])
        kanji = f"{family.kanji}　{given.kanji}" if family.kanji and given.kanji else ""
        return Foreign(f"{family.roman} {given.roman}", f"{family.kana}　{given.kana}", kanji)
