"""紙面: pages of a certificate as grids of boxes, texts only. Widths and heights in mm."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

WIDTH_MM = 180.0
"""紙面の幅: of every grid; A4 with 15 mm on either side."""

NUMBER_MM = 6.0
"""番号の幅: of the margin in which a person's number stands."""


@dataclass(frozen=True, kw_only=True)
class Box:
    """欄: one cell of a grid. `text` is data, never markup.

    `item` is the code of the item it prints, blank for a label or a fixed word; `record_id` whose
    it is. `columns` and `rows` are what it spans. `is_label` is set apart in the print.
    """

    text: str = field(repr=False)
    item: str = ""
    record_id: UUID | None = None
    columns: int = 1
    rows: int = 1
    is_label: bool = False
    is_centred: bool = False


@dataclass(frozen=True, kw_only=True)
class Grid:
    """枠: boxes in reading order; `columns_mm` are the widths, `row_mm` the height of each row.

    `number` stands in a margin of its own on the left, NUMBER_MM wide, where it is not blank.
    """

    columns_mm: tuple[float, ...]
    row_mm: float
    boxes: tuple[Box, ...]
    number: str = ""

    @property
    def rows(self) -> int:
        """行数: rows of the grid, reckoned from what its boxes cover."""
        covered = sum(box.columns * box.rows for box in self.boxes)
        rows, rest = divmod(covered, len(self.columns_mm))
        assert rest == 0, "the boxes do not fill the grid"
        return rows

    def placed(self) -> Iterator[tuple[Box, int, int]]:
        """欄の位置: each box with the row and the column at which it begins."""
        across, rows = len(self.columns_mm), self.rows
        taken: set[tuple[int, int]] = set()
        place = 0
        for box in self.boxes:
            while divmod(place, across) in taken:
                place += 1
            row, at = divmod(place, across)
            its = {(row + r, at + c) for r in range(box.rows) for c in range(box.columns)}
            assert row + box.rows <= rows, "a box leaves the grid at its foot"
            assert at + box.columns <= across, "a box leaves the grid at its side"
            assert taken.isdisjoint(its), "a box overlaps another"
            taken |= its
            yield box, row, at


@dataclass(frozen=True, kw_only=True)
class Page:
    """頁: the grids of one page and its 発行番号, which tells page and pages."""

    grids: tuple[Grid, ...]
    number: str


@dataclass(frozen=True, kw_only=True)
class Foot:
    """認証: what the last page alone says: the statement, the day, and who certifies."""

    statement: str
    issued_on: str
    title: str
    name: str
    seal_note: str


@dataclass(frozen=True, kw_only=True)
class Sheets:
    """証明書: every page of one certificate, ready to be fitted.

    `form` is the name of the template. `marks` (公用, 再交付, 見本) stand beside the title of every
    page. `seal_columns` are the letters of the drawn seal, right to left; `seal_svg` a picture of a
    real one instead. `copied` is the word that shows on a photocopy.
    """

    form: str
    title: str
    marks: tuple[str, ...]
    pages: tuple[Page, ...]
    foot: Foot
    seal_columns: tuple[str, ...]
    seal_svg: str
    seal_mm: float
    copied: str


def label(text: str, *, columns: int = 1, rows: int = 1) -> Box:
    """見出し欄: the name of the box beside it."""
    return Box(text=text, columns=columns, rows=rows, is_label=True)
