"""持出しのファイルを作る: leave, lines, seal and count in one transaction, then its name."""

import csv
import io
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction

from daicho.access.data_exports import folders, gate, queries
from daicho.access.data_exports.gate import Going
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
    """作られたファイル: `passphrase` is kept nowhere."""

    export_id: UUID
    rows: int
    digest: str
    passphrase: str = field(repr=False)


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
            with closing(stream) as lines:  # its cursor ends before the transaction does
                count, record_ids = _sealed(permit, going, sealer, lines)
            digest = sealer.end(count)
            gate.count(permit, going, count, digest, sealer.size_bytes, record_ids)
    return MadeFile(export_id, count, digest, passphrase)


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


def _sealed(
    permit: Permit, going: Going, sealer: Sealer, lines: Iterable[Line]
) -> tuple[int, list[UUID]]:
    """Seal every line; gives how many, and of whom where it is not bulk: of a bulk export the
    conditions say whom it is of."""
    sealer.write(_csv(header(going.leave)))
    names_whom = not going.kind.is_bulk(going.leave.rows_most)
    count, record_ids, began = 0, [], time.monotonic()
    for record_id, line in lines:
        count += 1
        gate.may_hold(permit, going, count)
        gate.may_last(permit, time.monotonic() - began)
        if names_whom:
            record_ids.append(record_id)
        sealer.write(_csv(line))
    return count, record_ids


def header(leave: ExportLeave) -> list[str]:
    """The first line: the columns as the layout of the import calls them."""
    by_name = {one.name: one.japanese for one in layout.COLUMNS}
    return [by_name[column] for column in leave.columns]


def _csv(cells: list[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode()
