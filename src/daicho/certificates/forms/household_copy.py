"""住民票の写し（世帯連記式）: the present entries of a household, four persons a page (20.1.2)."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from daicho.certificates.forms import block
from daicho.certificates.forms.paper import Paper
from daicho.certificates.forms.sheets import WIDTH_MM, Box, Grid, Sheets, label
from daicho.certificates.forms.values import Person
from daicho.law.disclosure import Decision
from daicho.terms.records import Record

_ROW_MM, _HEAD_MM, _LABEL_MM = 4.4, 6.6, 30.0


def household_copy(
    records: Sequence[Record],
    decision: Decision,
    paper: Paper,
    individual_numbers: Mapping[UUID, str],
) -> Sheets:
    """世帯連記式: all or some living members of one household, as the decision shows them.

    `individual_numbers` by record_id, only of those whose number is printed.
    """
    on = paper.issued_on
    persons = block.persons(records, decision, on, individual_numbers)
    blocks = [boxes(one) for one in persons]
    pages = block.pages(_head(persons[0]), blocks, _ROW_MM, on)
    return paper.sheets(decision, "household_copy", pages)


def _head(person: Person) -> Grid:
    shown = (
        (label("住所"), person.box("address")),
        (label("世帯主"), person.box("householder")),
    )
    return Grid(
        columns_mm=(_LABEL_MM, WIDTH_MM - _LABEL_MM),
        row_mm=_HEAD_MM,
        boxes=tuple(box for pair in shown for box in pair),
    )


def boxes(person: Person) -> Iterator[Box]:
    """一人分の欄: twelve rows."""
    foreign = person.record.is_foreign
    since = "foreign_resident_since" if foreign else "resident_since"
    head = "nationality" if foreign else "family_register_head"
    right = (
        ("個人番号", "individual_number"),
        ("住民票コード", "record_code"),
        ("外国人住民となった年月日" if foreign else "住民となった年月日", since),
        ("住所を定めた年月日", "address_since"),
        ("届出日", "notified"),
        ("国籍・地域" if foreign else "筆頭者", head),
    )
    yield from block.identity(person, *((name, person.box(of)) for name, of in right))
    yield from _foreign_rows(person) if foreign else _japanese_rows(person)


def _japanese_rows(person: Person) -> Iterator[Box]:
    yield from (label("本籍"), block.wide(person, "registered_domicile"))
    yield from (label("転入前住所"), block.wide(person, "previous_address"))
    yield from block.spare(person, 2)
    yield from block.remarks(2)


def _foreign_rows(person: Person) -> Iterator[Box]:
    yield from (label("転入前住所"), block.wide(person, "previous_address"))
    yield from block.stay(person)
    yield from block.remarks(2)
