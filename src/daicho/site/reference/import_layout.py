"""移行の様式の頁: the layout of an import, and everything that its cells may say."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby

from daicho.register import layout
from daicho.site.reference import markdown
from daicho.site.reference.markdown import code
from daicho.terms import dates
from daicho.terms.changes import reasons
from daicho.terms.dates.patterns import PATTERNS
from daicho.terms.dates.patterns import WORDS as WORDS_OF_DATES
from daicho.terms.eras import ERAS
from daicho.terms.records import CODES
from daicho.terms.relationships import FORBIDDEN, GENERATIONS_MAX, WORDS

_EFFECTS = {"opens": "記載", "changes": "修正", "closes": "消除"}
# What the places of a template are filled with for the example of each pattern.
_FIGURES: Mapping[str, str | int] = {
    "year": "令和6",
    "month": 5,
    "day": 28,
    "to_month": 6,
    "to_day": 3,
    "season": "春",
    "third": "上旬",
}
_OTHER_FIGURES: Mapping[str, Mapping[str, str | int]] = {
    "not_in_calendar": {"year": "平成31", "month": 2, "day": 29},
    "between_presumed": {"to_day": 30},
    "between_about_both": {"to_day": 30},
}


def import_page() -> str:
    """docs/reference/import.md."""
    about = (
        "The one layout of an import and of an export: a UTF-8 CSV with a header row. A line is one"
        " history row of one person: the 異動 that made it, then the whole record after it. The"
        " lines of one person stand together, 履歴番号 rising; the last is the present state. A"
        " header may have the Japanese name or the program's. The list is `register/layout.py`."
        " What a cell may say where it is no free text stands below the list."
    )
    columns = [
        [one.japanese, code(one.name), one.form, "必須" if one.required else ""]
        for one in layout.COLUMNS
    ]
    return markdown.page(
        "Import layout",
        about,
        markdown.table(("列", "name", "形", ""), columns),
        "## 異動事由",
        "A cell has the code or the word.",
        markdown.table(("符号", "事由", "住民票"), _reasons()),
        "## 根拠",
        "A cell has the code or the word.",
        markdown.table(
            ("符号", "根拠"), ([code(one), word] for one, word in reasons.BASES.items())
        ),
        *_dates(),
        *_relationships(),
        "## 符号",
        "A cell of these columns has the code, not the word.",
        *_codes(),
    )


def _reasons() -> Iterator[list[str]]:
    for one in reasons.REASONS.values():
        yield [code(one.code), one.text, _EFFECTS[one.effect]]


def _codes() -> Iterator[str]:
    """Each list of codes that a column takes, under the names of its columns."""
    for name, rows in CODES.items():
        of = [one.japanese for one in layout.ITEM_COLUMNS if one.item and one.item.codes == name]
        if of:
            yield f"### {'・'.join(of)}"
            yield markdown.table(
                ("符号", "意味"), ([code(one), word] for one, word in rows.items())
            )


def _relationships() -> Iterator[str]:
    yield "## 続柄"
    yield (
        f"One word, or up to {GENERATIONS_MAX} words that may be joined, with の between them"
        " (`子の妻`, `夫の父の弟の子`); beyond that 縁故者."
    )
    rows = ([word, "○" if may_be_joined else ""] for word, may_be_joined in WORDS.items())
    yield markdown.table(("語", "「の」でつなげる"), rows)
    yield "These words are refused:"
    alike = groupby(FORBIDDEN, lambda word: FORBIDDEN[word])
    rows_of_refused = (["、".join(refused), "、".join(words)] for words, refused in alike)
    yield markdown.table(("使えない語", "代わりの語"), rows_of_refused)


def _dates() -> Iterator[str]:
    """How the cells of days are written, each pattern with an example."""
    elder = dates.to_cell(dates.parse_register_date("明治45年7月30日"))
    own = dates.RegisterDate("unknown", internal_on=date(1950, 1, 1))
    yield "## 日付の表記"
    yield (
        "A day of the calendar is `2024-05-01`, a month `2024-05`. A column that says 型:値 takes"
        " the other ways of writing too: the pattern, a colon and the figures, as in the examples;"
        " month and day have two figures. Which items may hold an uncertain day is a rule of the"
        " law, and the report tells it."
    )
    yield markdown.table(("型", "値の例", "例の読み"), map(_pattern, PATTERNS))
    yield (
        "A year is that of an era, with its letter (`R6`, for 元年 `R1`), or Western without one"
        " (`1960`); it is printed as it was written. A day that two eras share and that is written"
        f" in the elder one keeps its pattern: {code(elder)}. Where the old system kept a day for"
        f" sorting beside an uncertain one, it follows after @: {code(dates.to_cell(own))}."
    )
    yield markdown.table(
        ("元号", "letter", "from"),
        ([era.name, code(era.letter), era.first_on.isoformat()] for era in ERAS),
    )
    yield markdown.table(
        ("季節・旬", "word"), ([one.word, code(name)] for name, one in WORDS_OF_DATES.items())
    )


def _pattern(name: str) -> list[str]:
    template = PATTERNS[name].template
    figures = {**_FIGURES, **_OTHER_FIGURES.get(name, {})}
    example = dates.parse_register_date(template.format(**figures))
    assert example.pattern == name, f"{name} has an example of its own"
    return [code(name), code(dates.to_cell(example)), example.text]
