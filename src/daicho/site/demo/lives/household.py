"""世帯: the members at one point of the history, whom they are written under and in which order."""

from datetime import date
from functools import lru_cache

from daicho.site.demo.lives.families import World, write_name
from daicho.site.demo.lives.people import ADDRESS, Person
from daicho.site.demo.materials.names import Written
from daicho.site.demo.materials.places import Place
from daicho.site.demo.shapes import Draft
from daicho.terms import dates, relationships
from daicho.terms.households import Member, ranked


@lru_cache(maxsize=1_000)
def _relationship(text: str) -> relationships.Relationship:
    return relationships.parse(text)


class Household:
    """世帯: number, address and householder, written into the cells of every member."""

    __slots__ = ("address_since", "head", "number", "people", "place")

    def __init__(self, people: list[Person], head: Person, number: str, place: Place) -> None:
        self.people = people
        self.head: Person | None = head
        self.number = number
        self.place = place
        self.address_since = ""

    @property
    def here(self) -> list[Person]:
        """The members who are residents now."""
        return [person for person in self.people if person.is_here]

    def write(self, person: Person) -> None:
        """世帯番号、住所、世帯主: what the member's record says of the household."""
        person.cells["household_number"] = self.number
        person.put(ADDRESS, self.place)
        self.write_head(person)

    def write_head(self, person: Person) -> None:
        """世帯主: name and reading; blank while there is none."""
        name, kana = "", ""
        if self.head is not None:
            name = self.head.name
            kana = kana_of(self.head)
        person.cells["householder_name"] = name
        person.cells["householder_name_kana"] = kana

    def rank(self, people: list[Person], *, after: int = 0) -> None:
        """世帯員の並び順: places for those who come together, after those who have one."""
        if len(people) == 1:
            people[0].cells["position"] = str(after + 1)
            return
        by_number = {person.cells["address_number"]: person for person in people}
        order = ranked(_member(person) for person in people)
        for position, member in enumerate(order, start=after + 1):
            by_number[member.address_number].cells["position"] = str(position)


def parental_home(world: World, child: Person) -> Household:
    """親の世帯: the one a child was born into; its other members have no lines of their own."""
    family = Written(child.cells["family_name"], child.cells["family_name_kana"])
    father = Person(Draft("世帯主", "1", child.draft.age + 30), child.born - 30 * 365)
    write_name(father, family, world.names.given("1", father.draft.age))
    father.entered = father.born
    father.cells["position"] = "2"  # the mother's; whoever is born stands after it
    number = world.numbers.household()
    return Household([father, child], father, number, world.places.home())


def kana_of(person: Person) -> str:
    """氏名のフリガナ: as the householder's stands in every member's record."""
    cells = person.cells
    if person.is_foreign:
        return cells["foreign_name_kana"]
    return f"{cells['family_name_kana']}　{cells['given_name_kana']}"


def _member(person: Person) -> Member:
    """As `terms.records.Record.member` has it."""
    cells = person.cells
    born: date = dates.from_cell(cells["born_on"]).sort_on
    text = cells["relationship"]
    return Member(
        relationship=_relationship(text) if text else None,
        born_on=born,
        address_number=cells["address_number"],
        heads_family_register=cells["family_register_head"] == person.name,
        family=person.register,
    )
