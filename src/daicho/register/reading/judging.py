"""行のまとまりの審査: a block of lines read and judged, as what can be staged and what refuses.

Blocks are judged apart from each other, in any process, and give the same together as one block of
the whole file would: a row says nothing that depends on the lines before it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from uuid import UUID

from daicho.register import layout
from daicho.register.reading.csv_file import Block, Header, lines
from daicho.register.reading.keying import BlockKeys
from daicho.register.reading.rows import HistoryRow, RowReader

FICTITIOUS = "架空"  # the remark on every line of a made-up town
SEED_BYTES = 32

_PLACES = {column.name: place for place, column in enumerate(layout.COLUMNS)}
_ADDRESS_NUMBER, _REMARK = _PLACES["address_number"], _PLACES["remark"]
_HOUSEHOLD, _STATE = _PLACES["household_number"], _PLACES["state"]
_LIVING = ("", "living")


Alert = tuple[str, str]
"""確かめたいこと: what only asks: the code of a finding, and the item it is about or blank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """読取りの指図: what every block of a file is judged by.

    `seed` is random and made anew for each import: a record_id comes from it and the 宛名番号, so
    that the lines of a person have one wherever they stand, and nobody can reckon it back.
    """

    ward: str
    on: date
    header: Header
    seed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class RowFault:
    """What refuses a line, with the numbers of person and household as the line says them.

    `what` is the sentence of a cell that cannot be read (`rows.Fault`).
    """

    line: int
    code: str
    column: str
    address_number: str
    household_number: str
    what: str = ""


@dataclass(slots=True)
class Judged:
    """審査されたまとまり: `rows` in COPY's text form for `staged`, numbers that are still open.

    `keys` are the search keys of most of its persons (`keying`), in COPY's text form too.
    """

    lines: int = 0
    fictitious: bool = True
    rows: str = ""
    keys: str = ""
    numbers: list[tuple[int, UUID, str]] = field(default_factory=list, repr=False)
    faults: list[RowFault] = field(default_factory=list)
    alerts: Counter[Alert] = field(default_factory=Counter)


class BlockReader:
    """まとまりの読取り: keep one for a whole file, it remembers cells."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._reader = RowReader(order.ward, order.on)
        self._person = ("", UUID(int=0))

    def judge(self, block: Block) -> Judged:
        """Every line of the block; FileTrouble where it is no register."""
        judged = Judged()
        rows, keys = list[str](), BlockKeys()
        for line in lines(block, self._order.header):
            judged.lines += 1
            judged.fictitious &= line.cells[_REMARK] == FICTITIOUS
            number = line.cells[_ADDRESS_NUMBER]
            read = self._reader.read(line, self._record_id(number))
            if not isinstance(read, HistoryRow):
                household = line.cells[_HOUSEHOLD] if line.cells[_STATE] in _LIVING else ""
                judged.faults += (
                    RowFault(line.number, one.code, one.column, number, household, one.what)
                    for one in read
                )
                keys.add(number, None)
                continue
            keys.add(number, read)
            rows += _copied(read)
            if read.individual_number:
                judged.numbers.append((line.number, read.record.record_id, read.individual_number))
            if read.alerts:
                judged.alerts.update((alert.code, alert.on_item) for alert in read.alerts)
        judged.rows, judged.keys = "".join(rows), keys.text
        return judged

    def _record_id(self, address_number: str) -> UUID:
        if address_number != self._person[0]:
            made = blake2b(address_number.encode(), key=self._order.seed, digest_size=16)
            self._person = (address_number, UUID(bytes=made.digest(), version=4))
        return self._person[1]


def _copied(row: HistoryRow) -> Iterator[str]:
    """One row of `staged`, the columns of `staged.NAMES` in order."""
    line, record_id = str(row.line), str(row.record.record_id)
    yield "\t".join((line, record_id, *row.said, row.body(), *row.copied))
    yield "\n"
