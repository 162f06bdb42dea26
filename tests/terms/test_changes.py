"""What a change states comes back from its body, and its effects are what the law makes of it."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid4

import pytest

from daicho.terms.changes import KINDS, MovedIn, MovedWithin, Scene, read
from daicho.terms.changes.effects import Effect, What, When
from daicho.terms.records import Cell, Record, from_row

HOUSEHOLD, ANOTHER = "000000000000205", "000000000000213"
WHEN = When("2026-11-01", date(2026, 11, 10), date(2026, 11, 10))
ADDRESS: Mapping[str, Cell] = {
    "address_prefecture": "福島県",
    "address_municipality": "郡山市",
    "address_town": "架空町三丁目",
    "address_lot": "３番３号",
}


def _record(given_name: str, relationship: str, number: str = HOUSEHOLD, **more: Cell) -> Record:
    cells: dict[str, Cell] = {
        "record_id": str(uuid4()),
        "address_number": "108",
        "household_number": number,
        "family_name": "架空",
        "given_name": given_name,
        "relationship": relationship,
        "householder_name": "架空　花子",
        "address_lot": "１番１号",
        "address_building": "架空荘１０１",
        "state": "living",
    }
    return from_row({**cells, **more})


HANAKO, TARO, JIRO = _record("花子", "世帯主"), _record("太郎", "子"), _record("次郎", "子")


def _scene(*named: Record, members: tuple[Record, ...] = (HANAKO, TARO, JIRO)) -> Scene:
    households: dict[str, tuple[Record, ...]] = {}
    for one in members:
        number = one.household_number
        households[number] = (*households.get(number, ()), one)
    return Scene(WHEN, {one.record_id: one for one in named}, households)


def _by_id(effects: tuple[Effect, ...]) -> dict[UUID, Effect]:
    return {effect.record_id: effect for effect in effects}


def _within(relationships: Mapping[UUID, str], number: str = ANOTHER) -> MovedWithin:
    return MovedWithin(
        joins=False, household_number=number, address=ADDRESS, relationships=relationships
    )


def _in(*movers: Mapping[str, Cell], joins: bool = False, from_abroad: bool = False) -> MovedIn:
    return MovedIn(
        from_abroad=from_abroad,
        evidence="" if from_abroad else "certificate",
        joins=joins,
        household_number=ANOTHER,
        address=ADDRESS,
        movers=movers,
    )


MOVER: Mapping[str, Cell] = {
    "record_id": "7a8a1f6e-3f5b-4d0e-9d62-0a4f0c1d2e3f",
    "address_number": "116",
    "family_name": "架空",
    "given_name": "梅子",
    "relationship": "世帯主",
    "resident_class": "japanese",
}


@pytest.mark.parametrize("change", [_in(MOVER), _within({HANAKO.record_id: "世帯主"})])
def test_a_statement_comes_back_from_its_body(change: MovedIn | MovedWithin) -> None:
    assert KINDS[change.kind] is type(change)
    assert read(change.kind, change.v, {"said": change.to_body()}) == change


def test_moving_in_opens_a_record_whose_days_follow_from_the_event() -> None:
    (effect,) = _in(MOVER).effects(_scene())
    entered = effect.on(None)
    assert (effect.what, effect.reason) == (What.OPENS, "moved_in")
    assert entered.is_living
    for day in (entered.resident_since_on, entered.address_since_on):
        assert day is not None
        assert day.sort_on == date(2026, 11, 1)
    assert entered.notified_on == date(2026, 11, 10)
    assert entered.householder_name == "架空　梅子"


def test_a_mover_without_a_ward_has_that_of_the_household_joined() -> None:
    host = _record("花子", "世帯主", ANOTHER, ward="141046")
    joined, of_the_form = (
        _in({**MOVER, "relationship": "妹", **more}, joins=True)
        .effects(_scene(members=(host,)))[0]
        .on(None)
        for more in ({}, {"ward": "141011"})
    )
    assert (joined.ward, of_the_form.ward) == ("141046", "141011")


@pytest.mark.parametrize(
    ("said", "joins", "ward", "because"),
    [
        ("141046", False, "141046", "the ward of the new address, as the form says it"),
        ("141046", True, "141046", "also where a household is joined"),
        ("", True, "141054", "that of the household joined"),
        ("", False, "141011", "nothing is said: the ward stays"),
    ],
)
def test_the_ward_is_that_of_the_new_address(
    said: str, joins: bool, ward: str, because: str
) -> None:
    mover = _record("太郎", "子", ward="141011")
    host = _record("花子", "世帯主", ANOTHER, ward="141054")
    moving = MovedWithin(
        joins=joins,
        household_number=ANOTHER if joins else "000000000000221",
        address=ADDRESS,
        relationships={mover.record_id: "同居人" if joins else "世帯主"},
        ward=said,
    )
    (effect,) = moving.effects(_scene(mover, members=(mover, host)))
    assert effect.on(mover).ward == ward, because
    assert ("ward" in effect.cells) is (ward != "141011"), because


def test_who_joins_a_household_shows_its_householder() -> None:
    host = _record("花子", "世帯主", ANOTHER)
    (effect,) = _in({**MOVER, "relationship": "妹"}, joins=True).effects(_scene(members=(host,)))
    assert effect.on(None).householder_name == "架空　花子"


def test_a_foreign_resident_has_the_day_of_their_own() -> None:
    mover = {**MOVER, "resident_class": "foreign", "family_name": "", "given_name": ""}
    (effect,) = _in({**mover, "roman_name": "KAKU JANE"}, from_abroad=True).effects(_scene())
    entered = effect.on(None)
    assert entered.resident_since_on is None
    assert entered.foreign_resident_since_on is not None
    assert effect.reason == "moved_in_from_abroad"


def test_a_whole_household_that_moves_leaves_no_one_behind() -> None:
    relationships = {HANAKO.record_id: "世帯主", TARO.record_id: "子", JIRO.record_id: "子"}
    effects = _within(relationships, HOUSEHOLD).effects(_scene(HANAKO, TARO, JIRO))
    assert [effect.what for effect in effects] == [What.CHANGES] * 3
    moved = effects[0].on(HANAKO)
    assert moved.address.written == "福島県郡山市架空町三丁目３番３号"
    assert moved.address_number == HANAKO.address_number
    assert effects[0].history_remark == "前住所 １番１号　架空荘１０１"


def test_only_what_differs_stands_in_the_effect() -> None:
    (effect,) = _within({HANAKO.record_id: "世帯主"}).effects(_scene(HANAKO, members=(HANAKO,)))
    assert "given_name" not in effect.cells
    assert effect.cells["address_building"] == ""


@pytest.mark.parametrize(
    ("leaving", "staying", "householder", "because"),
    [
        (HANAKO, (TARO, JIRO), {TARO: "", JIRO: ""}, "two stay: they stand without one (4.0.4)"),
        (HANAKO, (TARO,), {TARO: "世帯主"}, "one stays alone: 世帯主 ex officio (4.0.4)"),
        (TARO, (HANAKO, JIRO), {}, "the householder stays: nothing changes"),
        (HANAKO, (), {}, "nobody stays"),
    ],
)
def test_who_heads_those_left_behind(
    leaving: Record, staying: tuple[Record, ...], householder: dict[Record, str], because: str
) -> None:
    members = (leaving, *staying)
    effects = _by_id(
        _within({leaving.record_id: "世帯主"}).effects(_scene(leaving, members=members))
    )
    left = {one: effects[one.record_id].on(one) for one in staying if one.record_id in effects}
    assert {one: after.relationship for one, after in left.items()} == householder, because
    for after in left.values():
        assert after.householder_name == ("架空　太郎" if after.relationship else ""), because
