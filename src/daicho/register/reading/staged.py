"""下書きの列: the columns of one judged line as they are staged, and its cells in COPY's text form.

Both sides know them: the process that makes the rows, and the one that has the table.
"""

from collections.abc import Mapping

from daicho.terms.records import ITEMS, Cell, Item, Kind

CHANGE_COLUMNS: Mapping[str, str] = {
    "line": "integer",
    "record_id": "uuid",
    "history_no": "integer",
    "residence_no": "integer",
    "reason": "text",
    "basis": "text",
    "occurred_day": "date",
    "received_on": "date",
    "office": "text",
    "terminal": "text",
    "history_remark": "text",
    "note": "text",
    "remark": "text",
    "suppressions": "text",
    "protected_from_on": "date",
    "protected_until_on": "date",
    "provisionally_protected": "boolean",
    "body": "jsonb",
}
"""異動の列: what is said of the change, with the types of PostgreSQL."""

CHANGE_CELLS: tuple[str, ...] = tuple(CHANGE_COLUMNS)[2:-1]
"""異動の欄: those of them that stand in cells of the line, between its record_id and its body."""

RECORD_ITEMS: tuple[Item, ...] = tuple(item for item in ITEMS if item.column != "record_id")
"""記録の列: the items of the record that stand in columns of their own."""

_TYPES = {Kind.FLAG: "boolean", Kind.COUNT: "smallint", Kind.DATE: "date"}
RECORD_COLUMNS: Mapping[str, str] = {
    item.column: _TYPES.get(item.kind, "text") for item in RECORD_ITEMS
}
COLUMNS: Mapping[str, str] = {**CHANGE_COLUMNS, **RECORD_COLUMNS}
"""すべての列: in the order of a staged row."""

NAMES = tuple(COLUMNS)

NULL = r"\N"
_BLANK = {"text": "", "boolean": "f"}
BLANKS: tuple[str, ...] = tuple(_BLANK.get(kind, NULL) for kind in RECORD_COLUMNS.values())
"""空欄: what a blank item of each column is as a cell of COPY: no flag and no text is NULL."""


def copied(cell: Cell) -> str:
    """COPYの欄: a cell in the text form of COPY."""
    if cell is None:
        return NULL
    if isinstance(cell, bool):
        return "t" if cell else "f"
    # str.translate would take ten times as long
    text = cell.replace("\\", r"\\").replace("\t", r"\t")
    return text.replace("\n", r"\n").replace("\r", r"\r")
