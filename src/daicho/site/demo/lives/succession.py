"""世帯主の死亡: who headed the household before, and the change of householder that followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from daicho.site.demo.lives import leaving
from daicho.site.demo.lives.families import World, relative
from daicho.site.demo.lives.people import Person
from daicho.site.demo.materials import days
from daicho.site.demo.shapes import OTHER, OWN, PARENTS, Draft

if TYPE_CHECKING:
    from daicho.site.demo.lives.life import Life

_BY_SPOUSE = {"父": "の父", "母": "の母", "兄": "の兄", "姉": "の姉", "弟": "の弟", "妹": "の妹"}
_SAME = ("子", "子の妻", "子の夫", "子の子", "縁故者", "同居人")
_UNDER_FATHER = {"世帯主": "子", "妻": "子の妻", "夫": "子の夫", "子": "子の子", "母": "妻"}


@dataclass
class Succession:
    """世帯主の交代: `head` died; `before` is what everyone was to them, by 宛名番号."""

    head: Person
    before: dict[str, str]

    def happen(self, world: World, life: Life, start: int, *, headless: bool) -> None:
        """Puts the death and what follows on their days."""
        for person in life.household.people:
            if person is not self.head:
                person.cells["relationship"] = self.before[person.cells["address_number"]]
        low = max(start, world.on - 5_000, life.household.people[0].born + 20 * 366) + 90
        high = world.on - 120
        day = high - 20 if headless else life.free_day(low, high)
        life.happens(day or high, lambda at: self._die(world, life, at, headless=headless))

    def _die(self, world: World, life: Life, day: int, *, headless: bool) -> None:
        household = life.household
        if not self.head.is_here:
            return
        leaving.die(world, self.head, day)
        remaining = household.here
        successor = None if headless else household.people[0]
        household.head = successor
        for person in household.people:
            if person is not self.head and not person.closed:
                household.write_head(person)
                person.cells["relationship"] = "" if headless else person.draft.relationship
        if not remaining:
            return
        if not headless:
            household.rank(remaining)
        alone = len(remaining) == 1
        lag = 0 if alone or headless else 1 + int(world.random.random() * 12)
        processed = max(days.open_day(day + 8 + lag), *(one.processed for one in remaining))
        for person in remaining:
            person.note(
                "corrected_ex_officio" if headless else "householder_changed",
                occurred=day,
                processed=processed,
                received=0 if alone or headless else processed,
                basis="職権" if alone or headless else "届出",
                remark="世帯主未設定" if headless else f"{days.wareki(day)}世帯主変更",
            )


def lost_head(world: World, people: list[Person]) -> Succession | None:
    """The former householder of those people, added to them; None where none can have been.

    A widowed spouse's late partner, or else the late father of one who lives with wife and
    children or with the mother.
    """
    head = people[0]
    words = {one.draft.relationship for one in people}
    if any(one.is_foreign for one in people) or head.draft.age < 32:
        return None
    married = bool(words & {"夫", "妻", "夫（未届）", "妻（未届）"})
    if head.draft.age > 55 and not married:
        return _late_spouse(world, people)
    if words <= set(_UNDER_FATHER) and not {"父", "夫", "妻（未届）"} & words:
        return _late_father(world, people)
    return None


def _late_spouse(world: World, people: list[Person]) -> Succession | None:
    head = people[0]
    sex = OTHER[head.draft.sex]
    own = "妻" if head.draft.sex == "2" else "夫"
    before: dict[str, str] = {head.cells["address_number"]: own}
    for person in people[1:]:
        word = person.draft.relationship
        if word in _SAME:
            its = word
        elif word in _BY_SPOUSE:
            its = own + _BY_SPOUSE[word]
        else:
            return None
        before[person.cells["address_number"]] = its
    late = Draft("世帯主", sex, head.draft.age + 2.5, OWN, early=True)
    return Succession(relative(world, people, late, of=head), before)


def _late_father(world: World, people: list[Person]) -> Succession | None:
    head = people[0]
    before = {one.cells["address_number"]: _UNDER_FATHER[one.draft.relationship] for one in people}
    mother = next((one for one in people if one.draft.relationship == "母"), None)
    age = mother.draft.age + 2 if mother else head.draft.age + 28
    late = Draft("世帯主", "1", age, PARENTS, early=True)
    return Succession(relative(world, people, late, of=mother or head), before)


def lost_member(world: World, people: list[Person]) -> None:
    """One more member who died or moved out: a parent, a wife, or a grown child."""
    head = people[0]
    words = {one.draft.relationship for one in people}
    if any(one.is_foreign for one in people):
        return
    if head.draft.age > 48 and words & {"夫", "妻"}:
        late = Draft("子", "12"[head.born % 2], head.draft.age - 27, OWN, leaves="moved_out")
        if head.draft.sex == "2":
            late.age = head.draft.age - 24
    elif head.draft.age > 30 and "母" not in words:
        late = Draft("母", "2", head.draft.age + 26, PARENTS, early=True, leaves="died")
    else:
        return
    relative(world, people, late, of=head)
