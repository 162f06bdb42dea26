"""目安の表: tables of figures, each read by its name into a dataclass.

A row is code, figure and unit, and says why. A figure that nobody reads, or one that no sentence
could show, is a wrong table.
"""

from dataclasses import fields
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Generic, TypeVar

from daicho.law.rule import COUNT_MAX, NoLawOnThatDay
from daicho.law.tables import Row, table

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")


class Figures(Generic[T]):
    """目安: the figures of one table as they held on a day; `kind` names each by what it counts."""

    def __init__(self, file: str, kind: type[T]) -> None:
        self._kind = kind
        self._names = tuple(one.name for one in fields(kind))
        self._rows = table(file).keyed()
        for row in self._rows:
            self._check(row)
        self.on = cache(self._on)

    def _check(self, row: Row) -> None:
        row.only("code", "figure", "unit")
        if row.text("code") not in self._names:
            raise row.wrong(f"nobody reads the figure {row.text('code')}")
        if not 0 < row.number("figure") <= COUNT_MAX or not row.text("unit"):
            raise row.wrong("a figure is a count that can be printed, with its unit")
        if not row.because:
            raise row.wrong("a figure of ours says why")

    def _on(self, day: date) -> T:
        """Those of a day; raises NoLawOnThatDay where one had no figure."""
        return self._kind(**{name: self.row(name, day).number("figure") for name in self._names})

    def row(self, name: str, day: date) -> Row:
        """目安の行: that of one figure; raises NoLawOnThatDay."""
        found = self._rows.find(name, day)
        if found is None:
            raise NoLawOnThatDay(f"{self._rows.file}.toml has no {name} in force on {day}")
        return found
