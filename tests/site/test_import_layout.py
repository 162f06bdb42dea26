"""The page of the import's layout lets somebody fill every column who has nothing else."""

import re

import pytest

from daicho.register import layout
from daicho.site.reference import import_page
from daicho.terms import dates
from daicho.terms.changes import reasons
from daicho.terms.dates.patterns import PATTERNS, WORDS
from daicho.terms.records import CODES, Kind
from daicho.terms.relationships import WORDS as RELATIONSHIPS

PAGE = import_page()
CODED = [one for one in layout.ITEM_COLUMNS if one.item and one.item.kind is Kind.CODE]


@pytest.mark.parametrize("column", CODED, ids=lambda one: one.name)
def test_a_coded_column_has_its_list(column: layout.Column) -> None:
    assert column.item is not None
    sections = {part.partition("\n")[0]: part for part in PAGE.split("\n### ")}
    (of_column,) = [name for name in sections if column.japanese in name.split("・")]
    for code, word in CODES[column.item.codes].items():
        assert f"| `{code}` | {word} |" in sections[of_column]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_example_of_a_date_is_read_as_it_says(pattern: str) -> None:
    found = re.search(rf"^\| `{pattern}` \| `([^`]+)` \| (.+) \|$", PAGE, re.MULTILINE)
    assert found
    read = dates.from_cell(found[1])
    assert (read.pattern, read.text) == (pattern, found[2])


def test_the_cells_of_the_text_are_read() -> None:
    assert dates.from_cell("exact:M45-07-30").text == "明治45年7月30日"
    for cell in ("exact:M45-07-30", "unknown@1950-01-01"):
        assert f"`{cell}`" in PAGE
        assert dates.to_cell(dates.from_cell(cell)) == cell


def test_reasons_bases_relationships_and_words_of_dates_stand_there() -> None:
    for one in reasons.REASONS.values():
        assert f"| `{one.code}` | {one.text} |" in PAGE
    for code, word in reasons.BASES.items():
        assert f"| `{code}` | {word} |" in PAGE
    assert all(f"| {word} | " in PAGE for word in RELATIONSHIPS)
    assert all(f"| {one.word} | `{code}` |" in PAGE for code, one in WORDS.items())


def test_what_a_form_refers_to_is_a_section() -> None:
    named = {name for one in layout.COLUMNS for name in re.findall(r"下の「(.+?)」", one.form)}
    assert named == {"異動事由", "根拠", "日付の表記", "続柄", "符号"}
    assert all(f"\n## {name}\n" in PAGE for name in named)
