"""記載: how residents come into the register: moving in, birth, and from before there was one."""

from collections.abc import Callable

from daicho.site.demo.lives import leaving
from daicho.site.demo.lives.families import World
from daicho.site.demo.lives.household import Household
from daicho.site.demo.lives.people import PREVIOUS, Person
from daicho.site.demo.materials import days
from daicho.site.demo.materials.places import Place

Happens = Callable[[int, Callable[[int], None]], None]
_LATE_SHARE = 0.01


class Entries:
    """記載: writes the first line of everyone of one household."""

    def __init__(self, world: World, household: Household, happens: Happens) -> None:
        self.world = world
        self.household = household
        self.happens = happens
        self.unreported = False  # 未届転入
        self.is_slow = False  # 個人番号の生成待ち

    def arrive(self, day: int) -> None:
        """転入 together: one 届出, one address left behind."""
        random = self.world.random.random
        coming = [
            one
            for one in self.household.people
            if not one.is_here and one.born < day and opened(one) <= day and _may(one)
        ]
        if not coming:
            return
        lag = int(random() * 11) if random() > _LATE_SHARE else 15 + int(random() * 20)
        received = days.open_day(day + lag)
        abroad = random() < 0.05
        before = self.world.places.abroad() if abroad else self.world.places.elsewhere()
        for person in coming:
            self.household.write(person)
        self.household.rank(coming, after=_last_position(self.household))
        for person in coming:
            if person.closed:
                leaving.come_back(person)
            self._enter(person, day, received, before, abroad=abroad)

    def _enter(
        self, person: Person, day: int, received: int, before: Place, *, abroad: bool
    ) -> None:
        if person.is_foreign and not person.lines:
            self._enter_foreign(person, day, received)
        else:
            self._move_in(person, day, received, before, abroad=abroad)

    def _since(self, person: Person, day: int) -> None:
        """住民となった年月日; 住所を定めた年月日 is the same until a 転居 (corrections 12)."""
        person.entered = day
        item = "foreign_resident_since_on" if person.is_foreign else "resident_since_on"
        person.cells[item] = person.cells["address_since_on"] = days.iso(day)

    def _move_in(
        self, person: Person, day: int, received: int, before: Place, *, abroad: bool
    ) -> None:
        self._since(person, day)
        note = ""
        if self.unreported and not abroad:
            note = "未届転入"
            person.cells["last_registered_address"] = before.text
            before = before._replace(lot=f"{before.lot}（未届）", building="")
        person.put(PREVIOUS, before)
        person.cells["notified_on"] = days.iso(received)
        person.note(
            "moved_in_from_abroad" if abroad else "moved_in",
            occurred=day,
            processed=received,
            received=received,
            basis="届出",
            remark=f"{days.wareki(day)}転入",
            note=note,
        )

    def _enter_foreign(self, person: Person, day: int, received: int) -> None:
        """BRRA 30-46, 30-47: nothing stands as 転入前住所; the number comes afterwards."""
        self._since(person, day)
        by_birth = person.cells["foreign_class"] == "transitional_by_birth"
        by_loss = person.cells["foreign_class"] == "transitional_by_nationality_loss"
        person.cells["notified_on"] = days.iso(received)
        self._await_number(person, received)
        reason = "entered_by_nationality_loss" if by_loss else "moved_in_from_abroad"
        told = not (by_birth or by_loss)
        person.note(
            "born" if by_birth else reason,
            occurred=day,
            processed=received,
            received=received if told else 0,
            basis="届出" if told else "職権",
        )

    def enter_later(self, start: int, opening: int) -> None:
        """職権記載: the register began, or was opened to them, while they lived here already."""
        coming = [
            one
            for one in self.household.people
            if opened(one) == opening and one.born < opening and not one.lines
        ]
        if not coming:
            return
        before = self.world.places.elsewhere()
        processed = days.open_day(opening)
        for person in coming:
            self.household.write(person)
        self.household.rank(coming, after=_last_position(self.household))
        for person in coming:
            since = max(start, person.born)
            if person.is_foreign:
                person.cells["old_registration_on"] = days.iso(since)
            elif since == start:
                person.put(PREVIOUS, before)
            self._since(person, opening if person.is_foreign else since)
            person.entered = opening
            person.cells["notified_on"] = days.iso(processed)
            person.note(
                "entered_ex_officio",
                occurred=processed,
                processed=processed,
                basis="職権",
                remark="住民票の作成",
            )

    def birth(self, person: Person, day: int) -> None:
        """出生: nothing stands as 転入前住所 (corrections 12)."""
        processed = days.open_day(day + 3 + int(self.world.random.random() * 11))
        self.household.write(person)
        self.household.rank([person], after=_last_position(self.household))
        self._since(person, day)
        person.cells["notified_on"] = days.iso(processed)
        if day >= days.READING_FROM and not person.is_foreign:
            person.cells["family_name_reading"] = person.cells["family_name_kana"]
            person.cells["given_name_reading"] = person.cells["given_name_kana"]
        self._await_number(person, processed)
        person.note("born", occurred=day, processed=processed, basis="職権", remark="出生")

    def _await_number(self, person: Person, processed: int) -> None:
        """個人番号: asked for at the first entry, given some days later."""
        if processed < days.NUMBER_FROM or not person.individual_number:
            return
        person.cells["individual_number_state"] = "pending"

        def assigned(day: int) -> None:
            person.cells["individual_number_state"] = "held"
            if person.is_here:
                at = days.open_day(day)
                person.note("individual_number_assigned", occurred=at, processed=at, basis="職権")

        late = 60 if self.is_slow else 4
        self.happens(processed + late + int(self.world.random.random() * 10), assigned)


def opened(person: Person) -> int:
    """The day from which the register could hold the person."""
    return days.FOREIGN_FROM if person.is_foreign else days.ACT_FROM


def _may(person: Person) -> bool:
    """Whether one who was here before comes (back) with the others: never the dead."""
    return not person.closed or person.cells["state"] == "moved_out"


def _last_position(household: Household) -> int:
    return max((int(one.cells["position"]) for one in household.here), default=0)
