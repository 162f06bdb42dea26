"""住民票コード通知票・変更通知票・修正通知票 (20.4): the code of one person, told to them."""

from datetime import date

from daicho.certificates.forms.paper import Paper
from daicho.certificates.forms.sheets import WIDTH_MM, Box, Grid, Sheets, label
from daicho.certificates.forms.values import value
from daicho.law.disclosure import printing
from daicho.terms.records import Record

TEMPLATE = "record_code_notice"
_LABEL_MM, _ROW_MM, _CODE_MM, _NOTE_MM = 40.0, 9.0, 16.0, 7.0


def record_code_notice(record: Record, form: str, paper: Paper) -> Sheets:
    """通知票: of the code as it stands; `form` is a code of `law.record_codes.NOTICES`.

    It never says the former code: whoever finds the paper would learn two.
    """
    on = paper.issued_on
    names = ["name", *(["common_name"] if record.common_name else []), "birth", "sex", "address"]
    rows = [box for name in names for box in (label(_NAMES[name]), _box(record, name, on))]
    columns = (_LABEL_MM, WIDTH_MM - _LABEL_MM)
    code = (label("住民票コード"), _box(record, "record_code", on, centred=True))
    notes = tuple(Box(text=printing.text(f"{TEMPLATE}.note_{n}", on)) for n in (1, 2))
    return paper.told(
        TEMPLATE,
        form,
        (
            Grid(columns_mm=columns, row_mm=_ROW_MM, boxes=tuple(rows)),
            Grid(columns_mm=columns, row_mm=_CODE_MM, boxes=code),
            Grid(columns_mm=(WIDTH_MM,), row_mm=_NOTE_MM, boxes=notes),
        ),
    )


_NAMES = {
    "name": "氏名",
    "common_name": "通称",
    "birth": "生年月日",
    "sex": "性別",
    "address": "住所",
}


def _box(record: Record, name: str, on: date, *, centred: bool = False) -> Box:
    text = value(record, name) or printing.text("blank", on)
    return Box(text=text, item=name, record_id=record.record_id, is_centred=centred)
