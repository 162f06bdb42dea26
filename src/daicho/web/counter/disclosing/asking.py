"""開示請求を受け付ける画面: under its 受付, from the person's page."""

from collections.abc import Sequence
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from daicho.access.acting import Actor
from daicho.access.disclosure_requests import asking
from daicho.access.disclosure_requests.asking import WORK, Asked
from daicho.access.refusals import Refused
from daicho.law.disclosure_requests import kinds
from daicho.law.rule import Finding
from daicho.register import queries
from daicho.register.queries import Person
from daicho.register.receiving import receptions, taking
from daicho.register.receiving.reception import Reception
from daicho.web.asking import Request
from daicho.web.counter.disclosing.forms import AskForm
from daicho.web.counter.disclosing.pages import is_marked
from daicho.web.counter.inquiry.person import frame
from daicho.web.counter.inquiry.work import Work, work_for
from daicho.web.required import at_terminal, methods


@methods("GET", "POST")
@at_terminal
def ask(request: Request, actor: Actor, reception_id: UUID, record_id: UUID) -> HttpResponse:
    """開示請求: what the visitor asks to be disclosed of this person's data."""
    its = work_for(actor, str(reception_id), WORK)
    person = queries.person(its.permit, record_id)
    if its.reception is None or person is None:
        raise Http404
    if request.method != "POST":
        return _page(request, its, its.reception, person, AskForm(its.permit.on, None))
    form = AskForm(its.permit.on, request.POST)
    if not form.is_valid():
        return _page(request, its, its.reception, person, form, status=422)
    came = receptions.with_visitor(its.permit, its.reception)
    asked = _asked(form, came, record_id)
    try:
        disclosure_id = asking.ask(its.permit, asked)
    except Refused as refused:
        return _page(request, its, its.reception, person, form, refused.findings, status=422)
    taking.end(its.permit, reception_id, "accepted")
    return redirect(f"{reverse('counter:disclosure', args=[disclosure_id])}?told=recorded")


def _asked(form: AskForm, came: Reception, record_id: UUID) -> Asked:
    """What was typed, of whom it was said who came; days that the kind has not say nothing."""
    typed = form.cleaned_data
    kind = kinds.kind(typed["kind"], form.on)
    has_days = kind is None or kind.asks_period
    return Asked(
        reception_id=came.reception_id,
        record_id=record_id,
        kind=typed["kind"],
        received_on=came.received_on,
        capacity=came.capacity,
        requester_name=came.visitor_name,
        requester_address=came.visitor_address,
        principal_name=came.principal_name,
        since_on=typed["since_on"] if has_days else None,
        until_on=typed["until_on"] if has_days else None,
    )


def _page(
    request: Request,
    work: Work,
    reception: Reception,
    person: Person,
    form: AskForm,
    findings: Sequence[Finding] = (),
    status: int = 200,
) -> HttpResponse:
    alert = kinds.endangers(
        reception.capacity,
        is_marked(work.permit, reception.capacity, person),
        on=work.permit.on,
    )
    context = {
        **frame(work, person.record, person.marks, "disclosure"),
        "form": form if findings else form.ready(),
        "alert": alert,
        "kinds": kinds.kinds(work.permit.on),
        "findings": [
            (one, form[one.on_item].id_for_label if one.on_item in form.fields else "")
            for one in findings
        ],
    }
    return render(request, "counter/disclosing/ask.html", context, status=status)
