"""持出しの許可の一歩: asked for, decided, ended; each once, trailed, or refused."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from daicho.access.acting import Actor
from daicho.access.models import DataExportRequest, DataExportStep, Trail
from daicho.access.people.registering import NotThere, once, refuse
from daicho.access.permits import Permit, demand_work, look
from daicho.law.data_exports import export_leaves
from daicho.law.data_exports.export_leaves import ExportLeave
from daicho.law.rule import Finding

EVENT = "data_export_leave"


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
    steps = {one.is_end: one for one in row.steps.all()}
    decision = steps.get(False)
    state = "asked"
    if True in steps:
        state = "ended"
    elif decision is not None:
        by_another = decision.by_id != row.asked_by_id
        state = "approved" if decision.is_approved and by_another else "refused"
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
        decided_by=decision.by_id if decision else 0,
    )


def ask(permit: Permit, asking: Asking) -> int:
    """求める: leave for files of a kind; gives its number. Raises Refused."""
    demand_work(permit, "data_export_ask")
    with _step(permit, "asked") as done:
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
    with _step(permit, what, request_no) as done:
        if done:
            return
        row = held(request_no)
        refuse([hindered(permit, leave_of(row))])
        DataExportStep.objects.create(
            request=row, is_end=False, is_approved=is_approved, by_id=who(permit).operator_id
        )
        _trail(permit, row, what)


def end(permit: Permit, request_no: int) -> None:
    """取り下げる・終える: by who asks for them or approves them. Raises Refused."""
    demand_work(permit, "data_export_ask", "data_export_approve")
    with _step(permit, "ended", request_no) as done:
        if done:
            return
        row = held(request_no)
        refuse([export_leaves.may_end(leave_of(row), on=permit.on)])
        DataExportStep.objects.create(request=row, is_end=True, by_id=who(permit).operator_id)
        _trail(permit, row, "ended")


def who(permit: Permit) -> Actor:
    """Who takes the step: a person, never a job."""
    assert permit.actor is not None, "an export is asked for, decided and made by persons"
    return permit.actor


def held(request_no: int) -> DataExportRequest:
    """The request with that number, with its steps and what was made; raises NotThere."""
    found = DataExportRequest.objects.filter(pk=request_no)
    row = found.prefetch_related("steps", "made").first()
    if row is None:
        raise NotThere(request_no)
    return row


@contextmanager
def _step(permit: Permit, what: str, request_no: int = 0) -> Iterator[int]:
    """One step; gives the request that this very request took it of already, else 0."""
    said: dict[str, int | str] = {"leave": request_no} if request_no else {}
    with once(
        permit,
        EVENT,
        {"what": what, **said},
        alone_with=f"data export {request_no}",
        refused="data_export_refused",
        door=f"data_exports.{what}",
        leave=request_no,
    ) as told:
        yield int(Trail.objects.get(pk=told).detail["leave"]) if told else 0


def _trail(permit: Permit, row: DataExportRequest, what: str) -> None:
    detail: dict[str, int | str] = {
        "leave": row.pk,
        "kind": row.kind,
        "what": what,
        "since": row.from_on.isoformat(),
        "until": row.until_on.isoformat(),
        "rows": row.rows_most,
    }
    look(permit, EVENT, f"data_exports.{what}", detail=detail)
