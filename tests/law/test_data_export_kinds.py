"""持出しの種類: what may stand in the table, and on which day."""

import tomllib
from datetime import date
from importlib.resources import files

from daicho.law.data_exports.kinds import KINDS, kinds_of


def test_no_kind_holds_a_number_or_the_code() -> None:
    columns = {column for one in KINDS for column in one.columns}
    assert columns
    assert not {one for one in columns if "individual_number" in one or "record_code" in one}


def test_only_a_kind_of_the_day_is_offered() -> None:
    assert [one.code for one in kinds_of(date(2020, 1, 1))] == ["whole_register"]


def test_the_demo_has_a_terminal_wherever_bulk_is_made() -> None:
    table = tomllib.loads(files("daicho.site.demo").joinpath("operators.toml").read_text("utf-8"))
    offices = table["municipality"]["office"]
    rooms = {room for office in offices for _, _, room in office["terminals"]}
    wanted = {one.room for one in KINDS if not one.by_command}
    assert wanted
    assert wanted <= rooms, "a person who tries the demo could make no file in bulk"
