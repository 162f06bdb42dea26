"""持出しの種類: what may stand in the table, and on which day."""

from datetime import date

from daicho.law.data_exports.kinds import KINDS, kinds_of


def test_no_kind_holds_a_number_or_the_code() -> None:
    columns = {column for one in KINDS for column in one.columns}
    assert columns
    assert not {one for one in columns if "individual_number" in one or "record_code" in one}


def test_only_a_kind_of_the_day_is_offered() -> None:
    assert [one.code for one in kinds_of(date(2020, 1, 1))] == ["whole_register"]
