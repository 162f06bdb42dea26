"""住民票の写し（個人票）: one person, and in the 統合記載欄 the history (20.1.1, 20.1.3)."""

from collections.abc import Iterator, Sequence

from daicho.certificates.forms import block, fitting, past
from daicho.certificates.forms.fitting import Letters
from daicho.certificates.forms.paper import Paper
from daicho.certificates.forms.past import Line, Past
from daicho.certificates.forms.sheets import NUMBER_MM, WIDTH_MM, Box, Grid, Sheets, label
from daicho.certificates.forms.values import Person
from daicho.law.disclosure import Decision, printing

_ROW_MM, _LINE_MM, _KIND_MM = 6.6, 5.0, 30.0
_BODY_MM = 226.0  # what title and foot leave of a page for the grids
_GAP_MM = 2.0  # between two grids, as in frame.typ
_LINE_PT = 9.0


def individual_copy(
    pasts: Sequence[Past],
    remark: str,
    decision: Decision,
    paper: Paper,
    letters: Letters,
    individual_number: str = "",
) -> Sheets:
    """個人票: the last of `pasts` (a living record or a 除票), its history if the decision has it.

    `remark` is the C類型 as it stands. The lines of the 統合記載欄 are broken by the font here, for
    their number makes the pages.
    """
    assert pasts, "a copy of nobody is refused by the decision"
    on, record = paper.issued_on, pasts[-1].record
    person = Person(record=record, decision=decision, on=on, individual_number=individual_number)
    upper = _upper(person, past.former_address(pasts))
    rows = list(_rows(past.lines(pasts, remark, decision), letters))
    rows.append(("", printing.text("rest_blank", on)))
    words = "individual_copy" if record.is_living else "closed_copy"
    return paper.sheets(decision, words, list(_pages(upper, _again(person), rows)))


def _upper(person: Person, former_address: str) -> Grid:
    foreign = person.record.is_foreign
    since = "foreign_resident_since" if foreign else "resident_since"
    right = (
        ("個人番号", "individual_number"),
        ("住民票コード", "record_code"),
        ("外国人住民となった年月日" if foreign else "住民となった年月日", since),
        ("住所を定めた年月日", "address_since"),
        ("届出日", "notified"),
        (
            "国籍・地域" if foreign else "筆頭者",
            "nationality" if foreign else "family_register_head",
        ),
    )
    wide = [("世帯主", "householder"), ("住所", "address")]
    wide += [] if foreign else [("本籍", "registered_domicile")]
    wide += [("転入前住所", "previous_address")]
    boxes = [
        *block.identity(person, *((name, person.box(of)) for name, of in right)),
        *(box for name, of in wide for box in (label(name), block.wide(person, of))),
        *(label("異動前住所"), _former(person, former_address)),
        *(block.stay(person) if foreign else ()),
    ]
    first, *rest = block.COLUMNS_MM
    return Grid(columns_mm=(NUMBER_MM + first, *rest), row_mm=_ROW_MM, boxes=tuple(boxes))


def _former(person: Person, address: str) -> Box:
    like = block.wide(person, "address")
    text = address or printing.text("blank", person.on)
    return Box(text=text, item="address", record_id=person.record_id, columns=like.columns)


def _rows(lines: Sequence[Line], letters: Letters) -> Iterator[tuple[str, str]]:
    """Each entry on as many rows as it needs; its kind stands beside the first."""
    room_em = fitting.room_em(WIDTH_MM - _KIND_MM, _LINE_PT)
    for line in lines:
        for place, text in enumerate(fitting.broken(letters, line.text, room_em)):
            yield ("" if place else line.kind), text


def _again(person: Person) -> Grid:
    """続紙の見出し: whose further page it is."""
    return Grid(
        columns_mm=(_KIND_MM, 90.0, 20.0, WIDTH_MM - _KIND_MM - 110.0),
        row_mm=_ROW_MM,
        boxes=(label("氏名"), person.box("name"), label("生年月日"), person.box("birth")),
    )


def _pages(upper: Grid, again: Grid, rows: Sequence[tuple[str, str]]) -> Iterator[list[Grid]]:
    """The upper grid on the first page, `again` on further ones, the rows under each."""
    start, above = 0, upper
    while start < len(rows):
        room_mm = _BODY_MM - above.rows * above.row_mm - _GAP_MM
        most = int(room_mm / _LINE_MM) - 1  # one row is the heading
        yield [above, _remarks(rows[start : start + most], most)]
        start, above = start + most, again


def _remarks(rows: Sequence[tuple[str, str]], height: int) -> Grid:
    boxes = [label("統合記載欄", columns=2)]
    for kind, text in rows:
        boxes += [label(kind), Box(text=text)]
    if len(rows) < height:
        rest = height - len(rows)
        boxes += [label("", rows=rest), Box(text="", rows=rest)]
    columns = (_KIND_MM, WIDTH_MM - _KIND_MM)
    return Grid(columns_mm=columns, row_mm=_LINE_MM, boxes=tuple(boxes))
