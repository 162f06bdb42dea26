"""消除: moving out, dying and being closed ex officio, with what follows a 除票."""

from collections.abc import Callable, Sequence
from enum import Enum

from daicho.site.demo.lives.families import World
from daicho.site.demo.lives.people import CONFIRMED, PLANNED, Person
from daicho.site.demo.materials import days
from daicho.site.demo.materials.places import Place

Happens = Callable[[int, Callable[[int], None]], None]
CLOSING = ("closing_reason", "closing_event_on", "closing_notified_on", "closed_on")
NOTICE = ("moved_in_notice_on", "moved_out_on")
_NOBODY = Place()


class Kind(Enum):
    """消除の種類: how a household or a person ends here."""

    DOMESTIC = "moved_out"
    ABROAD = "moved_out_abroad"
    EX_OFFICIO = "closed_ex_officio"
    MISSING = "declared_missing"


def leave(
    world: World,
    people: Sequence[Person],
    day: int,
    happens: Happens,
    *,
    returns: bool = False,
    kind: Kind | None = None,
) -> None:
    """転出 of those people on `day`, told before or shortly after; or another kind of closing."""
    random = world.random.random
    kind = kind or (Kind.DOMESTIC if returns or random() < 0.9 else Kind.ABROAD)
    if kind in (Kind.EX_OFFICIO, Kind.MISSING):
        for person in people:
            _close_ex_officio(person, day, kind)
        return
    abroad = kind is Kind.ABROAD
    place = world.places.abroad() if abroad else world.places.elsewhere()
    received = days.open_day(day - 10 + int(random() * 12))
    told = random() < 0.85 and not abroad
    moved_in = day + (0, 0, 0, 1, 3)[int(random() * 5)]
    for person in people:
        _plan(person, day, received, place, kind)
        person.closed = True
        person.cells["state"] = "moved_out"
        person.cells["closed_on"] = days.iso(max(day, received))
        _note_moving(person, day, received, kind)
        if told:
            happens(moved_in + 8, _notice(person, moved_in, place))


def plan_to_leave(world: World, people: Sequence[Person]) -> None:
    """転出の予定: told already, the day still to come; they are residents until then."""
    received = days.open_day(world.on - 14)
    day = world.on + 5 + int(world.random.random() * 20)
    place = world.places.elsewhere()
    for person in people:
        _plan(person, day, received, place, Kind.DOMESTIC)
        _note_moving(person, day, received, Kind.DOMESTIC)


def _plan(person: Person, day: int, received: int, place: Place, kind: Kind) -> None:
    person.put(PLANNED, place)
    person.cells |= {
        "closing_reason": kind.value,
        "closing_event_on": days.iso(day),
        "closing_notified_on": days.iso(received),
    }


def _note_moving(person: Person, day: int, received: int, kind: Kind) -> None:
    person.note(
        kind.value,
        occurred=day,
        processed=received,
        received=received,
        basis="届出",
        remark=f"{days.wareki(day)}転出（予定）",
    )


def _notice(person: Person, moved_in: int, place: Place) -> Callable[[int], None]:
    """転入通知の受理 (BRRA 9(1)): what the new municipality says stands beside the plan."""

    def happening(day: int) -> None:
        if not person.closed or person.cells["state"] != "moved_out":
            return
        processed = days.open_day(day)
        person.put(CONFIRMED, place)
        person.cells["moved_in_notice_on"] = days.iso(processed)
        person.cells["moved_out_on"] = days.iso(moved_in)
        person.note(
            "moved_out_notice_received",
            occurred=moved_in,
            processed=processed,
            received=processed,
            basis="通知",
        )

    return happening


def come_back(person: Person) -> None:
    """再転入: the record opens again, nothing of the 除票 stays in it."""
    person.closed = False
    for name in (*CLOSING, *NOTICE):
        person.cells[name] = ""
    person.put(PLANNED, _NOBODY)
    person.put(CONFIRMED, _NOBODY)
    person.cells["state"] = "living"
    person.cells["residence_no"] = str(int(person.cells["residence_no"]) + 1)


def die(world: World, person: Person, day: int) -> None:
    """死亡: by 戸籍 notice or 届出; of few the day is not known."""
    random = world.random.random
    processed = days.open_day(day + 3 + int(random() * 5))
    about = f"about_day:{days.iso(day)}" if random() < 0.03 else days.iso(day)
    noticed = random() < 0.4
    person.closed = True
    person.cells |= {
        "state": "died",
        "closing_reason": "died",
        "closing_event_on": about,
        "closed_on": days.iso(processed),
    }
    person.note(
        "died",
        occurred=about,
        processed=processed,
        received=processed if noticed else 0,
        basis="通知" if noticed else "職権",
        remark="死亡",
    )


def _close_ex_officio(person: Person, day: int, kind: Kind) -> None:
    processed = days.open_day(day + 2)
    person.closed = True
    person.cells |= {
        "state": "closed",
        "closing_reason": "ex_officio",
        "closing_event_on": days.iso(day),
        "closed_on": days.iso(processed),
    }
    person.note(
        kind.value,
        occurred=day,
        processed=processed,
        basis="職権",
        remark="失踪宣告" if kind is Kind.MISSING else "実態調査による職権消除",
    )
