"""交付の結果: what was issued under a 受付, its 書損 and next copies; and a person's 交付履歴."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from daicho.access.acting import Actor
from daicho.certificates import queries
from daicho.certificates.issuing import spoil as spoil_issue
from daicho.certificates.queries import SPOILED, IssueView
from daicho.law import receptions as receptions_law
from daicho.register.receiving import receptions
from daicho.web.asking import Request
from daicho.web.counter.certifying.desk import desk_at, work_on_issued
from daicho.web.counter.certifying.form import MOVED_OUT, REISSUE, carried_of
from daicho.web.counter.inquiry.work import work_for
from daicho.web.required import at_terminal, methods


@methods("GET")
@at_terminal
def issued(request: Request, actor: Actor, reception_id: UUID, record_id: UUID) -> HttpResponse:
    """交付の結果: the issues of this 受付, the newest first, and what is still to be printed.

    When the day of the 受付 is over no record is opened under it and nothing is issued: a paper
    that is found bad then is 書損 all the same.
    """
    work, reception = work_on_issued(actor, reception_id)
    over = receptions_law.still_open(
        reception.taken_on, reception.is_answered, reception.is_ended, on=work.permit.on
    )
    desk = None if over else desk_at(actor, reception_id, record_id)
    found = queries.issues_under(work.permit, reception_id)
    context = {
        "work": work,
        "desk": desk,
        "reception": reception,
        "record_id": record_id,
        "name": (desk.person.record.name.joined or "氏名なし") if desk else "",
        "issues": found,
        "next": _next(found, record_id) if desk else None,
        "posted": any(one.posted_to_principal and not one.spoiled for one in found),
        "reasons": SPOILED.items(),
    }
    return render(request, "counter/certifying/issued.html", context)


def _next(found: tuple[IssueView, ...], record_id: UUID) -> dict[str, Any] | None:
    """The copy that comes next: in the place of a spoiled one, or one more of those asked for."""
    if not found or (found[0].form == "individual_copy" and record_id not in found[0].record_ids):
        return None
    last = found[0]
    alike = [one for one in found if _what(one) == _what(last)]
    good = {one.copy_no for one in alike if not one.spoiled}
    missing = [number for number in range(1, last.copy_count + 1) if number not in good]
    if not missing:
        return None
    copy_no = missing[0]
    spoiled = next((one for one in alike if one.spoiled and one.copy_no == copy_no), None)
    said = last.decision
    reissue = REISSUE if last.is_reissue else MOVED_OUT
    return {
        "copy_no": copy_no,
        "copy_count": last.copy_count,
        "form_name": last.form_name,
        "is_again": spoiled is not None,
        "carried": carried_of(
            reissue if last.form == MOVED_OUT else last.form,
            persons=list(last.record_ids),
            asked=said["asked"],
            with_history="on" if said["with_history"] else "",
            special_history=said["special_history"],
            copy_count=last.copy_count,
            copy_no=copy_no,
            replaces=spoiled.issue_id if spoiled else "",
            accept=said["findings"],
        ),
    }


def _what(one: IssueView) -> tuple[object, ...]:
    """What an issue was of: two copies of one request say the same here."""
    said = one.decision
    chosen = (tuple(said["asked"]), said["with_history"], said["special_history"])
    return (one.form, one.is_reissue, one.record_ids, *chosen)


@methods("POST")
@at_terminal
def spoil(
    request: Request, actor: Actor, reception_id: UUID, record_id: UUID, issue_id: UUID
) -> HttpResponse:
    """書損とする: the paper was not handed out, or was found bad, be it on another day."""
    work, _ = work_on_issued(actor, reception_id)
    reason = request.POST.get("reason", "")
    if reason not in SPOILED or not spoil_issue(work.permit, reception_id, issue_id, reason):
        raise Http404
    return redirect(reverse("counter:issued", args=[reception_id, record_id]))


@methods("GET")
@at_terminal
def history(request: Request, actor: Actor, reception_id: UUID, record_id: UUID) -> HttpResponse:
    """交付履歴照会 (2.2.2): every certificate on which this person stood."""
    work = work_for(actor, str(reception_id), "issue_history")
    found = queries.issues_of(work.permit, record_id)
    names = receptions.names_of(one.operator_id for one in found)
    context = {
        "work": work,
        "record_id": record_id,
        "rows": [(one, names.get(one.operator_id, "")) for one in found],
        "office": actor.office,
    }
    return render(request, "counter/certifying/history.html", context)
