"""住民票: the one list of managed items (standard 1.1.1, 1.1.2) as one flat record.

`Record` says beside each field what `Item` needs; `ITEMS` is that list in order. Databases, import
files, forms and reference pages are made from it, so that an item is added there and only there.
"""

from daicho.terms.records.items import (
    CODES,
    Blank,
    Cell,
    Holder,
    Item,
    Kind,
    Remarks,
    Standing,
    Value,
    code_text,
)
from daicho.terms.records.record import Record
from daicho.terms.records.rows import (
    HELD_ELSEWHERE,
    ITEMS,
    blank_items,
    difference,
    from_row,
    item_of,
    laid_on,
    problems,
    to_row,
)

__all__ = [
    "CODES",
    "HELD_ELSEWHERE",
    "ITEMS",
    "Blank",
    "Cell",
    "Holder",
    "Item",
    "Kind",
    "Record",
    "Remarks",
    "Standing",
    "Value",
    "blank_items",
    "code_text",
    "difference",
    "from_row",
    "item_of",
    "laid_on",
    "problems",
    "to_row",
]
