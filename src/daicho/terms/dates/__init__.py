"""年月日: the dates of the register, certain or 不詳. The one door to reading and writing dates."""

from daicho.terms.calendar_dates import parse, wareki, western
from daicho.terms.dates.cells import CELL_LENGTH, from_cell, to_cell
from daicho.terms.dates.patterns import Precision, allows, is_uncertain
from daicho.terms.dates.reading import certainly_before, display, parse_register_date
from daicho.terms.dates.value import TEXT_LENGTH, RegisterDate, certain

__all__ = [
    "CELL_LENGTH",
    "TEXT_LENGTH",
    "Precision",
    "RegisterDate",
    "allows",
    "certain",
    "certainly_before",
    "display",
    "from_cell",
    "is_uncertain",
    "parse",
    "parse_register_date",
    "to_cell",
    "wareki",
    "western",
]
