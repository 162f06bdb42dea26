"""持出しの門: whoever makes a file of residents' data comes through here, before any is read."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from daicho.access.data_exports.leaves import WAY, held, leave_of
from daicho.access.filing.steps import who
from daicho.access.models import DataExport, DataExportRequest, Operator, Terminal
from daicho.access.people.registering import alone
from daicho.access.permits import Permit, look, trail_refusal
from daicho.access.refusals import Refused
from daicho.access.sealed_files import frames
from daicho.access.sealed_files.frames import Said
from daicho.law.data_exports import export_leaves
from daicho.law.data_exports.export_leaves import ExportLeave
from daicho.law.data_exports.kinds import ExportKind, kind_of
from daicho.law.purposes import purpose
from daicho.law.rule import Finding
from daicho.law.safety import algorithms

MADE = "data_exported"
NAMED = "data_export_subjects"
"""対象者の記録: the event of the rows that name whom a bulk file is of, a part each."""


class NotMade(Refused):
    """作成の拒否: by the gate."""


@dataclass(frozen=True)
class Going:
    """作成中の持出し: under which leave, and what the file says of itself."""

    request_no: int
    export_id: UUID
    kind: ExportKind
    leave: ExportLeave
    conditions: dict[str, str | int | bool]
    said: Said

    @property
    def is_bulk(self) -> bool:
        """大量か: told by the lines that were asked for, before any is read."""
        return self.kind.is_bulk(self.leave.rows_most)


@contextmanager
def trailed(permit: Permit, request_no: int) -> Iterator[None]:
    """拒否の記録: stands around the transaction of the work, which a refusal rolls back; only then
    is the refusal trailed, in a transaction of its own, and raised on."""
    try:
        yield
    except NotMade as refused:
        trail_refusal(
            permit,
            refused.findings,
            event="data_export_refused",
            door="data_exports.gate",
            leave=str(request_no),
        )
        raise


def may_make(permit: Permit, request_no: int, export_id: UUID, *, by_command: bool) -> Going:
    """作成: leave to make one file now, in the transaction of the work, in which nobody else makes
    one under the same request. Raises NotMade, naming the article; NotThere."""
    assert connection.in_atomic_block, "the file is counted in the transaction that reads for it"
    alone(WAY.alone_with(request_no))
    row = held(request_no)
    leave = leave_of(row)
    maker = who(permit)
    found = export_leaves.may_make(
        leave, maker.operator_id, room_of(maker.terminal), by_command, on=permit.on
    )
    _refuse(found)
    kind = kind_of(row.kind, permit.on)
    assert kind is not None, "the law has just judged by its row"
    assert permit.purpose == kind.purpose, f"{kind.code} is made for {kind.purpose}"
    for one in frames.USED:
        _refuse(algorithms.may_be_used(one, "exports", on=permit.on))
    return Going(request_no, export_id, kind, leave, row.conditions, _said(permit, row, export_id))


def is_made(export_id: UUID) -> bool:
    """作成済みか: has that very file been made? Of two of one request the second waits for that."""
    alone(str(export_id))
    return DataExport.objects.filter(pk=export_id).exists()


def may_hold(permit: Permit, going: Going, rows: int) -> None:
    """行数: raises NotMade as soon as a file holds more lines than its leave says."""
    _refuse(export_leaves.may_hold(going.leave, rows, on=permit.on))


def may_last(permit: Permit, seconds: float) -> None:
    """時間: raises NotMade as soon as a screen has waited too long."""
    _refuse(export_leaves.may_last(seconds, on=permit.on))


def name_whom(permit: Permit, going: Going, record_ids: Sequence[UUID]) -> None:
    """対象者を記す: a part of those whom a bulk file is of, in a row of the trail of their own. The
    rows of one file, and that of its making, have the number of one request."""
    detail: dict[str, int | str] = {
        "leave": going.request_no,
        "kind": going.kind.code,
        "rows": len(record_ids),
    }
    look(permit, NAMED, "data_exports.gate", detail=detail, record_ids=record_ids)


def count(
    permit: Permit,
    going: Going,
    rows: int,
    digest: str,
    size_bytes: int,
    record_ids: Sequence[UUID] = (),
) -> None:
    """数える: the row and the trail of a file that is whole; only after them does it leave.

    `record_ids`: whom it is of, where it is not bulk (`name_whom`).
    """
    maker = who(permit)
    DataExport.objects.create(
        id=going.export_id,
        request_id=going.request_no,
        by_id=maker.operator_id,
        terminal=maker.terminal,
        rows=rows,
        digest=digest,
        size_bytes=size_bytes,
    )
    detail: dict[str, int | str] = {
        "leave": going.request_no,
        "kind": going.kind.code,
        "rows": rows,
        "columns": len(going.leave.columns),
        "digest": digest,
    }
    look(permit, MADE, "data_exports.gate", detail=detail, record_ids=record_ids)


def room_of(terminal: str) -> str:
    """設置場所: the room in which a terminal in use stands; blank where there is none."""
    found = Terminal.objects.filter(code=terminal, retired_on=None).values_list("room", flat=True)
    return found.first() or ""


def _refuse(found: Finding | None) -> None:
    if found is not None:
        raise NotMade([found])


def _said(permit: Permit, row: DataExportRequest, export_id: UUID) -> Said:
    steps = [one for one in row.steps.all() if not one.is_end]
    kind = kind_of(row.kind, permit.on)
    assert kind is not None, "as above"
    ids = (who(permit).operator_id, row.asked_by_id, *(one.by_id for one in steps))
    logins = dict(Operator.objects.filter(pk__in=ids).values_list("pk", "login"))
    names = algorithms.NAMES
    return {
        "format": 1,
        "cipher": f"{names['aes']}-256-{names['gcm']}, {names['hkdf']}, {names['sha_256']}",
        "export": str(export_id),
        "request": row.pk,
        "kind": kind.name,
        "purpose": purpose(permit.purpose, on=permit.on).name,
        "article": kind.article,
        "made_by": logins[who(permit).operator_id],
        "asked_by": logins[row.asked_by_id],
        "approved_by": logins[steps[0].by_id],
        "made_on": permit.on.isoformat(),
        "ground": row.ground,
        "recipient": row.recipient,
        "columns": list(row.columns),
    }
