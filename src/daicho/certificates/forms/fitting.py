"""文字溢れ対応: letters shrink by steps, then break over the rows of their box (standard 5.8).

Widths are those of the font itself, never a guess. What still does not fit, and what the font
cannot draw, is told; nothing is ever put in its place unless the municipality set it so.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from daicho.certificates.forms.sheets import NUMBER_MM, Box, Grid, Page, Sheets
from daicho.law.disclosure import printing
from daicho.law.rule import Finding
from daicho.terms.names import printed_characters

_PT_PER_MM = 72 / 25.4
_INSET_MM = 1.0  # left and right of the letters, as in frame.typ
_SAFETY_PT = 0.5  # what rounding in the setting may add
_LABEL_SIZES_PT = (7.5, 7.0, 6.5, 6.0, 5.5)
_LINE_HEIGHT = 1.1  # of the size of the letters
_NOT_FIRST = frozenset("」』）】〉》、。，．・ー)")
_BREAKS_LINES = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")  # Cc, Zl and Zp of Unicode


class Letters(Protocol):
    """書体: what is asked of a font: the width of a text in em, and what of it has no glyph."""

    def advance(self, text: str) -> float:
        """字送り: the width of the text in em."""
        ...

    def missing(self, text: str) -> tuple[str, ...]:
        """無い文字: the characters that the font cannot draw."""
        ...


@dataclass(frozen=True)
class Unprintable:
    """印字できない欄: an item of a person for the 文字超過リスト.

    `characters` are those without a glyph; none where the text finds no room.
    """

    record_id: UUID | None
    item: str
    characters: tuple[str, ...] = field(default=(), repr=False)

    def finding(self, on: date) -> Finding:
        """判定: refused or asked about, as the municipality set it for the item."""
        return printing.cannot_be_printed(self.item, not self.characters, on=on)


@dataclass(frozen=True)
class Fit:
    """割付けの結果: `body` is what the template draws; `unprintable` what it could not.

    Whoever issues asks `findings` first: a refusal there means that the paper is not made.
    """

    sheets: Sheets
    body: dict[str, Any] = field(repr=False)
    unprintable: tuple[Unprintable, ...]
    on: date

    @property
    def findings(self) -> tuple[Finding, ...]:
        """判定: of what could not be printed, each once."""
        return tuple(dict.fromkeys(one.finding(self.on) for one in self.unprintable))


def fit(sheets: Sheets, letters: Letters, on: date) -> Fit:
    """割付け: every text of the sheets with its size and lines."""
    fitter = _Fitter(letters, on)
    body = {
        "title": sheets.title,
        "marks": list(sheets.marks),
        "pages": [fitter.page(page) for page in sheets.pages],
        "foot": asdict(sheets.foot),
        "seal": {"columns": list(sheets.seal_columns), "svg": sheets.seal_svg},
        "seal_mm": sheets.seal_mm,
        "copied": sheets.copied,
        "inset_mm": _INSET_MM,
        "number_mm": NUMBER_MM,
        "line_height": _LINE_HEIGHT,
    }
    for text in (*asdict(sheets.foot).values(), *sheets.marks, *sheets.seal_columns):
        fitter.needs_glyphs(text)
    return Fit(sheets, body, tuple(dict.fromkeys(fitter.unprintable)), on)


class _Fitter:
    def __init__(self, letters: Letters, on: date) -> None:
        self.letters, self.on = letters, on
        self.unprintable: list[Unprintable] = []
        self.steps_of: dict[tuple[bool, float], list[tuple[float, int]]] = {}
        largest, smallest, step = (
            printing.parameter(f"letters_{which}", on) for which in ("largest", "smallest", "step")
        )
        self.sizes_pt = tuple(size / 10 for size in range(largest, smallest - 1, -step))

    def page(self, page: Page) -> dict[str, Any]:
        self.needs_glyphs(page.number)
        return {"number": page.number, "grids": [self.grid(grid) for grid in page.grids]}

    def grid(self, grid: Grid) -> dict[str, Any]:
        """The boxes as the template takes them; the columns each stands in give its width."""
        boxes = []
        for box, row, at in grid.placed():
            width_mm = sum(grid.columns_mm[at : at + box.columns])
            boxes.append({"row": row, "column": at, **self.box(box, width_mm, grid.row_mm)})
        return {
            "number": grid.number,
            "columns_mm": list(grid.columns_mm),
            "row_mm": grid.row_mm,
            "rows": grid.rows,
            "boxes": boxes,
        }

    def box(self, box: Box, width_mm: float, row_mm: float) -> dict[str, Any]:
        steps = self.steps(box.is_label, box.rows * row_mm)
        text = self.drawable(box)
        room_pt = _room_pt(width_mm)
        size, lines = _fitted(self.letters, text, room_pt, steps) or self.overflown(
            box, text, room_pt, *steps[-1]
        )
        return {
            "lines": list(lines),
            "size_pt": size,
            "columns": box.columns,
            "rows": box.rows,
            "is_label": box.is_label,
            "is_centred": box.is_centred,
        }

    def steps(self, is_label: bool, high_mm: float) -> Sequence[tuple[float, int]]:
        """The sizes with the lines of each for which a box so high has room, the largest first."""
        found = self.steps_of.get((is_label, high_mm))
        if found is None:
            sizes = _LABEL_SIZES_PT if is_label else self.sizes_pt
            high_pt = high_mm * _PT_PER_MM
            found = [(size, int(high_pt / (size * _LINE_HEIGHT))) for size in sizes]
            self.steps_of[is_label, high_mm] = found
        return found

    def drawable(self, box: Box) -> str:
        """The text; where a character has no glyph, what the municipality set for the item."""
        missing = set(self.missing(box.text))
        if not missing:
            return box.text
        self.unprintable.append(Unprintable(box.record_id, box.item, tuple(sorted(missing))))
        if printing.policy(box.item, self.on) == "blank":
            return ""
        mark = printing.text("missing_glyph", self.on)
        return "".join(mark if one in missing else one for one in printed_characters(box.text))

    def overflown(
        self, box: Box, text: str, room_pt: float, size_pt: float, lines_most: int
    ) -> tuple[float, tuple[str, ...]]:
        self.unprintable.append(Unprintable(box.record_id, box.item))
        if printing.policy(box.item, self.on) == "blank":
            return size_pt, ()
        lines = broken(self.letters, text, room_pt / size_pt)
        return size_pt, lines[: max(lines_most, 1)]

    def needs_glyphs(self, text: str) -> None:
        missing = self.missing(text)
        if missing:
            self.unprintable.append(Unprintable(None, "", missing))

    def missing(self, text: str) -> tuple[str, ...]:
        """What cannot be drawn: also a line end, which a box of one line has no place for."""
        ends = _BREAKS_LINES.findall(text)
        return tuple(dict.fromkeys((*ends, *self.letters.missing(text))))


def _fitted(
    letters: Letters, text: str, room_pt: float, steps: Sequence[tuple[float, int]]
) -> tuple[float, tuple[str, ...]] | None:
    """The largest size at which the text stands on one line, else on the lines of its rows."""
    width_em = letters.advance(text)
    for size_pt, lines_most in steps:
        if width_em * size_pt <= room_pt and lines_most:
            return size_pt, (text,) if text else ()
    for size_pt, lines_most in steps:
        lines = broken(letters, text, room_pt / size_pt)
        if len(lines) <= lines_most:
            return size_pt, lines
    return None


def room_em(width_mm: float, size_pt: float) -> float:
    """欄の字数: how many em of letters of that size stand on one line of a box."""
    return _room_pt(width_mm) / size_pt


def _room_pt(width_mm: float) -> float:
    return (width_mm - 2 * _INSET_MM) * _PT_PER_MM - _SAFETY_PT


def broken(letters: Letters, text: str, room_em: float) -> tuple[str, ...]:
    """折返し: the text in lines no wider than that; joined they give the text again.

    A closing bracket or stop never begins a line: it takes the character before it along.
    """
    lines: list[list[str]] = [[]]
    width_em = 0.0
    for character in printed_characters(text):
        advance_em = letters.advance(character)
        if lines[-1] and width_em + advance_em > room_em:
            along = [lines[-1].pop()] if character in _NOT_FIRST and len(lines[-1]) > 1 else []
            lines.append(along)
            width_em = sum(letters.advance(one) for one in along)
        lines[-1].append(character)
        width_em += advance_em
    return tuple("".join(line) for line in lines if line)
