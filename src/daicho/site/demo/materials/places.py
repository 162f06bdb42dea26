"""架空の住所: addresses here, elsewhere and abroad, of made-up towns in real municipalities."""

import tomllib
from importlib.resources import files
from random import Random
from typing import Any, NamedTuple

from daicho.site.trouble import Trouble

_TABLE: dict[str, Any] = tomllib.loads(
    files(__package__).joinpath("places.toml").read_text("utf-8")
)
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_CHOME = "〇一二三四五六七八九"
MUNICIPALITIES: dict[str, dict[str, str]] = {
    row["code"]: row for row in [*_TABLE["municipality"], *_TABLE["second"]]
}
"""The municipalities whose towns are made up here, by code."""


class Place(NamedTuple):
    """住所: the parts of an address, in the order of the record's columns."""

    code: str = ""
    postal_code: str = ""
    prefecture: str = ""
    municipality: str = ""
    town: str = ""
    lot: str = ""
    free_text: str = ""
    building: str = ""

    @property
    def text(self) -> str:
        """The parts joined, without 方書."""
        return self.free_text or self.prefecture + self.municipality + self.town + self.lot


def columns(of: str) -> tuple[str, ...]:
    """The columns of the address `of`, in the order of a Place."""
    return tuple(f"{of}_{part}" for part in Place._fields)


class _Town(NamedTuple):
    code: str
    postal_code: str
    name: str
    has_blocks: bool  # 住居表示: １番１号, not １番地


def _towns(row: dict[str, str]) -> tuple[_Town, ...]:
    found = []
    for number, town in enumerate(_TABLE["town"], start=1):
        for chome in range(1, town["chome"] + 1) or (0,):
            name = town["name"] + (f"{_CHOME[chome]}丁目" if chome else "")
            code = f"{row['code'][:5]}{number:03}{chome:03}"
            found.append(_Town(code, f"{row['postal']}99{number:02}", name, chome > 0))
    return tuple(found)


class Places:
    """架空の住所: those of one municipality and of the world around it."""

    def __init__(self, random: Random, municipality: str) -> None:
        if municipality not in MUNICIPALITIES:
            known = "、".join(f"{code} {row['name']}" for code, row in MUNICIPALITIES.items())
            raise Trouble(
                f"架空の町は {municipality} にはありません。次のいずれかを指定してください: {known}"
            )
        self._random = random
        self.here = MUNICIPALITIES[municipality]
        self.name = self.here["prefecture"] + self.here["name"]
        self._here = _towns(self.here)
        others = [row for row in _TABLE["municipality"] if row["code"] != municipality]
        self._elsewhere = [(row, _towns(row)) for row in [*others, *_TABLE["elsewhere"]]]

    def home(self) -> Place:
        """An address in this municipality."""
        return self._place(self.here, self._here)

    def elsewhere(self) -> Place:
        """An address in another municipality of the country."""
        return self._place(*self._random.choice(self._elsewhere))

    def abroad(self) -> Place:
        """An address in another country, as one text."""
        return Place(free_text=self._random.choice(_TABLE["abroad"]["places"]))

    def _place(self, row: dict[str, str], towns: tuple[_Town, ...]) -> Place:
        random = self._random.random
        town = towns[int(random() * len(towns))]
        first, second = 1 + int(random() * 60), 1 + int(random() * 30)
        lot = f"{first}番{second}号" if town.has_blocks else f"{first * second}番地{second}"
        return Place(
            town.code,
            town.postal_code,
            row["prefecture"],
            row["name"],
            town.name,
            lot.translate(_WIDE),
            "",
            self._building() if random() < 0.35 else "",
        )

    def _building(self) -> str:
        random = self._random.random
        kind = "long_buildings" if random() < 0.03 else "buildings"
        names: list[str] = _TABLE["dwelling"][kind]
        room = 100 * (1 + int(random() * 12)) + 1 + int(random() * 9)
        return f"{names[int(random() * len(names))]}　{room}号".translate(_WIDE)
