"""一人分の枠: the block of one person on the forms that hold four a page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from daicho.certificates.forms.sheets import Box, Grid, label
from daicho.certificates.forms.values import Person
from daicho.law.disclosure import Decision, printing
from daicho.terms.households import household_order
from daicho.terms.records import Record

COLUMNS_MM = (24.0, 29.0, 8.0, 8.5, 8.0, 14.5, 32.0, 50.0)
_VALUE = 5  # columns of the value beside a label on the left: birth, sex and relationship
_WIDE = 7


def identity(person: Person, *right: tuple[str, Box]) -> Iterator[Box]:
    """本人の欄: the first six rows: names and birth on the left, `right` (label, box) beside."""
    foreign = person.record.is_foreign
    beside = iter(right)

    def pair() -> tuple[Box, Box]:
        name, box = next(beside)
        return label(name), box

    yield from (label("氏名の振り仮名"), person.box("reading", columns=_VALUE), *pair())
    yield from (label("氏名", rows=2), person.box("name", columns=_VALUE, rows=2), *pair())
    yield from pair()
    yield from (label("旧氏の振り仮名"), person.box("former_name_reading", columns=_VALUE))
    yield from pair()
    other = "common_name" if foreign else "former_name"
    yield from (label("通称" if foreign else "旧氏"), person.box(other, columns=_VALUE), *pair())
    yield from (label("生年月日"), person.box("birth"))
    yield from (label("性別"), person.box("sex", centred=True))
    yield from (label("続柄"), person.box("relationship"), *pair())


def wide(person: Person, name: str) -> Box:
    """横長の欄: the box of an item over the whole width, beside its label."""
    return person.box(name, columns=_WIDE)


def pair(person: Person, left: tuple[str, str], right: tuple[str, str]) -> Iterator[Box]:
    """左右の欄: one row of two boxes, each (label, item)."""
    yield from (label(left[0]), person.box(left[1], columns=_VALUE))
    yield from (label(right[0]), person.box(right[1]))


def stay(person: Person) -> Iterator[Box]:
    """在留の欄: three rows of BRRA 30-45, and what was entered of the 通称 (BRRO 30-16)."""
    numbers = ("在留カード等の番号", "card_number")
    yield from pair(person, ("第30条の45の区分", "foreign_class"), numbers)
    yield from pair(person, ("在留資格", "residence_status"), ("在留期間等", "period_of_stay"))
    expires = ("在留期間の満了の日", "period_of_stay_expires")
    yield from pair(person, ("通称の記載等", "common_name_history"), expires)


def spare(person: Person, rows: int) -> Iterator[Box]:
    """予備の欄: rows that nothing is written in, struck out."""
    unused = printing.text("unused", person.on)
    for _ in range(rows):
        yield from (label(""), Box(text=unused, columns=_WIDE))


def persons(
    records: Sequence[Record],
    decision: Decision,
    on: date,
    individual_numbers: Mapping[UUID, str],
) -> list[Person]:
    """証明される者: in the order of the household (standard 5.2), each with the number printed."""
    of = {one.member: one for one in records}
    assert of, "a paper of nobody is refused by the decision"
    return [
        Person(
            record=of[member],
            decision=decision,
            on=on,
            individual_number=individual_numbers.get(of[member].record_id, ""),
        )
        for member in household_order(of)
    ]


def grid(number: int, boxes: Iterable[Box], row_mm: float) -> Grid:
    """枠: the person's boxes beside their number."""
    return Grid(columns_mm=COLUMNS_MM, row_mm=row_mm, boxes=tuple(boxes), number=str(number))


def unused(number: int, rows: int, row_mm: float, on: date) -> Grid:
    """使わない枠: a block for nobody, every row struck out."""
    struck = Box(text=printing.text("unused", on), columns=_WIDE)
    return grid(number, (box for _ in range(rows) for box in (label(""), struck)), row_mm)


def remarks(rows: int) -> Iterator[Box]:
    """備考の欄: rows that stay empty for the counter's own mark."""
    for _ in range(rows):
        yield from (label("備考"), Box(text="", columns=_WIDE))


def pages(head: Grid, blocks: Sequence[Iterable[Box]], row_mm: float, on: date) -> list[list[Grid]]:
    """頁割り: so many blocks a page under the head, numbered anew on each; the rest struck out."""
    a_page = printing.parameter("persons_a_page", on)
    found: list[list[Grid]] = []
    for start in range(0, len(blocks), a_page):
        of_page = enumerate(blocks[start : start + a_page], start=1)
        grids = [grid(number, boxes, row_mm) for number, boxes in of_page]
        missing = range(len(grids) + 1, a_page + 1)
        struck = [unused(number, grids[0].rows, row_mm, on) for number in missing]
        found.append([head, *grids, *struck])
    return found
