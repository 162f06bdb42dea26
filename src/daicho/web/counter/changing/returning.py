"""再転入の欄 (STD 4.1.1.2): what was typed and the data at departure, made one block.

What was typed wins; the rest is that of the 除票; where the two differ the clerk is told. Of where
they come from and what they are to whom (`of_now`) the 除票 says nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms

from daicho.register.queries import Person
from daicho.terms.records import CODES, Cell, Kind, to_row
from daicho.web.counter.changing.fields import BY_COLUMN, typed_of
from daicho.web.counter.changing.parts import Entering


@dataclass(frozen=True)
class Differs:
    """異なる項目: what was typed, which stays, and what the 除票 says."""

    label: str
    typed: str
    closed: str


def joined(
    block: Entering, person: Person, of_now: tuple[str, ...], opening: Mapping[str, str]
) -> tuple[dict[str, str], list[Differs]]:
    """The texts of the block, and what of them differs from the 除票.

    `opening` is what stood in the form when it was opened: nobody has typed that.
    """
    row = to_row(person.record)
    texts, differs = {}, []
    for name in block.fields:
        key = f"{block.prefix}-{name}"
        typed = block.typed.get(key, "")
        if name.startswith(of_now) or name not in BY_COLUMN:
            texts[name] = typed
            continue
        closed = "on" if row[name] is True else str(typed_of(name, row[name]))
        is_typed = bool(typed) and typed != opening.get(f"person-0-{name}")
        texts[name] = typed if is_typed else closed or typed
        if is_typed and closed and not _same(block.fields[name], typed, row[name]):
            differs.append(
                Differs(BY_COLUMN[name].japanese, _shown(name, typed), _shown(name, closed))
            )
    return texts, differs


def _same(field: forms.Field, typed: str, cell: Cell) -> bool:
    try:
        return bool(field.clean(typed) == cell)
    except forms.ValidationError:
        return False


def _shown(column: str, text: str) -> str:
    item = BY_COLUMN[column]
    return CODES[item.codes].get(text, text) if item.kind is Kind.CODE else text
