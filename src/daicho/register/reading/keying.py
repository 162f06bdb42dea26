"""検索キーの用意: the search keys of the persons whose lines stand whole in one block.

The lines of the first person of a block may begin in the block before, those of the last go on in
the next: their keys are made from the versions, as `search.keeping` makes everybody's.
"""

from daicho.register.reading import staged
from daicho.register.reading.rows import HistoryRow
from daicho.register.search import keys


class BlockKeys:
    """まとまりの検索キー: takes the lines of a block in order; `text` is COPY's, of `keys.HELD`."""

    def __init__(self) -> None:
        self._number: str | None = None
        self._whole = False
        self._rows: list[HistoryRow] = []
        self._made: list[str] = []

    def add(self, number: str, row: HistoryRow | None) -> None:
        """A line of the person of that 宛名番号; None where it was refused, and the person is."""
        if number != self._number:
            self._close()
            self._whole, self._number = self._number is not None, number
            self._rows = []
        if row is None:
            self._whole = False
        elif self._whole:
            self._rows.append(row)

    @property
    def text(self) -> str:
        """The keys of all persons but the first and the last."""
        return "".join(self._made)

    def _close(self) -> None:
        if self._whole:
            rows = sorted(self._rows, key=lambda row: row.history_no)
            made = keys.held([_compared(row) for row in rows])
            cells = (None if cell is None else str(cell) for cell in made)
            self._made.append("\t".join(map(staged.copied, cells)) + "\n")


def _compared(row: HistoryRow) -> keys.Row:
    """The columns of the version that will stand in the database."""
    cells = {name: row.stored.get(name, "") for name in keys.COLUMNS}
    return {**cells, "record_id": row.record.record_id, "history_no": row.history_no}
