"""家族: gives the members of a household their names, 戸籍 or nationality, and numbers."""

from dataclasses import dataclass
from random import Random

from daicho.site.demo.lives import foreigners
from daicho.site.demo.lives.people import Person, born_on
from daicho.site.demo.materials import days
from daicho.site.demo.materials.names import KOREA, Foreign, Names, Nation, Written
from daicho.site.demo.materials.numbering import Numbers
from daicho.site.demo.materials.places import Places
from daicho.site.demo.shapes import APART, CHILD_FAMILY, IN_LAWS, OWN, PARENTS, Draft, Shape

BLANK_REGISTERS = ("なし", "不明")
_SPOUSES = ("夫", "妻", "子の夫", "子の妻")


@dataclass(frozen=True, slots=True)
class World:
    """町の素材: what every household of one town draws from; `on` is the day of the register."""

    random: Random
    on: int
    municipality: str
    names: Names
    places: Places
    numbers: Numbers


def people(world: World, shape: Shape, *, family: Written | None, special: str) -> list[Person]:
    """The members of `shape` with all that does not change while they live here."""
    found = [Person(draft, born_on(world.random, draft.age, world.on)) for draft in shape]
    for person in found:
        _number(world, person)
    _name_japanese(world, [one for one in found if not one.is_foreign], family, special)
    _name_foreign(world, [one for one in found if one.is_foreign], special)
    return found


def relative(world: World, people: list[Person], draft: Draft, *, of: Person) -> Person:
    """One more of the family of `of`, in the same 戸籍: who died or left. Added to `people`."""
    person = Person(draft, born_on(world.random, draft.age, world.on))
    _number(world, person)
    person.cells["relationship"] = draft.relationship
    family = Written(of.cells["family_name"], of.cells["family_name_kana"])
    write_name(person, family, world.names.given(draft.sex, draft.age))
    for name in ("registered_domicile", "registered_domicile_code", "family_register_head"):
        person.cells[name] = of.cells[name]
    person.register = of.register
    people.append(person)
    return person


def marry_into(world: World, people: list[Person]) -> None:
    """混合世帯: the foreign spouse of a Japanese householder has the status of one."""
    for person in people:
        if person.is_foreign and not people[0].is_foreign:
            foreigners.marry_japanese(world, person)


def _number(world: World, person: Person) -> None:
    numbers = world.numbers
    person.individual_number = numbers.individual()
    person.cells |= {
        "address_number": numbers.address(),
        "residence_no": "1",
        "ward": world.municipality,
        "resident_class": "foreign" if person.is_foreign else "japanese",
        "state": "living",
        "sex": person.draft.sex,
        "born_on": days.iso(person.born),
        "resident_record_code": numbers.record_code(),
    }


def _name_japanese(
    world: World, members: list[Person], family: Written | None, special: str
) -> None:
    own = family or world.names.family()
    married_out = next((one.draft.sex == "2" for one in members if _is_married_child(one)), False)
    families = {OWN: own, PARENTS: own, IN_LAWS: world.names.family()}
    families[CHILD_FAMILY] = world.names.family() if married_out else own
    registers: dict[int, list[Person]] = {}
    for person in members:
        register = person.draft.register
        its = families[register] if register in families else world.names.family()
        write_name(person, its, world.names.given(person.draft.sex, person.draft.age))
        key = register if register != APART else APART + 1 + len(registers)
        registers.setdefault(key, []).append(person)
    for its_members in registers.values():
        _enter_register(world, its_members, special)


def _is_married_child(person: Person) -> bool:
    return person.draft.relationship == "子" and person.draft.register == CHILD_FAMILY


def write_name(person: Person, family: Written, given: Written) -> None:
    """氏名とフリガナ of a Japanese resident."""
    person.name = f"{family.text}　{given.text}"
    person.cells |= {
        "family_name": family.text,
        "given_name": given.text,
        "family_name_kana": family.kana,
        "given_name_kana": given.kana,
        "name_kana_confirmed": "1" if person.born % 3 else "",
    }


def _enter_register(world: World, members: list[Person], special: str) -> None:
    """本籍と筆頭者: the same for all of one 戸籍."""
    random = world.random.random
    unknown = special in BLANK_REGISTERS or random() < 0.002
    if unknown:
        domicile = head = special if special in BLANK_REGISTERS else BLANK_REGISTERS[random() < 0.5]
        code = ""
    else:
        here = random() < 0.55
        place = (world.places.home() if here else world.places.elsewhere())._replace(building="")
        domicile, code = place.text, place.code
        head = _register_head(world, members)
    for person in members:
        person.register = "" if unknown else f"{domicile} {head}"
        person.cells |= {
            "registered_domicile": domicile,
            "registered_domicile_code": code,
            "family_register_head": head,
        }


def _register_head(world: World, members: list[Person]) -> str:
    """筆頭者: of a couple the husband as a rule; of one alone often a parent elsewhere."""
    random = world.random.random
    couple = [one for one in members if _leads_register(one.draft, members)]
    if couple:
        couple.sort(key=lambda one: one.draft.sex)
        return couple[0 if random() < 0.95 else -1].name
    first = members[0]
    if len(members) == 1 and random() < 0.35:
        return first.name
    given = world.names.given("1", first.draft.age + 28)
    return f"{first.cells['family_name']}　{given.text}"


def _leads_register(draft: Draft, members: list[Person]) -> bool:
    words = {one.draft.relationship for one in members}
    if draft.relationship in _SPOUSES or draft.relationship in ("父", "母"):
        return True
    if draft.relationship == "世帯主":
        return bool(words & {"夫", "妻", "子"})
    return draft.relationship == "子" and draft.register == CHILD_FAMILY


def _name_foreign(world: World, members: list[Person], special: str) -> None:
    if not members:
        return
    permanent = special == "special_permanent" or world.random.random() < 0.08
    nation = KOREA if permanent else world.names.nation()
    family = world.random.choice(nation.families)
    for person in members:
        spouse = person.draft.relationship in ("夫", "妻")
        own = world.random.choice(nation.families) if spouse else family
        _write_foreign(world, person, nation, own)
        foreigners.enter_status(world, person, special=special, permanent=permanent)


def _write_foreign(world: World, person: Person, nation: Nation, family: Foreign) -> None:
    name = world.names.foreign(nation, family, person.draft.sex)
    person.name = f"{name.roman}　{name.kanji}" if name.kanji else name.roman
    person.cells |= {
        "roman_name": name.roman,
        "kanji_name": name.kanji,
        "foreign_name_kana": name.kana,
        "name_kana_confirmed": "1" if person.born % 2 else "",
        "nationality": nation.name,
        "nationality_code": nation.code,
        "name_preference": "legal_name",
        "mailing_name": "legal_name",
    }
