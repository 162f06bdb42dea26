"""持出しのファイルを作る: leave, lines, seal and count in one transaction, then its name."""

import csv
import io
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction

from daicho.access.data_exports import folders, gate, queries
from daicho.access.data_exports.gate import Going
from daicho.access.data_exports.subjects import Subjects
from daicho.access.permits import Permit, demand, demand_work
from daicho.access.sealed_files import passphrases
from daicho.access.sealed_files.sealing import Sealer
from daicho.law.data_exports import export_leaves
from daicho.law.data_exports.export_leaves import ExportLeave
from daicho.law.data_exports.kinds import kind_of
from daicho.law.safety.item_classes import classes
from daicho.register import layout
from daicho.register.extracting import rows
from daicho.register.extracting.conditions import read
from daicho.register.extracting.rows import Line


class AlreadyMade(Exception):
    """作成済み: this very request has made its file; its passphrase was shown then, and once."""


@dataclass(frozen=True)
class MadeFile:
    """作られたファイル: `passphrase` is kept nowhere; so often may it still be made again."""

    export_id: UUID
    rows: int
    digest: str
    passphrase: str = field(repr=False)
    times_left: int


def make(permit: Permit, request_no: int, folder: Path) -> MadeFile:
    """作成: the file of a request into `folder`, whole or not at all, counted and trailed.

    Raises NotMade (refused: nothing was made; but for too many lines or too long a time, nothing
    was read), NotThere, AlreadyMade. Named by the request's own number, so that a form sent twice
    makes one file.
    """
    demand_work(permit, "data_export")
    _demand_columns(permit, request_no)
    folders.made_ready(folder)
    export_id, passphrase = permit.request_id, passphrases.made()
    file = folders.place_of(folder, export_id)
    with gate.trailed(permit, request_no), transaction.atomic(durable=True):
        if gate.is_made(export_id):
            raise AlreadyMade(export_id)
        going = gate.may_make(permit, request_no, export_id, by_command=False)
        _give_time()
        # named before the commit: without the passphrase, which is shown after it, it is nothing
        with folders.written(file) as opened:
            sealer = Sealer(opened, passphrase, going.said)
            stream = rows.stream(permit, going.leave.columns, read(going.conditions))
            began = time.monotonic()
            with Subjects() as of_whom:
                # the cursor ends before the transaction does
                with closing(stream) as lines, folders.telling(folder, request_no) as tell:
                    written = _written(permit, going, lines, began, tell)
                    count = _sealed(sealer, going, written, of_whom)
                digest = sealer.end(count)
                named = _named(permit, going, of_whom, began)
            gate.count(permit, going, count, digest, sealer.size_bytes, named)
    return MadeFile(export_id, count, digest, passphrase, going.leave.times_left - 1)


def _give_time() -> None:
    """No statement of this work ends sooner than the work itself: who serves people allows them
    seconds, and whom few fit, a whole town is read through for in one."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = '{export_leaves.SECONDS_MOST}s'")


def _demand_columns(permit: Permit, request_no: int) -> None:
    """Every class of items that such a file may hold; before the transaction, so that a refusal
    stays trailed."""
    kind = kind_of(queries.kind_asked(permit, request_no), permit.on)
    of = classes(permit.on)
    for seen in sorted({"resident", *(of[one] for one in (kind.columns if kind else ()))}):
        demand(permit, seen)


def _written(
    permit: Permit,
    going: Going,
    lines: Iterable[Line],
    began: float,
    tell: Callable[[int], None],
) -> Iterator[Line]:
    """The lines as long as they may go on, each counted for who waits."""
    for count, line in enumerate(lines, start=1):
        gate.may_hold(permit, going, count)
        gate.may_last(permit, time.monotonic() - began)
        yield line
        tell(count)


def _sealed(sealer: Sealer, going: Going, lines: Iterable[Line], of_whom: Subjects) -> int:
    """Seal every line; gives how many, and puts by of whom they are."""
    sealer.write(_csv(header(going.leave)))
    count = 0
    for record_id, line in lines:
        of_whom.add(record_id)
        sealer.write(_csv(line))
        count += 1
    return count


def _named(permit: Permit, going: Going, of_whom: Subjects, began: float) -> list[UUID]:
    """Whom the row of the file itself names: everybody, or of bulk nobody, who are in rows of their
    own then."""
    if not going.is_bulk:
        return [one for part in of_whom.parts() for one in part]
    for part in of_whom.parts():
        gate.may_last(permit, time.monotonic() - began)
        gate.name_whom(permit, going, part)
    return []


def header(leave: ExportLeave) -> list[str]:
    """The first line: the columns as the layout of the import calls them."""
    by_name = {one.name: one.japanese for one in layout.COLUMNS}
    return [by_name[column] for column in leave.columns]


def _csv(cells: list[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode()
