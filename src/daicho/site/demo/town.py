"""架空の町: a made-up municipality of any size, written in the layout of an import.

Equal arguments give equal bytes. One household is held at a time, so that a town of a million
takes no more memory than a village. Nobody in it is real: every line is marked 架空, towns and
buildings say so in their names, and names, numbers and lives are chance combinations.
"""

import csv
import tomllib
from datetime import date
from importlib.resources import files
from random import Random
from typing import TextIO

from daicho.register.layout import COLUMNS
from daicho.site.demo.lives import leaving
from daicho.site.demo.lives.families import World
from daicho.site.demo.lives.histories import History
from daicho.site.demo.lives.people import BLANK, MARK, Person
from daicho.site.demo.materials.names import Names
from daicho.site.demo.materials.numbering import Numbers
from daicho.site.demo.materials.places import MUNICIPALITIES, Places
from daicho.site.demo.shapes import Draft, Shape, Shapes
from daicho.site.demo.specials import EVERY, SPECIALS, special_shape
from daicho.site.trouble import Trouble

__all__ = ["MARK", "MUNICIPALITIES", "write_town"]

_POPULATION = tomllib.loads(files(__package__).joinpath("population.toml").read_text("utf-8"))
_SHARES = [
    (sex, age, share)
    for sex, column in (("1", "male"), ("2", "female"))
    for age, share in enumerate(_POPULATION[column])
]
_WHOLE = sum(share for _, _, share in _SHARES)
_TARGETS = tuple(share / _WHOLE for _, _, share in _SHARES)
_CLASSES = len(_SHARES) // 2
_FOREIGN_SHARE = _POPULATION["foreign_per_mille"] / 1_000
_CLOSED_SHARE = _POPULATION["closed_per_mille"] / 1_000
_AHEAD = 60  # residents the choice of the next household looks ahead
_ENDS = (*[None] * 14, leaving.Kind.EX_OFFICIO, leaving.Kind.MISSING)


def write_town(file: TextIO, *, municipality: str, residents: int, seed: int, on: date) -> None:
    """架空の町を書く: a header and the lines of `residents` living people, and about 15 % more
    closed records, as the register stood on the day `on`.

    Trouble for a municipality that has no made-up town, a negative number or a day before 2016.
    """
    if residents < 0:
        raise Trouble("住民の数は0以上で指定してください。")
    if on < date(2016, 4, 1):
        raise Trouble("架空の町は2016年4月1日以後の日で作ってください。")
    town = _Town(municipality, residents, seed, on)
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([column.japanese for column in COLUMNS])
    while town.living < residents:
        for person in town.household():
            writer.writerows(line.values() for line in person.lines)


class _Town:
    """架空の町: counts who lives in it, and makes next what it is short of."""

    def __init__(self, municipality: str, residents: int, seed: int, on: date) -> None:
        random = Random(f"{municipality}/{residents}/{seed}/{on}")  # noqa: S311  nothing secret
        self.residents = residents
        self.living = 0
        self.closed = 0
        self._foreign = 0
        self._households = 0
        self._counts = [0] * len(_SHARES)
        self._random = random
        self._shapes = Shapes(random)
        self._world = World(
            random,
            on.toordinal(),
            municipality,
            Names(random),
            Places(random, municipality),
            Numbers(random),
        )

    def household(self) -> list[Person]:
        """The next household: of the ages and the kind that are wanting."""
        self._households += 1
        special = SPECIALS.get(self._households % EVERY, "")
        if not special and self.closed < self.living * _CLOSED_SHARE - 3:
            return self._counted(self._gone())
        shape = self._shape(special)
        room = self.residents - self.living
        if len(shape) > room:
            shape, special = [Draft("世帯主", "1", 40.0, early=True)], ""
        rare = self._world.names.rare_family(self._households // 40)
        family = rare if self._households % 40 == 0 else None
        losses = 0.10 if self.closed < self.living * _CLOSED_SHARE else 0.0
        history = History(self._world, shape, special=special, family=family, losses=losses)
        return self._counted(history.tell())

    def _shape(self, special: str) -> Shape:
        if special:
            shape = special_shape(self._shapes, special)
            if shape:
                return shape
        age, sex = self._wanted()
        if 0 <= age < 78 and self._foreign < self.living * _FOREIGN_SHARE:
            return self._shapes.foreign(age, sex)
        return self._shapes.around(age, sex)

    def _wanted(self) -> tuple[float, str]:
        """An age and sex the town has too few of."""
        ahead = self.living + _AHEAD
        lacking = [
            max(target * ahead - count, 0.0)
            for target, count in zip(_TARGETS, self._counts, strict=True)
        ]
        at = self._random.choices(range(len(lacking)), lacking)[0]
        sex, age, _ = _SHARES[at]
        return age * 5 + self._random.random() * 5, sex

    def _gone(self) -> list[Person]:
        """A household of which nobody is left."""
        sex = "12"[self._households % 2]
        age = 20 + self._random.random() * 60
        make = self._shapes.foreign if self._random.random() < 0.08 else self._shapes.around
        kind = _ENDS[int(self._random.random() * len(_ENDS))]
        return History(self._world, make(age, sex)).tell(closes=True, ends=kind)

    def _counted(self, people: list[Person]) -> list[Person]:
        for person in people:
            if person.closed:
                self.closed += 1
                continue
            self.living += 1
            self._foreign += person.is_foreign
            age = min(int(person.draft.age // 5), _CLASSES - 1)
            self._counts[age + (_CLASSES if person.draft.sex == "2" else 0)] += 1
        return people


assert tuple(BLANK) == tuple(column.name for column in COLUMNS), "a line is written as it is kept"
