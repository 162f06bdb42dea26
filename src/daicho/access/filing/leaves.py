"""作成の許可の一歩: asked for, decided, ended; each once, trailed, or refused."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from daicho.access.acting import roles_of
from daicho.access.filing.steps import Way, state_of, who
from daicho.access.models import FilePermit, FilePermitStep, Trail
from daicho.access.people.registering import NotThere, refuse
from daicho.access.permits import Permit, demand_work
from daicho.law.filing import number_files
from daicho.law.filing.number_files import Leave
from daicho.law.rule import Finding

MADE = "number_file_made"
_WAY = Way("number_file_permit", "number_file_refused", "filing", "file permit")


def leave_of(row: FilePermit) -> Leave:
    """What the law judges a permit by."""
    state, _ = state_of(row.steps.all(), row.asked_by_id)
    return Leave(row.file, row.asked_by_id, state, row.from_on, row.until_on, row.rows_most)


def _used(row: FilePermit) -> int:
    """So many persons were put into files under a permit already, by the trail."""
    made = Trail.objects.filter(event=MADE, detail__leave=row.pk).values_list("detail", flat=True)
    return sum(int(one["rows"]) for one in made)


def ask(permit: Permit, file: str, from_on: date, until_on: date, rows_most: int) -> int:
    """求める: leave to make a file; gives its number. Raises Refused."""
    demand_work(permit, "number_file_ask")
    with _WAY.step(permit, "asked") as done:
        if done:
            return done
        refuse(number_files.may_ask(file, from_on, until_on, rows_most, on=permit.on))
        row = FilePermit.objects.create(
            file=file,
            asked_by_id=who(permit).operator_id,
            from_on=from_on,
            until_on=until_on,
            rows_most=rows_most,
        )
        _trail(permit, row, "asked")
    return row.pk


def hindered(permit: Permit, leave: Leave) -> Finding | None:
    """What keeps this person from deciding on it now."""
    decider = who(permit).operator_id
    borne = roles_of(decider, permit.on)
    return number_files.may_decide(leave, decider, borne, on=permit.on)


def decide(permit: Permit, permit_id: int, *, is_approved: bool) -> None:
    """許可・不許可: once, by another person. Raises Refused."""
    demand_work(permit, "number_file_approve")
    what = "approved" if is_approved else "refused"
    with _WAY.step(permit, what, permit_id) as done:
        if done:
            return
        row = _held(permit_id)
        refuse([hindered(permit, leave_of(row))])
        FilePermitStep.objects.create(
            permit=row, is_end=False, is_approved=is_approved, by_id=who(permit).operator_id
        )
        _trail(permit, row, what)


def end(permit: Permit, permit_id: int) -> None:
    """取り下げる・終える: by who works with them or approves them. Raises Refused."""
    demand_work(permit, "number_file_ask", "number_file_approve")
    with _WAY.step(permit, "ended", permit_id) as done:
        if done:
            return
        row = _held(permit_id)
        refuse([number_files.may_end(leave_of(row), on=permit.on)])
        FilePermitStep.objects.create(permit=row, is_end=True, by_id=who(permit).operator_id)
        _trail(permit, row, "ended")


def _held(permit_id: int) -> FilePermit:
    row = FilePermit.objects.filter(pk=permit_id).prefetch_related("steps").first()
    if row is None:
        raise NotThere(permit_id)
    return row


def _trail(permit: Permit, row: FilePermit, what: str) -> None:
    detail: dict[str, int | str] = {
        "leave": row.pk,
        "file": row.file,
        "since": row.from_on.isoformat(),
        "until": row.until_on.isoformat(),
        "rows": row.rows_most,
    }
    _WAY.trail(permit, what, detail)


def in_force(file: str, on: date) -> Sequence[tuple[int, Leave]]:
    """許可: those of a file that are in force on a day, each with its number and with what was made
    under it, the widest first."""
    rows = FilePermit.objects.filter(file=file, from_on__lte=on, until_on__gte=on)
    held = [(row, leave_of(row)) for row in rows.prefetch_related("steps")]
    found = [
        (row.pk, replace(leave, rows_made=_used(row))) for row, leave in held if leave.in_force(on)
    ]
    return sorted(found, key=lambda one: -one[1].rows_left)
