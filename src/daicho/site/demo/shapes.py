"""世帯の形: who lives together, told as 続柄, sex and age, before anybody has a name."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

OWN, PARENTS, CHILD_FAMILY, IN_LAWS, APART = range(5)
"""戸籍: the householder's own, the parents', a married child's, the spouse's parents', another."""

OTHER = {"1": "2", "2": "1"}
_SPOUSE = {"1": "夫", "2": "妻"}
_PARENT = {"1": "父", "2": "母"}
_CHILD_FROM, _CHILD_UNTIL = 19.0, 46.0


@dataclass(slots=True)
class Draft:
    """世帯員の下書き: `register` is the 戸籍; `early` whether one must be grown when it starts,
    `leaves` how one who is no longer here went: died or moved_out."""

    relationship: str
    sex: str
    age: float
    register: int = OWN
    early: bool = False
    foreign: bool = False
    leaves: str = ""


Shape = list[Draft]


class Shapes:
    """世帯の形: makes a household around one person of a given age and sex."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def around(self, age: float, sex: str) -> Shape:
        """A household that such a person lives in, the householder first."""
        make = self._pick(self._choices(age))
        return make(age, sex)

    def _choices(self, age: float) -> tuple[tuple[float, Callable[[float, str], Shape]], ...]:
        if age < 18:
            return (0.82, self._of_child), (0.12, self._single_parent), (1, self._elders_of_child)
        if age < 35:
            return (
                (0.56, self.single),
                (0.12 if age >= 21 else 0, self._couple),
                (0.20, self._of_child),
                (0.05, self.others),
                (1, self._family if age >= 24 else self._of_child),
            )
        if age < 65:
            return (
                (0.31, self.single),
                (0.15, self._couple),
                (0.36, self._family),
                (0.08, self._middle),
                (0.06, self.others),
                (1, self._with_parent),
            )
        return (
            (0.38, self.single),
            (0.38, self._couple),
            (0.11, self._with_child),
            (0.08, self._elders),
            (1, self.others),
        )

    def _pick(
        self, choices: tuple[tuple[float, Callable[[float, str], Shape]], ...]
    ) -> Callable[[float, str], Shape]:
        at = self._random.random()
        for share, make in choices:
            at -= share
            if at < 0:
                return make
        return choices[-1][1]

    def _near(self, mean: float, spread: float, low: float, high: float) -> float:
        return min(max(self._random.gauss(mean, spread), low), high)

    def _sex(self) -> str:
        return "1" if self._random.random() < 0.512 else "2"

    def single(self, age: float, sex: str) -> Shape:
        """単独世帯."""
        return [Draft("世帯主", sex, max(age, 18), early=True)]

    def _couple(self, age: float, sex: str) -> Shape:
        """夫婦: the husband heads it nine times in ten."""
        other = max(20.0, age + self._random.gauss(2.0 if sex == "2" else -2.0, 3.0))
        ages = {sex: age, OTHER[sex]: other}
        head = "1" if self._random.random() < 0.9 else "2"
        spouse = OTHER[head]
        return [
            Draft("世帯主", head, ages[head], early=True),
            Draft(_SPOUSE[spouse], spouse, ages[spouse], early=True),
        ]

    def _children(self, parent_age: float, *, relationship: str = "子", first: Shape) -> Shape:
        """子: up to three, born when the parent was of an age for it; `first` is there already."""
        wanted = self._random.choices((1, 2, 3, 4), (32, 47, 18, 3))[0]
        found = list(first)
        age = first[0].age if first else self._near(parent_age - 30, 4, 0, 24)
        register = first[0].register if first else OWN
        while len(found) < wanted:
            age += self._random.choice((-1, 1)) * (1.3 + 2.5 * self._random.random())
            if age < 0 or not _CHILD_FROM <= parent_age - age <= _CHILD_UNTIL:
                break
            found.append(Draft(relationship, self._sex(), age, register))
        return found

    def _family(self, age: float, sex: str) -> Shape:
        """夫婦と子."""
        couple = self._couple(age, sex)
        mother = min(one.age for one in couple)
        if mother < 22:
            return couple
        return couple + self._children(mother, first=[])

    def _of_child(self, age: float, sex: str) -> Shape:
        """夫婦と子, around the child."""
        mother = age + self._near(30.5, 4.5, 21, 43)
        couple = self._couple(mother, "2")
        return couple + self._children(mother, first=[Draft("子", sex, age)])

    def _single_parent(self, age: float, sex: str) -> Shape:
        """ひとり親と子, around the child."""
        parent = age + self._near(29, 4.5, 20, 42)
        head = Draft("世帯主", "2" if self._random.random() < 0.86 else "1", parent, early=True)
        return [head, *self._children(parent, first=[Draft("子", sex, age)])]

    def _with_parent(self, age: float, sex: str) -> Shape:
        """子が世帯主で、親と同居."""
        parent = self._random.choice("122")
        old = Draft(_PARENT[parent], parent, age + self._near(28, 4, 20, 40), PARENTS, early=True)
        return [*self.single(age, sex), old]

    def _with_child(self, age: float, sex: str) -> Shape:
        """親と、成人した子."""
        couple = self._couple(age, sex)
        child = Draft("子", self._sex(), min(one.age for one in couple) - self._near(30, 4, 20, 40))
        return [*couple, child]

    def _middle(self, age: float, sex: str) -> Shape:
        """三世代, the middle one heading: 夫婦と子と父母, seldom with a 父の母 too."""
        family = self._family(age, sex)
        oldest = family[0].age
        mother = oldest + self._near(26, 4, 20, 38)
        old = [Draft("母", "2", mother, PARENTS, early=True)]
        if self._random.random() < 0.5:
            old.insert(0, Draft("父", "1", mother + 3, PARENTS, early=True))
        if mother < 76 and self._random.random() < 0.1:
            old.append(Draft("父の母", "2", mother + 25, APART, early=True))
        return family + old

    def _elders_of_child(self, age: float, sex: str) -> Shape:
        """三世代, the eldest heading, around the grandchild."""
        parent = age + self._near(29, 3.5, 20, 40)
        return self._three(parent, Draft("子の子", sex, age, CHILD_FAMILY))

    def _elders(self, age: float, sex: str) -> Shape:
        """三世代, around one of the eldest."""
        return self._three(max(age - self._near(28, 3, 22, 38), 24), None)

    def _three(self, parent: float, grandchild: Draft | None) -> Shape:
        elder = parent + self._near(28, 3, 22, 38)
        couple = self._couple(elder, "1")
        sex = "1" if self._random.random() < 0.75 else "2"
        spouse = OTHER[sex]
        young = [grandchild] if grandchild else [Draft("子の子", "1", parent - 24, CHILD_FAMILY)]
        return [
            *couple,
            Draft("子", sex, parent, CHILD_FAMILY, early=True),
            Draft("子の" + _SPOUSE[spouse], spouse, max(parent - 1, 20), CHILD_FAMILY, early=True),
            *self._children(parent - 1, relationship="子の子", first=young),
        ]

    def others(self, age: float, sex: str, kind: int | None = None) -> Shape:
        """その他の世帯: brothers and sisters, 縁故者, 同居人, 未届 couples, in-laws."""
        age = max(age, 22)
        head = self.single(age, sex)
        other, low = OTHER[sex], age < 50
        kinds = (
            lambda: [Draft("弟" if other == "1" else "妹", other, age - 2, early=True)],
            lambda: [Draft("兄" if other == "1" else "姉", other, age + 3, early=True)],
            lambda: [Draft(_SPOUSE[other] + "（未届）", other, age, APART, early=True)],
            lambda: [Draft("縁故者", other, age + (4 if low else -4), APART, early=True)],
            lambda: [Draft("同居人", sex, age + (1 if low else -6), APART, early=True)],
            lambda: [
                Draft(_SPOUSE[other], other, age, early=True),
                Draft(_SPOUSE[other] + "の母", "2", age + 27, IN_LAWS, early=True),
            ],
            lambda: [Draft("兄の子", other, age - 20 if age > 40 else age / 2, APART)],
            lambda: [Draft("妹の子", other, age - 19 if age > 40 else age / 2, APART)],
        )
        at = int(self._random.random() * len(kinds)) if kind is None else kind
        return head + kinds[at % len(kinds)]()

    def foreign(self, age: float, sex: str) -> Shape:
        """外国人のいる世帯: alone, a couple, a family, or with a Japanese householder."""
        at = self._random.random()
        if age < 18:
            shape = self._of_child(age, sex)
        elif at < 0.62:
            shape = self.single(age, sex)
        elif at < 0.76 or age > 50:
            shape = self._couple(max(age, 20), sex)
        else:
            shape = self._family(max(age, 24), sex)
        mixed = at > 0.90 and len(shape) > 1
        for one in shape:
            one.foreign = not mixed or one.relationship in ("夫", "妻")
        return shape
