"""抽出の条件: whom an export is of; kept with its request as codes and numbers. Pure.

Ages are full years during the day `ages_on`. Who was born on an uncertain day is found by no age.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from daicho.register.visibility import Clause

AGE_MAX = 150


@dataclass(frozen=True)
class Conditions:
    """抽出の条件: blank or None is no condition. `ages_on` stands where there is any age."""

    residents_only: bool = True
    ward: str = ""
    resident_class: str = ""
    age_from: int | None = None
    age_until: int | None = None
    ages_on: date | None = None

    @property
    def chooses_by_hidden(self) -> bool:
        """Is anybody chosen by an item that is not shown of whom is withheld?"""
        return bool(self.ward) or self.ages_on is not None


def kept(conditions: Conditions) -> dict[str, str | int | bool]:
    """As they are kept: only what is a condition."""
    found = {name: value for name, value in asdict(conditions).items() if value not in ("", None)}
    if conditions.ages_on:
        found["ages_on"] = conditions.ages_on.isoformat()
    return found


def read(said: Mapping[str, str | int | bool]) -> Conditions:
    """The conditions of what was kept."""

    def age(name: str) -> int | None:
        return int(said[name]) if name in said else None

    return Conditions(
        residents_only=bool(said.get("residents_only", True)),
        ward=str(said.get("ward", "")),
        resident_class=str(said.get("resident_class", "")),
        age_from=age("age_from"),
        age_until=age("age_until"),
        ages_on=date.fromisoformat(str(said["ages_on"])) if "ages_on" in said else None,
    )


def clauses(conditions: Conditions) -> Iterator[Clause]:
    """The conditions over the present `k` and its version `v`."""
    if conditions.residents_only:
        yield "k.state = ANY (%s)", ["", "living"]
    if conditions.ward:
        yield "k.ward = %s", conditions.ward
    if conditions.resident_class:
        yield "v.resident_class = %s", conditions.resident_class
    if conditions.ages_on:
        first, last = born_between(conditions)
        # an uncertain day is written with a letter first, and so stands between no two days
        yield "v.born_on >= %s", first.isoformat()
        yield "v.born_on <= %s", last.isoformat()


def born_between(conditions: Conditions) -> tuple[date, date]:
    """First and last day of birth of those who have these ages all through the day."""
    on = conditions.ages_on
    assert on is not None, "an age is asked of a day"
    eldest = AGE_MAX if conditions.age_until is None else conditions.age_until
    youngest = conditions.age_from or 0
    return _years_before(on, eldest + 1) + timedelta(days=1), _years_before(on, youngest)


def _years_before(on: date, years: int) -> date:
    if (on.month, on.day) == (2, 29):
        return date(on.year - years, 3, 1) - timedelta(days=1)
    return on.replace(year=on.year - years)
