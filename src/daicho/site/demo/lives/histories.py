"""世帯の歴史: plans what happened to a household since it came here, and tells it."""

from collections.abc import Sequence
from functools import partial

from daicho.site.demo.lives import benefits, leaving, protection
from daicho.site.demo.lives.entries import Entries, opened
from daicho.site.demo.lives.families import World, marry_into, people, write_name
from daicho.site.demo.lives.foreigners import SHORT_CLASSES
from daicho.site.demo.lives.household import Household, parental_home
from daicho.site.demo.lives.life import Happening, Life
from daicho.site.demo.lives.people import Person
from daicho.site.demo.lives.succession import Succession, lost_head, lost_member
from daicho.site.demo.materials import days
from daicho.site.demo.materials.names import Written
from daicho.site.demo.shapes import Shape

_GROWN = 20 * 366
_SETTLED = 60  # days a household has been here at least


class History:
    """世帯の歴史: `people` are all who ever belonged to it, the present members first."""

    def __init__(
        self,
        world: World,
        shape: Shape,
        *,
        special: str = "",
        family: Written | None = None,
        losses: float = 0.0,
    ) -> None:
        self.world = world
        self.special = special
        self.people = people(world, shape, family=family, special=special)
        marry_into(world, self.people)
        self.succession: Succession | None = None
        self._add_the_lost(losses)
        head = self.succession.head if self.succession else self.people[0]
        place = world.places.home()
        self.household = Household(self.people, head, world.numbers.household(), place)
        self.life = Life(world, self.household)
        self.life.entries.is_slow = special == "pending"
        if special == "no_number" or world.random.random() < 0.001:
            self.people[0].individual_number = ""
        self.life.entries.unreported = special == "unreported" or world.random.random() < 0.003

    def _add_the_lost(self, losses: float) -> None:
        """Those who died or left: the former householder, or another member."""
        random = self.world.random.random
        for person in self.people:
            person.cells["relationship"] = person.draft.relationship
        if self.special == "headless" or random() < losses:
            self.succession = lost_head(self.world, self.people)
        if self.succession is None and random() < losses:
            lost_member(self.world, self.people)

    def tell(self, *, ends: leaving.Kind | None = None, closes: bool = False) -> list[Person]:
        """Everybody, with all their lines; `closes` when nobody is left of the household."""
        world, life = self.world, self.life
        start = self._begin(recent=self.special in (*SHORT_CLASSES, "pending"))
        self._fix(start)
        if len(self.people) == 1 and not self.special and world.random.random() < 0.4:
            self._grow_up(start)
        until = world.on - _SETTLED
        if closes:
            until = life.take(start + int((until - start) * (0.3 + 0.7 * world.random.random())))
            life.happens(until, lambda day: life.leave(day, away=False, kind=ends))
        elif self.special == "reentry" or world.random.random() < 0.012:
            self._leave_and_return(start, until)
        self._chances(start, until)
        if self.special:
            self._specials(start)
        life.run()
        if not closes:
            self._at_present()
        return [person for person in self.people if person.lines]

    def _begin(self, *, recent: bool) -> int:
        """The day the household came: late enough for its grown-ups, seldom long after."""
        on, random = self.world.on, self.world.random.random
        grown = [one.born + _GROWN for one in self.people if one.draft.early]
        low, high = max(grown, default=0), on - _SETTLED
        if len(self.people) == 1:
            low -= 730
        if recent:
            return on - 45
        if self.special in ("reentry", "renamed", "corrected"):
            high = on - 2_500
        return max(min(low + int((high - low) * random()), high), 1 + days.ordinal(1925, 1, 1))

    def _fix(self, start: int) -> None:
        """What happens on days that cannot be chosen."""
        life = self.life
        life.take(start)
        life.happens(start, life.arrive)
        for opening in (days.ACT_FROM, days.FOREIGN_FROM):
            if start < opening:
                life.take(opening)
                life.happens(opening, partial(life.entries.enter_later, start))
        for person in self.people:
            if person.born >= max(start, opened(person)):
                life.happens(life.take(person.born), life.birth(person))
        if start < days.NUMBER_FROM:
            life.happens(life.take(days.NUMBER_FROM), life.number_assigned)
        if self.succession:
            self.succession.happen(self.world, life, start, headless=self.special == "headless")
        for person in self.people:
            leaves = person.draft.leaves
            if leaves:
                low = max(start, self.world.on - 4_000, person.born + 19 * 365)
                day = life.free_day(low + 90, self.world.on - _SETTLED)
                happening = self._loss(person, died=leaves == "died")
                life.happens(day or self.world.on - _SETTLED, happening)

    def _grow_up(self, start: int) -> None:
        """Born here as a child of a household that is gone, with a home of one's own since."""
        person, life = self.people[0], self.life
        if person.is_foreign or person.born < days.ACT_FROM or person.draft.age < 19:
            return
        own = self.household
        parents = parental_home(self.world, person)
        entries = Entries(self.world, parents, life.happens)
        person.cells["relationship"] = "子"
        life.happens(person.born, lambda day: entries.birth(person, day))
        life.happens(start, lambda day: life.move_out_of(parents, own, day))
        if start >= days.NUMBER_FROM:
            life.happens(days.NUMBER_FROM, life.number_assigned)

    def _loss(self, person: Person, *, died: bool) -> Happening:
        def happening(day: int) -> None:
            if not person.is_here:
                return
            if died:
                leaving.die(self.world, person, day)
            else:
                leaving.leave(self.world, [person], day, self.life.happens)

        return happening

    def _leave_and_return(self, start: int, until: int) -> None:
        life = self.life
        day = life.free_day(max(start, until - 7_000) + 300, until - 500)
        if day is None or self.succession or len(self.people) > 3:
            return
        life.happens(day, lambda at: life.leave(at, away=True))
        life.happens(life.take(day + 400), self._return)

    def _return(self, day: int) -> None:
        self.household.number = self.world.numbers.household()
        self.household.place = self.world.places.home()
        self.life.arrive(day)

    def _chances(self, start: int, until: int) -> None:
        """転居 one to three times, and the changes that few or many have."""
        world, life = self.world, self.life
        random = world.random.random
        low = max(start, days.ACT_FROM)
        wanted = (0, 0, 0, 1, 1, 2, 3)[int(random() * 7)] if until - low > 700 else 0
        for _ in range(wanted):
            day = life.free_day(low, until)
            if day:
                life.happens(day, life.move)
        self._of_all(low, until)
        for person in self.people:
            if person.is_foreign and random() < 0.4:
                life.renewals(person, max(low, days.FOREIGN_FROM, person.born + 365))
            elif not person.is_foreign and random() < 0.006:
                self._rename(person, low, until)
            elif person.draft.sex == "2" and person.draft.relationship in ("妻", "世帯主"):
                self._former_name(person, low, until, chance=0.02)

    def _of_all(self, low: int, until: int) -> None:
        """What is written into everybody's record at once."""
        life, random = self.life, self.world.random.random
        if random() < 0.3:
            day = life.free_day(max(low, days.READING_FROM + 30), until)
            if day:
                life.happens(day, life.reading_entered)
        if random() < 0.01:
            day = life.free_day(max(low, days.ordinal(1990, 4, 1)), until)
            if day:
                life.happens(day, life.minor)

    def _rename(self, person: Person, low: int, until: int) -> None:
        day = self.life.free_day(max(low, person.born + 200), until)
        if day is None or person.is_foreign:
            return
        cells = person.cells
        new = (cells["given_name"], cells["given_name_kana"])
        wrong = self.special == "corrected" or self.world.random.random() < 0.4
        reason = "corrected_error" if wrong else "corrected_ex_officio"
        given = self.world.names.given(person.draft.sex, person.draft.age)
        old = person.name
        write_name(person, Written(cells["family_name"], cells["family_name_kana"]), given)
        for member in self.people:
            if member.cells["family_register_head"] == old:
                member.cells["family_register_head"] = person.name
                member.register = f"{member.cells['registered_domicile']} {person.name}"
        self.life.happens(day, self.life.renamed(person, new, reason))

    def _former_name(self, person: Person, low: int, until: int, *, chance: float) -> None:
        if person.is_foreign or self.world.random.random() >= chance:
            return
        day = self.life.free_day(max(low, days.FORMER_NAME_FROM), until)
        if day:
            self.life.happens(day, self.life.former_name_entered(person))

    def _specials(self, start: int) -> None:
        """What is rare enough to be asked for by name."""
        person, until = self.people[0], self.world.on - _SETTLED
        kind, _, number = self.special.partition(":")
        if kind in ("renamed", "corrected"):
            self._rename(person, start, until)
        elif kind == "former_name":
            self._former_name(person, start, until, chance=1.0)
        elif kind in ("uncertain", "foreign_uncertain"):
            pattern = days.UNCERTAIN[int(number)] if number else "year_only"
            cell = days.uncertain_cell(pattern, person.born, western=person.is_foreign)
            person.cells["born_on"] = cell

    def _at_present(self) -> None:
        """What is so on the day of the register only."""
        here = self.household.here
        random = self.world.random.random
        for person in here:
            benefits.enter(self.world, person, parent_of_minors=_has_minors(person, here))
        if self.special == "planned" or random() < 0.0015:
            leaving.plan_to_leave(self.world, here)
        kind, _, number = self.special.partition(":")
        if kind == "protected":
            protection.protect(self.world, here, int(number))
        elif kind == "suppressed":
            protection.suppress(self.world, here[:1], int(number))
        elif random() < 0.002:
            protection.protect(self.world, here, int(random() * 4))
        elif random() < 0.003:
            protection.suppress(self.world, here[:1], int(random() * 4))


def _has_minors(person: Person, here: Sequence[Person]) -> bool:
    if person.cells["relationship"] != "世帯主":
        return False
    return any(one.cells["relationship"] == "子" and one.draft.age < 17 for one in here)
