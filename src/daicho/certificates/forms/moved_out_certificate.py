"""転出証明書: what the next town enters of all who move, numbers included (20.2.1; BRRO 23)."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from daicho.certificates.forms import block
from daicho.certificates.forms.paper import Paper
from daicho.certificates.forms.sheets import WIDTH_MM, Box, Grid, Sheets, label
from daicho.certificates.forms.values import Person
from daicho.law.disclosure import Decision, printing
from daicho.terms.dates import wareki
from daicho.terms.records import Record

_ROW_MM, _HEAD_MM, _LABEL_MM, _DAY_MM = 4.4, 6.4, 30.0, 60.0


def moved_out_certificate(
    records: Sequence[Record],
    decision: Decision,
    paper: Paper,
    individual_numbers: Mapping[UUID, str],
) -> Sheets:
    """転出証明書: one for all movers; a 再交付 is made of what the first issue was made of.

    `individual_numbers` by record_id; who has none yet prints 【空欄】.
    """
    on = paper.issued_on
    persons = block.persons(records, decision, on, individual_numbers)
    blocks = [_boxes(one) for one in persons]
    pages = block.pages(_head(persons[0]), blocks, _ROW_MM, on)
    return paper.sheets(decision, "moved_out_certificate", pages)


def _head(person: Person) -> Grid:
    record, blank = person.record, printing.text("blank", person.on)
    planned = record.closing_event_on.in_wareki() if record.closing_event_on else blank
    notified = wareki(record.closing_notified_on) if record.closing_notified_on else blank
    wide = (("住所", "address"), ("世帯主", "householder"), ("転出先", "planned_destination"))
    return Grid(
        columns_mm=(_LABEL_MM, _DAY_MM, _LABEL_MM, WIDTH_MM - 2 * _LABEL_MM - _DAY_MM),
        row_mm=_HEAD_MM,
        boxes=(
            *(box for name, of in wide for box in (label(name), person.box(of, columns=3))),
            *(label("転出の予定年月日"), _fact(person, planned)),
            *(label("転出の届出年月日"), _fact(person, notified)),
        ),
    )


def _fact(person: Person, text: str) -> Box:
    return Box(text=text, item="closing", record_id=person.record_id)


def _boxes(person: Person) -> Iterator[Box]:
    foreign = person.record.is_foreign
    right = (
        ("個人番号", "individual_number"),
        ("住民票コード", "record_code"),
        ("国民健康保険", "health_insurance"),
        ("後期高齢者医療", "elderly_medical_care"),
        ("介護保険", "long_term_care"),
        ("児童手当", "child_allowance"),
    )
    yield from block.identity(person, *((name, person.box(of)) for name, of in right))
    yield from _foreign_rows(person) if foreign else _japanese_rows(person)


def _japanese_rows(person: Person) -> Iterator[Box]:
    wide = (
        ("筆頭者", "family_register_head"),
        ("本籍", "registered_domicile"),
        ("国民年金", "pension"),
    )
    yield from (box for name, of in wide for box in (label(name), block.wide(person, of)))
    yield from block.spare(person, 2)


def _foreign_rows(person: Person) -> Iterator[Box]:
    since = ("外国人住民となった年月日", "foreign_resident_since")
    yield from block.pair(person, ("国籍・地域", "nationality"), since)
    yield from (label("国民年金"), block.wide(person, "pension"))
    yield from block.stay(person)
