"""届出の遅れ: by which article a change is notified, and by when (法第4章, 第4章の4)."""

from collections.abc import Iterator, Mapping
from datetime import date

from daicho.law.entries.case import asked
from daicho.law.notifications import LATENESS
from daicho.law.rule import Finding
from daicho.terms.changes import Change, HouseholderChanged, MovedIn, Scene
from daicho.terms.changes.household_cells import HOUSEHOLDER
from daicho.terms.dates import from_cell
from daicho.terms.records import Cell


def notified_as(change: Change, scene: Scene) -> tuple[str, ...]:
    """届出の種別: names of `LATENESS`, one for each article that a change of these persons has.

    A kind that is notified by one article alone has its stem for a name.
    """
    if isinstance(change, MovedIn):
        return tuple(dict.fromkeys(_moved_in(change, mover) for mover in change.movers))
    if isinstance(change, HouseholderChanged):
        return (_householder_changed(change, scene),)
    return (change.kind,)


def _moved_in(change: MovedIn, mover: Mapping[str, Cell]) -> str:
    """22条, unless a foreign resident comes from abroad (30条の46) or becomes one (30条の47)."""
    if mover.get("resident_class") != "foreign" or not change.from_abroad:
        return "moved_in"
    return "became_foreign_resident" if change.becomes_foreign else "arrived"


def _householder_changed(change: HouseholderChanged, scene: Scene) -> str:
    """25条, unless a foreign householder stays and only foreign members' 続柄 differ (30条の48)."""
    members = scene.members.get(change.household_number, ())
    others = [
        one
        for one in members
        if change.relationships.get(one.record_id, one.relationship) != one.relationship
    ]
    head = next((one for one in members if one.relationship == HOUSEHOLDER), None)
    if head is None or head in others or not others:
        return "household_changed"
    foreign = all(one.is_foreign for one in (head, *others))
    return "relationship_changed" if foreign else "household_changed"


def judge(change: Change, scene: Scene, basis: str, *, on: date) -> tuple[Finding, ...]:
    """届出の遅れの審査: of a notification (a code of `BASES`) of a certain day."""
    return tuple(_late(change, scene, on)) if basis == "notification" else ()


def _late(change: Change, scene: Scene, on: date) -> Iterator[Finding]:
    when = scene.when
    occurred_on = from_cell(when.occurred_on) if when.occurred_on else None
    if occurred_on is None or not occurred_on.certain or when.received_on is None:
        return
    for name in notified_as(change, scene):
        if name in LATENESS:
            found = asked(LATENESS[name], occurred_on.sort_on, when.received_on, on=on)
            if found is not None:
                yield found
