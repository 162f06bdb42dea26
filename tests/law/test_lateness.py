"""By which article a change is notified: by its kind, where from, and who the persons are."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from daicho.law.changes import lateness
from daicho.law.changes.kinds import moved_in
from daicho.terms.changes import Died, HouseholderChanged, MovedIn, MovedWithin, Scene
from daicho.terms.changes.effects import When
from daicho.terms.records import Cell, Record, from_row

HOUSEHOLD = "000000000000205"
_ONE = UUID("7a8a1f6e-3f5b-4d0e-9d62-0a4f0c1d2e3f")
LATE = When("2026-10-01", date(2026, 10, 16), date(2026, 10, 16))
ON = LATE.processed_on


def _moved_in(*classes: str, abroad: bool = True, becomes: bool = False) -> MovedIn:
    movers = tuple({"record_id": str(uuid4()), "resident_class": one} for one in classes)
    return MovedIn(
        from_abroad=abroad,
        evidence="",
        joins=False,
        household_number=HOUSEHOLD,
        address={},
        movers=movers,
        becomes_foreign=becomes,
    )


def _member(relationship: str, resident_class: str) -> Record:
    cells: dict[str, Cell] = {
        "record_id": str(uuid4()),
        "address_number": "108",
        "household_number": HOUSEHOLD,
        "resident_class": resident_class,
        "relationship": relationship,
        "state": "living",
    }
    return from_row(cells)


def _scene(*members: Record, when: When = LATE) -> Scene:
    return Scene(when, {one.record_id: one for one in members}, {HOUSEHOLD: members})


@pytest.mark.parametrize(
    ("change", "codes", "because"),
    [
        (_moved_in("japanese", abroad=False), ["brra22.late"], "転入届"),
        (_moved_in("foreign", abroad=False), ["brra22.late"], "from another town: 22条 too"),
        (_moved_in("japanese"), ["brra22.late"], "a national from abroad: 22条"),
        (_moved_in("foreign"), ["brra30-46.late"], "a foreign resident from abroad"),
        (_moved_in("foreign", becomes=True), ["brra30-47.late"], "lives here already"),
        (_moved_in("japanese", "foreign"), ["brra22.late", "brra30-46.late"], "both articles"),
        (Died(record_ids=(uuid4(),)), [], "no notification of this Act"),
    ],
)
def test_who_notifies_late_is_told_the_article(
    change: MovedIn | Died, codes: list[str], because: str
) -> None:
    found = lateness.judge(change, _scene(), "notification", on=ON)
    assert [one.code for one in found] == codes, because


@pytest.mark.parametrize(
    ("head", "other", "words", "code", "because"),
    [
        ("foreign", "foreign", ("世帯主", "妻"), "brra30-48.late", "only a foreign 続柄 differs"),
        ("foreign", "foreign", ("妻", "世帯主"), "brra25.late", "the householder is another"),
        ("japanese", "foreign", ("世帯主", "妻"), "brra25.late", "the householder is a national"),
        ("foreign", "japanese", ("世帯主", "妻"), "brra25.late", "the member is a national"),
    ],
)
def test_a_foreign_relationship_has_its_own_article(
    head: str, other: str, words: tuple[str, str], code: str, because: str
) -> None:
    members = (_member("世帯主", head), _member("同居人", other))
    said = dict(zip((one.record_id for one in members), words, strict=True))
    change = HouseholderChanged(household_number=HOUSEHOLD, relationships=said)
    (found,) = lateness.judge(change, _scene(*members), "notification", on=ON)
    assert found.code == code, because


@pytest.mark.parametrize(
    ("when", "basis"),
    [
        (LATE, "ex_officio"),
        (When("2026-10-02", date(2026, 10, 16), ON), "notification"),
        (When("2026-10-01", None, ON), "notification"),
        (When("about_year:S40", date(2026, 10, 16), ON), "notification"),
        (When("", date(2026, 10, 16), ON), "notification"),
    ],
)
def test_what_is_no_late_notification_is_not_told(when: When, basis: str) -> None:
    change = MovedWithin(joins=False, household_number="", address={}, relationships={_ONE: ""})
    assert lateness.judge(change, _scene(when=when), basis, on=ON) == ()


def _by_message(planned_on: str) -> MovedIn:
    return MovedIn(
        from_abroad=False,
        evidence="message",
        joins=False,
        household_number=HOUSEHOLD,
        address={},
        movers=({"record_id": str(_ONE), "resident_class": "japanese"},),
        planned_on=planned_on,
    )


@pytest.mark.parametrize(
    ("planned_on", "occurred_on", "codes", "because"),
    [
        ("2026-09-20", "2026-10-02", [], "30 days and 14 days are not over"),
        ("2026-09-15", "2026-10-02", ["brra24-2.closed"], "31 days from the planned day"),
        ("2026-09-20", "2026-10-01", ["brra24-2.closed"], "15 days from the moving-in"),
        ("", "2026-10-02", ["brra24-2.planned_unknown"], "the planned day was not typed"),
        ("", "2026-10-01", ["brra24-2.closed", "brra24-2.planned_unknown"], "closed anyhow"),
    ],
)
def test_a_special_moving_in_closes(
    planned_on: str, occurred_on: str, codes: list[str], because: str
) -> None:
    scene = _scene(when=When(occurred_on, date(2026, 10, 16), ON))
    change = _by_message(planned_on)
    found = moved_in.judge_special(change, scene, "notification", on=ON)
    assert [one.code for one in found] == codes, because
    assert moved_in.judge_special(change, scene, "ex_officio", on=ON) == ()


def test_a_paper_is_not_asked_for_a_planned_day() -> None:
    scene = _scene(when=LATE)
    assert moved_in.judge_special(_moved_in("japanese"), scene, "notification", on=ON) == ()
