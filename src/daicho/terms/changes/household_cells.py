"""世帯の欄: the cells of who heads a household, which every member's record repeats (1.2.1)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from uuid import UUID

from daicho.terms.changes.effects import Effect, Scene, What
from daicho.terms.records import Cell, Record, laid_on

HOUSEHOLDER = "世帯主"
HOUSEHOLD_COLUMNS = (
    "household_number",
    "relationship",
    "householder_name",
    "householder_name_kana",
)
"""世帯の欄: what a record says of the household it is in."""


def householder_cells(householder: Record | None) -> dict[str, Cell]:
    """世帯主の氏名: as the records of the members show it; blank where there is none (1.1.10)."""
    if householder is None:
        return {"householder_name": "", "householder_name_kana": ""}
    name = householder.common_name or householder.name.joined
    return {"householder_name": name, "householder_name_kana": householder.name_kana.joined}


def householder_of(members: Iterable[Record]) -> Record | None:
    """世帯主: the member who heads the household, or None."""
    return next((one for one in members if one.relationship == HOUSEHOLDER), None)


def left_behind(
    members: Collection[Record], *, leaving: Iterable[Record], scene: Scene
) -> Iterator[Effect]:
    """残る世帯員 (4.0.4): what becomes of those whose householder leaves.

    One who stays alone becomes 世帯主 ex officio, unless too young to be made one unasked (a
    newborn left alone). Others stand without one until they notify, their 続柄 blank. A household
    that keeps its householder is not touched.
    """
    gone = {one.record_id for one in leaving}
    staying = [one for one in members if one.record_id not in gone]
    if not staying or householder_of(staying) is not None:
        return
    heads = len(staying) == 1 and scene.may_head(staying[0])
    if not heads and householder_of(members) is None:
        return  # it stood without one before
    for one in staying:
        cells: dict[str, Cell] = {
            **householder_cells(one if heads else None),
            "relationship": HOUSEHOLDER if heads else "",
            "processed_on": scene.when.processed_on.isoformat(),
        }
        yield Effect(one.record_id, What.CHANGES, "householder_changed", cells)


def left_by(record_ids: Collection[UUID], scene: Scene, *, joined: str = "") -> tuple[Effect, ...]:
    """残る世帯員: of every household that these persons leave, but for the one they have joined."""
    numbers = {scene.befores[one].household_number for one in record_ids} - {joined}
    left: list[Effect] = []
    for number in sorted(numbers):
        members = scene.members[number]
        leaving = [one for one in members if one.record_id in record_ids]
        left += left_behind(members, leaving=leaving, scene=scene)
    return tuple(left)


def set_apart(people: Mapping[UUID, Record], number: str, scene: Scene) -> dict[UUID, Record]:
    """新しい世帯: these persons as a household of their own, with the number given.

    The householder among them stays it; without one the rule for those left behind holds (4.0.4).
    """
    head = householder_of(people.values())
    alone = next(iter(people.values())) if len(people) == 1 else None
    if head is None and alone is not None and scene.may_head(alone):
        people = {
            one: _in(record, number, relationship=HOUSEHOLDER) for one, record in people.items()
        }
        head = next(iter(people.values()))
    word: dict[str, Cell] = {} if head else {"relationship": ""}
    shown: dict[str, Cell] = {**householder_cells(head), **word}
    return {one: _in(record, number, **shown) for one, record in people.items()}


def _in(record: Record, number: str, **cells: Cell) -> Record:
    return laid_on(record, {"household_number": number, **cells})
