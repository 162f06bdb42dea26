"""What a move within the municipality asks: the number of another ward, a home that stays."""

from datetime import date
from uuid import uuid4

import pytest

from daicho.law.changes.kinds import moved_within
from daicho.terms.changes import MovedWithin, Scene
from daicho.terms.changes.effects import When
from daicho.terms.records import Cell, from_row

ON = date(2026, 11, 10)
OWN, ANOTHER = "000000000000205", "000000000000213"
HOME: dict[str, Cell] = {
    "address_municipality": "横浜市鶴見区",
    "address_town": "架空町",
    "address_lot": "１番１号",
    "address_building": "架空荘１０１",
}


@pytest.mark.parametrize(
    ("ward", "number", "address", "codes", "because"),
    [
        ("141046", OWN, {"address_municipality": "横浜市中区"}, ["std1-1-13.number_kept"], "kept"),
        ("141046", ANOTHER, {"address_municipality": "横浜市中区"}, [], "a number of that ward"),
        ("141011", OWN, {"address_lot": "２番２号"}, [], "within the ward"),
        ("", OWN, {"address_lot": "２番２号"}, [], "a row from before wards were stated"),
        ("141011", OWN, {}, ["brra23.same_dwelling"], "the address that was"),
        ("141011", OWN, {"address_lot": "1-1"}, ["brra23.same_dwelling"], "spelled otherwise"),
        ("141011", OWN, {"address_building": "架空荘２０１"}, [], "4.1.2.1: another dwelling"),
    ],
)
def test_a_move_within_is_to_somewhere_else(
    ward: str, number: str, address: dict[str, Cell], codes: list[str], because: str
) -> None:
    cells: dict[str, Cell] = {"record_id": str(uuid4()), "ward": "141011", "household_number": OWN}
    one = from_row({**cells, **HOME})
    moving = MovedWithin(
        joins=False,
        household_number=number,
        address={**HOME, **address},
        relationships={one.record_id: "世帯主"},
        ward=ward,
    )
    scene = Scene(When("2026-11-01", ON, ON), {one.record_id: one}, {OWN: (one,)})
    assert [it.code for it in moved_within.judge(moving, scene, on=ON)] == codes, because
