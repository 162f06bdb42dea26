"""外国人住民: class of BRRA 30-45, 在留資格, cards and 通称 of a made-up foreign resident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daicho.site.demo.materials import days

if TYPE_CHECKING:
    from daicho.site.demo.lives.families import World
    from daicho.site.demo.lives.people import Person

_SINGLE = (
    ("technical_intern_2b", "１年"),
    ("specified_skilled_1", "１年"),
    ("student", "２年"),
    ("engineer_humanities_international", "３年"),
    ("engineer_humanities_international", "５年"),
    ("permanent_resident", "無期限"),
    ("permanent_resident", "無期限"),
    ("long_term_resident", "３年"),
    ("designated_activities", "６月"),
    ("nursing_care", "３年"),
    ("skilled_labor", "３年"),
    ("instructor", "３年"),
    ("highly_skilled_1b", "５年"),
    ("business_manager", "１年"),
)
_MONTHS = {"６月": 6, "１年": 12, "２年": 24, "３年": 36, "５年": 60}
SHORT_CLASSES = (
    "temporary_refuge",
    "provisional_stay",
    "transitional_by_birth",
    "transitional_by_nationality_loss",
)
"""Classes of few weeks or months: those who hold them came here lately."""


def enter_status(world: World, person: Person, *, special: str, permanent: bool) -> None:
    """区分と在留資格: in keeping with the household; `special` names a rare class."""
    cells = person.cells
    if special in SHORT_CLASSES:
        cells["foreign_class"] = special
        cells["landing_period"] = "６月" if special == "temporary_refuge" else ""
        cells["provisional_stay_period"] = "６月" if special == "provisional_stay" else ""
    elif permanent:
        cells["foreign_class"] = "special_permanent"
        cells["special_permanent_resident_certificate_number"] = world.numbers.certificate()
    else:
        cells["foreign_class"] = "mid_to_long_term"
        _enter_period(world, person, *_status(world, person))
        without = special == "card_later" or world.random.random() < 0.01
        cells["residence_card_number"] = "" if without else world.numbers.card()
    cells["dwelling_notified"] = "1"
    if world.random.random() < (0.7 if permanent else 0.06) or special == "common_name":
        _enter_common_name(world, person)


def _status(world: World, person: Person) -> tuple[str, str]:
    relationship, age = person.draft.relationship, person.draft.age
    if relationship == "世帯主":
        if age > 62:
            return "permanent_resident", "無期限"
        return world.random.choice(_SINGLE)
    if relationship in ("夫", "妻"):
        choices = (("dependent", "３年"), ("spouse_of_permanent_resident", "３年"))
        return world.random.choice((*choices, ("permanent_resident", "無期限")))
    return world.random.choice((("dependent", "３年"), ("long_term_resident", "５年")))


def marry_japanese(world: World, person: Person) -> None:
    """日本人の配偶者等: the status of one whose householder is Japanese."""
    if person.cells["foreign_class"] == "mid_to_long_term":
        _enter_period(world, person, "spouse_of_japanese", "３年")


def _enter_period(world: World, person: Person, status: str, period: str) -> None:
    chance = world.random.random()
    left = int(chance * _MONTHS.get(period, 0) * 30) + 3 if chance > 0.02 else -20
    person.cells |= {
        "residence_status": status,
        "period_of_stay": period,
        "period_of_stay_expires_on": days.iso(world.on + left) if period in _MONTHS else "",
    }


def renew(world: World, person: Person) -> None:
    """在留期間の更新, told backwards: what the record said before its last renewal."""
    cells = person.cells
    if cells["period_of_stay"] in _MONTHS:
        cells["residence_card_number"] = world.numbers.card()
        back = _MONTHS[cells["period_of_stay"]] * 30
        day = days.ordinal(*map(int, cells["period_of_stay_expires_on"].split("-")))
        cells["period_of_stay_expires_on"] = days.iso(day - back)


def _enter_common_name(world: World, person: Person) -> None:
    family = world.names.family()
    given = world.names.given(person.draft.sex, person.draft.age)
    person.cells |= {
        "common_name": f"{family.text}　{given.text}",
        "common_name_kana": f"{family.kana}　{given.kana}",
        "common_name_kana_confirmed": "1",
        "common_name_entered_on": days.iso(max(days.FOREIGN_FROM, person.born + 30)),
        "common_name_entered_municipality": world.places.name,
        "common_name_entered_municipality_code": world.municipality,
        "name_preference": "common_name",
        "mailing_name": "common_name",
    }
