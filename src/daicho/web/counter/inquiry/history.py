"""履歴の画面 (2.2.1): the versions of one residence, with what each change made different."""

from itertools import pairwise
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render

from daicho.access.acting import Actor
from daicho.register import queries
from daicho.register.queries import HistoryRow
from daicho.terms.changes.reasons import BASES, REASONS
from daicho.terms.dates import wareki
from daicho.web.asking import Request
from daicho.web.counter.inquiry import showing
from daicho.web.counter.inquiry.person import frame, residences
from daicho.web.counter.inquiry.work import work_for
from daicho.web.required import at_terminal, methods


@methods("GET")
@at_terminal
def history(
    request: Request, actor: Actor, work: str, record_id: UUID, residence_no: int | None = None
) -> HttpResponse:
    """異動履歴: the newest first; other residences are links, never rows of this one."""
    its = work_for(actor, work, "history")
    found = queries.history(its.permit, record_id, residence_no)
    if found.person is None or not found.rows:
        raise Http404
    hidden = found.person.hidden
    steps = [
        _step(after, showing.changed(before.version.record, after.version.record, hidden))
        for before, after in pairwise(found.rows)
    ]
    first = _step(found.rows[0], [])
    context = {
        **frame(its, found.person.record, found.person.marks, "history"),
        "residence_no": found.rows[0].version.residence_no,
        "residences": residences(found.person),
        "steps": [*reversed(steps)],
        "first": first,
        "first_groups": showing.only_values(showing.groups(found.rows[0].version.record, hidden)),
    }
    return render(request, "counter/inquiry/history.html", context)


def _step(row: HistoryRow, changes: list[tuple[str, str, str]]) -> dict[str, Any]:
    return {
        "history_no": row.history_no,
        "reason": REASONS[row.reason].text,
        "basis": BASES.get(row.basis, row.basis),
        "occurred": row.occurred_on.in_wareki() if row.occurred_on else showing.BLANK,
        "received": wareki(row.received_on) if row.received_on else showing.BLANK,
        "processed": wareki(row.processed_on),
        "remark": row.version.history_remark,
        "note": row.version.note,
        "changes": changes,
    }
