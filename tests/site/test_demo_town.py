"""The made-up town: the same every time, plainly marked, lawful, and taken over whole."""

import csv
import io
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from daicho.law import entries
from daicho.register import layout
from daicho.site.demo.town import MARK, MUNICIPALITIES, write_town
from daicho.site.trouble import Trouble
from daicho.terms import numbers, records
from daicho.terms.changes import reasons
from made_up_town import (
    KORIYAMA,
    ON,
    Town,
    cells,
    refused,
    rows,
    share,
    town_of_three_thousand,
    written,
)

if TYPE_CHECKING:
    from people import Cast


@pytest.fixture(scope="module")
def town() -> Town:
    return town_of_three_thousand()


def test_equal_arguments_give_equal_bytes() -> None:
    assert written(400) == written(400)


@pytest.mark.parametrize(
    ("seed", "municipality", "on", "because"),
    [
        (2, KORIYAMA, ON, "another seed is another town"),
        (1, "052035", ON, "another city is another town"),
        (1, KORIYAMA, date(2026, 11, 20), "another day is another register"),
    ],
)
def test_other_arguments_give_another_town(
    seed: int, municipality: str, on: date, because: str
) -> None:
    other = written(60, seed=seed, municipality=municipality, on=on)
    assert written(60) != other, because


def test_the_header_is_the_layout() -> None:
    header = next(csv.reader(io.StringIO(written(0))))
    assert header == [column.japanese for column in layout.COLUMNS]


def test_the_town_is_written_as_it_is_made() -> None:
    class Sink(io.StringIO):
        longest = 0

        def write(self, text: str) -> int:
            self.longest = max(self.longest, len(text))
            return len(text)

    sink = Sink()
    write_town(sink, municipality=KORIYAMA, residents=300, seed=1, on=ON)
    assert 0 < sink.longest < 10_000, "line by line, never the whole of it"


@pytest.mark.parametrize("municipality", sorted(MUNICIPALITIES))
def test_each_city_has_its_town(municipality: str) -> None:
    lines = rows(written(40, municipality=municipality))
    assert {row["address_municipality"] for row in lines} == {MUNICIPALITIES[municipality]["name"]}
    assert {row["address_code"][:5] for row in lines} == {municipality[:5]}
    assert {row["ward"] for row in lines} == {municipality}


def test_another_city_is_refused_with_the_four_that_have_one() -> None:
    with pytest.raises(Trouble) as refused:
        written(1, municipality="131016")
    assert all(code in str(refused.value) for code in ("072036", "052035", "092011", "192082"))


@pytest.mark.parametrize(
    ("residents", "on", "because"),
    [(-1, ON, "nobody is fewer than none"), (1, date(2016, 3, 31), "too early for the cards")],
)
def test_what_cannot_be_made_is_refused(residents: int, on: date, because: str) -> None:
    with pytest.raises(Trouble):
        written(residents, on=on)


@pytest.mark.parametrize("residents", [0, 1, 2, 7, 250])
def test_as_many_live_there_as_were_asked_for(residents: int) -> None:
    assert len(Town(rows(written(residents))).living) == residents


@pytest.mark.parametrize("on", [date(2016, 4, 1), date(2020, 1, 5), date(2028, 5, 7)])
def test_a_town_of_another_day_is_lawful_too(on: date) -> None:
    town = Town(rows(written(500, on=on)))
    assert not list(refused(town))
    assert max(row["processed_on"] for row in town.rows) <= on.isoformat()


@pytest.mark.django_db
def test_the_import_takes_the_whole_town_and_knows_it_is_made_up(
    cast: "Cast", tmp_path: Path
) -> None:
    from daicho.access import clock
    from daicho.access.permits import permit
    from daicho.register import importing

    file = tmp_path / "town.csv"
    text = written(120, on=date(2024, 5, 1))
    file.write_text(text, "utf-8")
    allowed = permit(cast.system_operator.acting(), "data.migration", clock.today())
    outcome = importing.run(
        allowed, file, ward=KORIYAMA, trial=False, keep_refusals=lambda outcome: None
    )
    assert not outcome.refused
    assert outcome.fictitious
    assert outcome.accepted == outcome.lines == len(rows(text))


def test_every_line_is_marked_as_made_up(town: Town) -> None:
    assert {row["remark"] for row in town.rows} == {MARK} == {"架空"}
    assert all("架空" in row["address_town"] for row in town.rows)
    assert all("架空" in row["address_building"] for row in town.rows if row["address_building"])


def test_every_cell_can_be_read(town: Town) -> None:
    for row in town.rows:
        assert not records.problems(cells(row)), row["address_number"]
        assert reasons.parse_reason(row["reason"])
        assert reasons.parse_basis(row["basis"])


def test_every_cell_is_the_one_that_is_written_back(town: Town) -> None:
    for row, record in zip(town.rows, town.records, strict=True):
        back = {name: cell or "" for name, cell in records.to_row(record).items()}
        given = {name: cell or "" for name, cell in cells(row).items()}
        assert back == given


def test_no_line_and_no_household_is_refused_by_the_law(town: Town) -> None:
    assert not list(refused(town))


def test_few_lines_ask_for_a_look(town: Town) -> None:
    asking = [
        row
        for row, record in zip(town.rows, town.records, strict=True)
        if entries.judge(record, on=date.fromisoformat(row["processed_on"]), source="migration")
    ]
    assert 0 < share(asking, town.rows) < 0.01


@pytest.mark.parametrize(
    ("column", "parse"),
    [
        ("resident_record_code", numbers.parse_resident_record_code),
        ("individual_number", numbers.parse_individual_number),
        ("address_number", lambda number: number if numbers.has_check_digit(number) else ""),
    ],
)
def test_numbers_are_valid_and_nobody_shares_one(
    town: Town, column: str, parse: Callable[[str], str]
) -> None:
    held = [{row[column] for row in lines if row[column]} for lines in town.persons]
    given = [number for numbers_held in held for number in numbers_held]
    assert all(len(one) <= 1 for one in held), "one person, one number"
    assert len(set(given)) == len(given) > 0.9 * len(town.persons)
    assert all(parse(number) == number for number in given)


def test_household_and_card_numbers_are_valid_and_distinct(town: Town) -> None:
    assert all(numbers.has_check_digit(row["household_number"]) for row in town.rows)
    for column in ("residence_card_number", "special_permanent_resident_certificate_number"):
        held = Counter(row[column] for row in town.living if row[column])
        assert held
        assert max(held.values()) == 1
