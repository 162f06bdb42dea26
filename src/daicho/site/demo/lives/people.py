"""世帯員: one person's cells while a history is told, and the lines it leaves."""

from random import Random

from daicho.register.layout import COLUMNS
from daicho.site.demo.materials import days
from daicho.site.demo.materials.places import Place, columns
from daicho.site.demo.shapes import Draft
from daicho.terms.changes.reasons import REASONS

MARK = "架空"
"""架空の印: the remark of every line of a made-up town; an import knows such a town by it."""

BLANK: dict[str, str] = {column.name: "" for column in COLUMNS} | {"remark": MARK}
ADDRESS = columns("address")
PREVIOUS = columns("previous_address")
PLANNED = columns("planned_destination")
CONFIRMED = columns("confirmed_destination")
_REASONS = {code: reason.text for code, reason in REASONS.items()}
_OFFICES = (("001", "C001"), ("001", "C002"), ("101", "B101"))


class Person:
    """世帯員: `cells` is the record as it stands; each 異動 leaves a copy of it in `lines`."""

    __slots__ = (
        "born",
        "cells",
        "closed",
        "draft",
        "entered",
        "individual_number",
        "lines",
        "name",
        "processed",
        "register",
    )

    def __init__(self, draft: Draft, born: int) -> None:
        self.draft = draft
        self.born = born
        self.cells = BLANK.copy()
        self.lines: list[dict[str, str]] = []
        self.entered = 0  # the day of the last entry; 0 before any
        self.closed = False
        self.individual_number = ""
        self.processed = 0
        self.name = ""
        self.register = ""  # 本籍 and 筆頭者, the mark of one family; blank for foreign residents

    @property
    def is_here(self) -> bool:
        """Whether the person is a resident at this point of the history."""
        return bool(self.entered) and not self.closed

    @property
    def is_foreign(self) -> bool:
        """外国人住民."""
        return self.draft.foreign

    def age(self, on: int) -> float:
        """Years from birth to `on`, near enough for chance."""
        return (on - self.born) / days.YEAR_DAYS

    def put(self, names: tuple[str, ...], place: Place) -> None:
        """Write an address into its columns."""
        self.cells.update(zip(names, place, strict=True))

    def note(
        self,
        reason: str,
        *,
        occurred: int | str,
        processed: int,
        basis: str,
        received: int = 0,
        remark: str = "",
        note: str = "",
    ) -> None:
        """異動: leave a line of the whole record after it. Days are ordinals, 0 for none;
        `occurred` may be the cell of an uncertain day."""
        cells = self.cells
        processed = max(processed, self.processed)
        self.processed = processed
        numbered = processed >= days.NUMBER_FROM and bool(self.individual_number)
        pending = numbered and cells["individual_number_state"] == "pending"
        cells["history_no"] = str(len(self.lines) + 1)
        cells["reason"] = _REASONS[reason]
        cells["occurred_on"] = occurred if isinstance(occurred, str) else days.iso(occurred)
        cells["received_on"] = days.iso(received) if received else ""
        cells["basis"] = basis
        cells["processed_on"] = days.iso(processed)
        cells["office"], cells["terminal"] = _OFFICES[(processed + self.born) % 3]
        cells["history_remark"] = remark
        cells["note"] = note
        if not pending:
            cells["individual_number_state"] = "held" if numbered else "none"
        cells["individual_number"] = self.individual_number if numbered and not pending else ""
        self.lines.append(cells.copy())

    def amend(self, **cells: str) -> None:
        """現在の記載: cells of the last line that change without an 異動 of their own."""
        self.cells.update(cells)
        if self.lines:
            self.lines[-1].update(cells)


def born_on(random: Random, age: float, on: int) -> int:
    """The day of birth of someone that old on `on`, nearly four weeks before it at the latest."""
    return min(on - 26, on - int(age * days.YEAR_DAYS) - int(random.random() * 2))
