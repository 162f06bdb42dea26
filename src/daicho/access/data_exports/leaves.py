"""持出しの許可の一歩: asked for, decided, ended; each once, trailed, or refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from daicho.access.filing.steps import Way, state_of, who
from daicho.access.models import DataExportRequest, DataExportStep
from daicho.access.people.registering import NotThere, refuse
from daicho.access.permits import Permit, demand_work
from daicho.law.data_exports import export_leaves
from daicho.law.data_exports.export_leaves import ExportLeave
from daicho.law.data_exports.kinds import ExportKind, kind_of
from daicho.law.rule import Finding

_WHOLE = frozenset({"data_export_ask_whole", "data_export_approve"})
"""全件の求め: the functions of who may ask for a whole register, or end what was asked."""

WAY = Way("data_export_leave", "data_export_refused", "data_exports", "data export")


@dataclass(frozen=True)
class Asking:
    """持出しの求め: what is asked for, as it was typed and checked."""

    kind: str
    columns: tuple[str, ...]
    conditions: Mapping[str, str | int | bool]
    recipient: str
    ground: str
    from_on: date
    until_on: date
    rows_most: int
    times_most: int


def leave_of(row: DataExportRequest) -> ExportLeave:
    """What the law judges a request by; asks for its steps and what was made, if not there yet."""
    state, decided_by = state_of(row.steps.all(), row.asked_by_id)
    return ExportLeave(
        kind=row.kind,
        columns=tuple(row.columns),
        asked_by=row.asked_by_id,
        state=state,
        from_on=row.from_on,
        until_on=row.until_on,
        rows_most=row.rows_most,
        times_most=row.times_most,
        times_made=len(row.made.all()),
        decided_by=decided_by,
    )


def ask(permit: Permit, asking: Asking) -> int:
    """求める: leave for files of a kind; gives its number. Raises Refused."""
    demand_work(permit, "data_export_ask")
    demand_kind(permit, asking.kind)
    with WAY.step(permit, "asked") as done:
        if done:
            return done
        refuse(
            export_leaves.may_ask(
                asking.kind,
                asking.columns,
                asking.from_on,
                asking.until_on,
                asking.rows_most,
                asking.times_most,
                on=permit.on,
            )
        )
        row = DataExportRequest.objects.create(
            **{**vars(asking), "columns": list(asking.columns)},
            asked_by_id=who(permit).operator_id,
        )
        _trail(permit, row, "asked")
    return row.pk


def hindered(permit: Permit, leave: ExportLeave) -> Finding | None:
    """What keeps this person from deciding on it now."""
    return export_leaves.may_decide(leave, who(permit).operator_id, on=permit.on)


def decide(permit: Permit, request_no: int, *, is_approved: bool) -> None:
    """許可・不許可: once, by another person. Raises Refused."""
    demand_work(permit, "data_export_approve")
    what = "approved" if is_approved else "refused"
    with WAY.step(permit, what, request_no) as done:
        if done:
            return
        row = held(request_no)
        refuse([hindered(permit, leave_of(row))])
        DataExportStep.objects.create(
            request=row, is_end=False, is_approved=is_approved, by_id=who(permit).operator_id
        )
        _trail(permit, row, what)


def end(permit: Permit, request_no: int) -> None:
    """取り下げる・終える: by who asks for them or approves them. Raises Refused, NotThere."""
    demand_work(permit, "data_export_ask", "data_export_approve")
    demand_kind(permit, held(request_no).kind)
    with WAY.step(permit, "ended", request_no) as done:
        if done:
            return
        row = held(request_no)
        refuse([export_leaves.may_end(leave_of(row), on=permit.on)])
        DataExportStep.objects.create(request=row, is_end=True, by_id=who(permit).operator_id)
        _trail(permit, row, "ended")


def is_for(permit: Permit, kind: ExportKind | None) -> bool:
    """及ぶ種類か: a whole register is for who has more than the right of EUC."""
    return kind is None or not kind.by_command or not _WHOLE.isdisjoint(permit.functions)


def may_ask(permit: Permit, kind: ExportKind) -> bool:
    """求められる種類か: by who asks for files at all."""
    return "data_export_ask" in permit.functions and is_for(permit, kind)


def demand_kind(permit: Permit, code: str) -> None:
    """Refuse, trailed, what is not for this permit; asked before any transaction, so that the
    refusal stays."""
    if not is_for(permit, kind_of(code, permit.on)):
        demand_work(permit, *_WHOLE)


def held(request_no: int) -> DataExportRequest:
    """The request with that number, with its steps and what was made; raises NotThere."""
    found = DataExportRequest.objects.filter(pk=request_no)
    row = found.prefetch_related("steps", "made").first()
    if row is None:
        raise NotThere(request_no)
    return row


def _trail(permit: Permit, row: DataExportRequest, what: str) -> None:
    detail: dict[str, int | str] = {
        "leave": row.pk,
        "kind": row.kind,
        "since": row.from_on.isoformat(),
        "until": row.until_on.isoformat(),
        "rows": row.rows_most,
    }
    WAY.trail(permit, what, detail)
