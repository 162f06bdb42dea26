"""対象者: of whom a file is, put by while its lines are written and named once it is whole.

Record ids alone are put by; past the first of them on disk, in a file without a name, so that the
memory that a town of millions takes is that of a village.
"""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from types import TracebackType
from uuid import UUID

ROW_MOST = 1_000
"""一行の対象者の上限: so many stand in one row of the trail, which is read at once."""
_MEMORY_BYTES = 1 << 20
_ID_BYTES = 16


class Subjects:
    """対象者: each once, where the lines of one person follow each other."""

    def __init__(self) -> None:
        self._ids = SpooledTemporaryFile(max_size=_MEMORY_BYTES)  # noqa: SIM115  closed by __exit__
        self._last: UUID | None = None

    def __enter__(self) -> "Subjects":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ids.close()

    def add(self, record_id: UUID) -> None:
        """Of whom the next line is."""
        if record_id != self._last:
            self._ids.write(record_id.bytes)
            self._last = record_id

    def parts(self) -> Iterator[list[UUID]]:
        """Everybody, in the order of the lines, as many at a time as a row of the trail names."""
        self._ids.seek(0)
        while block := self._ids.read(ROW_MOST * _ID_BYTES):
            yield [
                UUID(bytes=block[place : place + _ID_BYTES])
                for place in range(0, len(block), _ID_BYTES)
            ]
