"""The loader of the dated tables: a wrong table names its file and row."""

from datetime import date

import pytest

from daicho.law.citation import article
from daicho.law.tables import TABLES, Row, WrongTable, parse

HEAD = 'title = "表"\nabout = "made up"\n'
GOOD = """
[[row]]
code = "one"
name = "一"
days = 14
open = true
kinds = ["a", "b"]
cite = "BRRA 22(1)"
since = 1967-11-10
checked_on = 2026-11-21
source = "text"
"""


def _row(text: str = GOOD) -> Row:
    return parse("made_up", HEAD + text).rows[0]


def test_a_whole_row_is_read() -> None:
    row = _row()
    assert row.cites == (article("BRRA 22(1)"),)
    assert (row.since, row.until, row.checked_on) == (date(1967, 11, 10), None, date(2026, 11, 21))
    assert (row.text("name"), row.number("days"), row.flag("open")) == ("一", 14, True)
    assert row.texts("kinds") == ("a", "b")


@pytest.mark.parametrize(
    ("good", "bad", "because"),
    [
        ('cite = "BRRA 22(1)"', "", "cite is missing"),
        ("since = 1967-11-10", "", "since is missing"),
        ("checked_on = 2026-11-21", "", "checked_on is missing"),
        ('source = "text"', "", "source is missing"),
        ('source = "text"', 'source = "rumour"', "source must be one of"),
        ('cite = "BRRA 22(1)"', 'cite = "22"', "no statute"),
        ('cite = "BRRA 22(1)"', "cite = []", "at least one"),
        ("since = 1967-11-10", 'since = "1967-11-10"', "since must be a day"),
        ("since = 1967-11-10", "since = 1967-11-10T00:00:00", "since must be a day"),
        ("since = 1967-11-10", "since = 1967-11-10\nuntil = 1967-11-09", "until lies before"),
    ],
)
def test_a_wrong_row_names_file_and_row(good: str, bad: str, because: str) -> None:
    assert good in GOOD
    with pytest.raises(WrongTable, match=because) as wrong:
        parse("made_up", HEAD + GOOD + GOOD.replace(good, bad))
    assert "law/tables/made_up.toml, row 2" in str(wrong.value)


@pytest.mark.parametrize(
    "text",
    ["", HEAD, HEAD + "extra = 1\n" + GOOD, GOOD, HEAD + "[[row]\n"],
)
def test_a_table_holds_title_about_and_rows(text: str) -> None:
    with pytest.raises(WrongTable, match="made_up"):
        parse("made_up", text)


def test_an_entry_of_another_kind_is_refused() -> None:
    row = _row()
    for read in (row.text, row.flag, row.day, row.texts):
        with pytest.raises(WrongTable, match="row 1: days must be"):
            read("days")
    with pytest.raises(WrongTable, match="open must be int"):
        row.number("open")
    with pytest.raises(WrongTable, match="stands in no table"):
        row.texts("kinds", frozenset({"a"}))
    with pytest.raises(WrongTable, match=r"nobody reads \['kinds'\]"):
        row.only("code", "name", "days", "open")


def test_a_key_holds_once_on_a_day() -> None:
    amended = GOOD.replace("since = 1967-11-10", "since = 2030-04-01").replace("14", "20")
    closed = GOOD.replace("since = 1967-11-10", "since = 1967-11-10\nuntil = 2030-03-31")
    both = parse("made_up", HEAD + closed + amended).keyed()
    days = [both.find("one", on) for on in (date(2030, 3, 31), date(2030, 4, 1))]
    assert [row.number("days") for row in days if row] == [14, 20]
    assert both.find("one", date(1967, 11, 9)) is None
    assert [row.number("days") for row in both.on(date(2030, 4, 1))] == [20]
    with pytest.raises(WrongTable, match="row 2: one is in force twice"):
        parse("made_up", HEAD + GOOD + amended).keyed()


def test_every_table_has_a_title_and_rows() -> None:
    assert {"holidays", "periods", "purposes", "system_jobs", "extensions"} <= set(TABLES)
    assert all(table.title and table.rows for table in TABLES.values())
