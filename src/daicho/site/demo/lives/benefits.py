"""資格: electoral roll, insurance, pension, child allowance and cards, at the present age."""

from datetime import date

from daicho.site.demo.lives.families import World
from daicho.site.demo.lives.people import Person
from daicho.site.demo.materials import days
from daicho.terms import ages

_CARE_FROM = days.ordinal(2000, 4, 1)
_ELDERLY_FROM = days.ordinal(2008, 4, 1)


def enter(world: World, person: Person, *, parent_of_minors: bool) -> None:
    """The present qualifications of a living resident, on the last line."""
    random = world.random.random
    age = person.age(world.on)
    since = person.entered
    cells: dict[str, str] = {}
    if age >= 18 and not person.is_foreign and since < world.on - 100:
        cells["electoral_roll"] = "1"
    cells |= _health(person, age, since, chance=random())
    if 20 <= age < 60 or (60 <= age < 65 and random() < 0.04):
        cells |= _pension(world, person, age)
    if parent_of_minors:
        start = max(since, world.on - int(random() * 15 * 365))
        cells["child_allowance_from_month"] = days.iso(start)[:7]
    cells |= _cards(world, age, chance=random())
    if age > 75 and random() < 0.01:
        cells["adult_ward"] = "1"
    person.amend(**cells)


def _birthday(person: Person, years: int) -> int:
    return ages.birthday(date.fromordinal(person.born), years).toordinal()


def _health(person: Person, age: float, since: int, *, chance: float) -> dict[str, str]:
    cells: dict[str, str] = {}
    if age >= 65.1:
        from_day = max(since, _birthday(person, 65) - 1, _CARE_FROM)
        cells["long_term_care_insurance"] = "1"
        cells["long_term_care_insurance_acquired_on"] = days.iso(from_day)
    if age >= 75.1:
        from_day = max(since, _birthday(person, 75), _ELDERLY_FROM)
        cells["elderly_medical_care"] = "1"
        cells["elderly_medical_care_acquired_on"] = days.iso(from_day)
    elif chance < (0.62 if age > 62 else 0.2):
        cells["national_health_insurance"] = "1"
        cells["national_health_insurance_acquired_on"] = days.iso(since)
    elif chance > 0.97:
        cells["national_health_insurance_acquired_on"] = days.iso(since)
        cells["national_health_insurance_lost_on"] = days.iso(since + 20)
    return cells


def _pension(world: World, person: Person, age: float) -> dict[str, str]:
    chance = world.random.random()
    kind = "1" if chance < 0.25 else "3" if chance < 0.35 and person.draft.sex == "2" else "2"
    twenty = _birthday(person, 20)
    return {
        "national_pension": "1",
        "basic_pension_number": world.numbers.pension(),
        "national_pension_kind": kind if age < 60 else "voluntary",
        "national_pension_acquired_on": days.iso(max(twenty, person.entered)),
    }


def _cards(world: World, age: float, *, chance: float) -> dict[str, str]:
    if world.on < days.NUMBER_FROM + 90:  # no card was issued before 2016
        return {}
    if chance < 0.76:
        cells = {"individual_number_card": "issued"}
        cells["user_certificate_serial"] = world.numbers.serial()
        if age >= 15:
            cells["signature_certificate_serial"] = world.numbers.serial()
        return cells
    state = {0: "applied", 1: "ready", 2: "lapsed"}.get(int(chance * 1000) % 40, "")
    return {"individual_number_card": state}
