"""異動の歴史: one household's days in order, each 異動 a line of everybody it concerns."""

from collections.abc import Callable
from heapq import heappop, heappush

from daicho.site.demo.lives import foreigners, leaving
from daicho.site.demo.lives.entries import Entries
from daicho.site.demo.lives.families import World
from daicho.site.demo.lives.household import Household
from daicho.site.demo.lives.people import Person
from daicho.site.demo.materials import days

_APART_DAYS = 60  # so that a late 届出 never overtakes the next 異動
_CLOSED_DAYS = 13  # the office is not shut for longer: what happened before is processed by then
Happening = Callable[[int], None]


class Life:
    """異動の歴史: `happens` puts an event on its day, `run` lets the days come in order."""

    def __init__(self, world: World, household: Household) -> None:
        self.world = world
        self.household = household
        self.entries = Entries(world, household, self.happens)
        self.away = False
        self._days: list[tuple[int, int, Happening]] = []
        self._taken: list[int] = []
        self._count = 0

    def happens(self, day: int, happening: Happening) -> None:
        """Have something happen on a day, after what else was put on it before."""
        self._count += 1
        heappush(self._days, (day, self._count, happening))

    def take(self, day: int) -> int:
        """A day that other events of the household then keep away from."""
        self._taken.append(day)
        return day

    def free_day(self, low: int, high: int) -> int | None:
        """A day between the two that is clear of the household's other events, if one is found."""
        for _ in range(4):
            if high <= low:
                return None
            day = low + int(self.world.random.random() * (high - low))
            if all(abs(day - other) > _APART_DAYS for other in self._taken):
                return self.take(day)
        return None

    def run(self) -> None:
        """Let everything happen in order until the day of the register."""
        while self._days:
            day, _, happening = heappop(self._days)
            if day < self.world.on - _CLOSED_DAYS:
                happening(day)

    # --- what may happen --------------------------------------------------------------------

    def arrive(self, day: int) -> None:
        """転入 of all who are born and not yet here."""
        self.away = False
        self.entries.arrive(day)

    def birth(self, person: Person) -> Happening:
        """出生; those born while the family lived elsewhere come with it."""

        def happening(day: int) -> None:
            if not self.away and self.household.here:
                self.entries.birth(person, day)

        return happening

    def move(self, day: int) -> None:
        """転居 of the whole household."""
        here = self.household.here
        if not here:
            return
        random = self.world.random.random
        old = self.household.place
        self.household.place = self.world.places.home()
        if random() < 0.08:  # 同一住所への転居: another dwelling of the same house
            building = f"架空ハイツ　{int(random() * 8) + 1}０１号".translate(_WIDE)
            self.household.place = old._replace(building=building)
        received = days.open_day(day + int(random() * 11))
        remark = f"{days.wareki(day)}転居　従前の住所　{old.town}{old.lot}"
        for person in here:
            self.household.write(person)
            person.cells["address_since_on"] = days.iso(day)
            person.note(
                "moved_within",
                occurred=day,
                processed=received,
                received=received,
                basis="届出",
                remark=remark,
            )

    def move_out_of(self, parents: Household, own: Household, day: int) -> None:
        """転居 into a home of one's own, out of the household one was born in."""
        received = days.open_day(day + int(self.world.random.random() * 11))
        left = parents.place.town + parents.place.lot
        for person in own.here:
            person.cells["relationship"] = "世帯主"
            own.write(person)
            own.rank([person])
            person.cells["address_since_on"] = days.iso(day)
            person.note(
                "moved_within",
                occurred=day,
                processed=received,
                received=received,
                basis="届出",
                remark=f"{days.wareki(day)}転居　従前の住所　{left}",
            )

    def number_assigned(self, day: int) -> None:
        """個人番号の指定 on the first day of the numbers."""
        for person in self.household.here:
            if not person.individual_number:
                continue
            person.note("individual_number_assigned", occurred=day, processed=day, basis="職権")

    def reading_entered(self, day: int) -> None:
        """氏名の振り仮名 by notice of the 戸籍 (BRRA 9(2))."""
        processed = days.open_day(day)
        for person in self.household.here:
            if person.is_foreign or person.cells["family_name_reading"]:
                continue
            give_reading(person)
            person.note(
                "corrected_ex_officio",
                occurred=processed,
                processed=processed,
                received=processed,
                basis="通知",
                remark="氏名の振り仮名の記載",
            )

    def renewed(self, person: Person, new: dict[str, str]) -> Happening:
        """在留期間の更新: notice of the 出入国在留管理庁長官 (BRRA 30-50)."""

        def happening(day: int) -> None:
            if not person.is_here:
                return
            person.cells |= new
            processed = days.open_day(day + 3)
            person.note(
                "corrected_ex_officio",
                occurred=day,
                processed=processed,
                received=processed,
                basis="通知",
                remark="在留期間等の修正",
            )

        return happening

    def renamed(self, person: Person, given: tuple[str, str], reason: str) -> Happening:
        """名の変更 or 誤記修正; a row for every member whose record names the person."""

        def happening(day: int) -> None:
            if not person.is_here:
                return
            old, cells = person.name, person.cells
            cells["given_name"], cells["given_name_kana"] = given
            if cells["given_name_reading"]:
                cells["given_name_reading"] = given[1]
            person.name = f"{cells['family_name']}　{given[0]}"
            processed = days.open_day(day + 4)
            for member in self.household.here:
                if not self._names(member, person, old):
                    continue
                member.note(
                    reason,
                    occurred=day if reason == "corrected_ex_officio" else processed,
                    processed=processed,
                    received=processed if reason == "corrected_ex_officio" else 0,
                    basis="通知" if reason == "corrected_ex_officio" else "職権",
                    remark="氏名の修正",
                )

        return happening

    def _names(self, member: Person, person: Person, old: str) -> bool:
        """Bring the member's record up to the new name; whether there was anything to change."""
        changed = member is person or self.household.head is person
        if self.household.head is person:
            self.household.write_head(member)
        if member.cells["family_register_head"] == old:
            member.cells["family_register_head"] = person.name
            member.register = f"{member.cells['registered_domicile']} {person.name}"
            changed = True
        return changed

    def former_name_entered(self, person: Person) -> Happening:
        """旧氏の記載 on request (BRRO 30-14)."""

        def happening(day: int) -> None:
            if not person.is_here:
                return
            family = self.world.names.family()
            processed = days.open_day(day)
            person.cells |= {
                "former_family_name": family.text,
                "former_family_name_kana": family.kana,
                "former_family_name_kana_confirmed": "1",
            }
            if processed >= days.READING_FROM:
                person.cells["former_family_name_reading"] = family.kana
            person.note(
                "former_name_entered",
                occurred=processed,
                processed=processed,
                received=processed,
                basis="請求",
                remark="旧氏の記載",
            )

        return happening

    def minor(self, day: int) -> None:
        """軽微な修正: the building has another name now."""
        if not self.household.here:
            return
        processed = days.open_day(day)
        place = self.household.place
        self.household.place = place._replace(building=f"{place.building or '架空ハイツ'}Ⅱ")
        for person in self.household.here:
            self.household.write(person)
            person.note(
                "corrected_minor",
                occurred=processed,
                processed=processed,
                basis="職権",
                remark="建物の名称の変更",
            )

    def renewals(self, person: Person, low: int) -> None:
        """Plan the last 在留期間の更新 of a foreign resident, and what the record said before."""
        cells = person.cells
        keys = ("residence_card_number", "period_of_stay_expires_on")
        day = self.free_day(max(low, self.world.on - 900), self.world.on - 60)
        if day is not None and all(cells[key] for key in keys):
            new = {key: cells[key] for key in keys}
            foreigners.renew(self.world, person)
            self.happens(day, self.renewed(person, new))

    def leave(self, day: int, *, away: bool, kind: leaving.Kind | None = None) -> None:
        """転出 of the whole household; `away` where it will come back."""
        self.away = True
        leaving.leave(self.world, self.household.here, day, self.happens, returns=away, kind=kind)


_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def give_reading(person: Person) -> None:
    """氏名の振り仮名: as the フリガナ has it."""
    cells = person.cells
    cells["family_name_reading"] = cells["family_name_kana"]
    cells["given_name_reading"] = cells["given_name_kana"]
    cells["name_kana_confirmed"] = "1"
