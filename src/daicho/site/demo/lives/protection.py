"""支援措置と抑止: what the last line of a protected or suppressed resident says."""

from collections.abc import Sequence

from daicho.site.demo.lives.families import World
from daicho.site.demo.lives.people import Person
from daicho.site.demo.materials import days

_YEAR = 365


def protect(world: World, people: Sequence[Person], kind: int) -> None:
    """支援措置: 0 in force, 1 soon over, 2 over and not renewed, 3 provisional."""
    started = world.on - (40, _YEAR - 20, _YEAR + 90, 6)[kind % 4]
    started = max(started, 1)
    provisional = kind % 4 == 3
    for person in people:
        person.amend(
            protected_from_on=days.iso(started),
            protected_until_on="" if provisional else days.iso(_a_year_less_a_day(started)),
            provisionally_protected="1" if provisional else "",
        )


def _a_year_less_a_day(day: int) -> int:
    year, month, its_day = map(int, days.iso(day).split("-"))
    its_day = 28 if (month, its_day) == (2, 29) else its_day
    return days.ordinal(year + 1, month, its_day) - 1


def suppress(world: World, people: Sequence[Person], kind: int) -> None:
    """抑止: several kinds; none ends by itself (standard 3.1)."""
    since, until = days.iso(world.on - 100), days.iso(world.on + 200)
    past = days.iso(world.on - 10)
    rows = (
        f"certificate:error:{since}:{until}",
        f"change:alert:{since}:",
        f"certificate:error:{since}:;look:alert:{since}:{until}",
        f"change:error:{since}:{past};certificate:alert:{since}:{past}",
    )
    for person in people:
        person.amend(suppressions=rows[kind % 4])
