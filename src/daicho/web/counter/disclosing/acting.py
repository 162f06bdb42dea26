"""開示請求の一歩の画面: 補正, 延長, 取下げ, 決定; and the notice that is printed and handed out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from daicho.access import clock, permits
from daicho.access.acting import Actor
from daicho.access.disclosure_requests import asking, deciding
from daicho.access.disclosure_requests.deciding import Decision
from daicho.access.people.registering import NotThere
from daicho.access.permits import Permit
from daicho.access.refusals import Refused
from daicho.certificates import notices
from daicho.law.disclosure_requests import deciding as law
from daicho.law.disclosure_requests.grounds import SHOWS
from daicho.web.asking import Request
from daicho.web.console.fields import ActForm
from daicho.web.counter.certifying.printing import POLICY
from daicho.web.counter.disclosing.forms import DecideForm, ExtendForm, MendingForm
from daicho.web.counter.disclosing.letter import letter
from daicho.web.counter.disclosing.pages import DECISION, REQUEST, found, is_marked, page
from daicho.web.counter.disclosing.sheet import sheet
from daicho.web.required import at_terminal, methods


@dataclass(frozen=True)
class Step:
    """一歩: for which purpose, with which form, and what is done with what was typed."""

    purpose: str
    do: Callable[[Permit, int, Mapping[str, Any]], None]
    form: Callable[..., ActForm] = lambda _on, typed: ActForm(typed)


def _decide(permit: Permit, disclosure_id: int, typed: Mapping[str, Any]) -> None:
    shown, person = found(permit, disclosure_id)
    left_out = tuple(typed["left_out"])
    held_back = False
    if shown.since_on is None:  # of the log of uses it is looked for in the step itself
        whole = sheet(permit, shown, person)
        left_out = tuple(key for key, _ in whole.rows if key in left_out)
        held_back = whole.is_held_back
    decision = Decision(
        outcome=typed["outcome"],
        grounds=tuple(typed["grounds"]),
        left_out=left_out,
        reason=typed["reason"],
        is_marked=is_marked(permit, shown.capacity, person),
        is_confirmed=typed["confirmed"],
        held_back=held_back,
    )
    deciding.decide(permit, disclosure_id, decision)


_STEPS: Mapping[str, Step] = {
    "mending": Step(
        REQUEST,
        lambda permit, it, typed: asking.ask_mending(
            permit, it, typed["until_on"], typed["reason"]
        ),
        MendingForm,
    ),
    "mended": Step(REQUEST, lambda permit, it, _: asking.mend(permit, it)),
    "extend": Step(
        REQUEST,
        lambda permit, it, typed: asking.extend(permit, it, typed["days"], typed["reason"]),
        ExtendForm,
    ),
    "withdraw": Step(REQUEST, lambda permit, it, _: asking.withdraw(permit, it)),
    "decide": Step(DECISION, _decide, DecideForm),
}
"""一歩の一覧: by the last part of the address."""


@methods("POST")
@at_terminal
def act(request: Request, actor: Actor, disclosure_id: int, slug: str) -> HttpResponse:
    """一歩を進める: once by one form, or what the law says against it."""
    step = _STEPS.get(slug)
    if step is None:
        raise Http404
    permit = permits.permit(actor, step.purpose, clock.today())
    form = step.form(permit.on, QueryDict(request.POST.urlencode()))
    if not form.is_valid():
        return page(request, actor, disclosure_id, forms={slug: form}, status=422)
    try:
        step.do(permit, disclosure_id, form.cleaned_data)
    except NotThere:
        raise Http404 from None
    except Refused as refused:
        sent = {slug: form}
        return page(request, actor, disclosure_id, refused.findings, sent, status=422)
    return redirect(f"{reverse('counter:disclosure', args=[disclosure_id])}?told=recorded")


@methods("POST")
@at_terminal
def give(request: Request, actor: Actor, disclosure_id: int) -> HttpResponse:
    """通知書を印刷する: the answer is the PDF itself, recorded before it leaves."""
    permit = permits.permit(actor, REQUEST, clock.today())
    try:
        pdf = _given(permit, disclosure_id)
    except Refused as refused:
        return page(request, actor, disclosure_id, refused.findings, status=422)
    name = f'inline; filename="DAICHO-disclosure-{disclosure_id}.pdf"'
    headers = {"Content-Disposition": name, "Content-Security-Policy": POLICY}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _given(permit: Permit, disclosure_id: int) -> bytes:
    """The letter, set before it is recorded: the record says how many pages it has."""
    shown, person = found(permit, disclosure_id)
    its = shown.decision
    if its is None:
        deciding.give(permit, disclosure_id, 0, 0, held_back=False, is_marked=False)  # says why not
        raise Http404
    whole = sheet(permit, shown, person, its.at) if its.outcome in SHOWS else None
    content = whole.without(its.left_out) if whole else None
    notice = letter(shown, person, content, permit.on)
    if not_printable := law.printable(notices.is_printable(notice), on=permit.on):
        raise Refused([not_printable])
    pdf, pages = notices.printed(notice, permit.on)
    held_back = content is not None and content.is_held_back
    marked = is_marked(permit, shown.capacity, person)
    deciding.give(permit, disclosure_id, its.step_id, pages, held_back=held_back, is_marked=marked)
    return pdf
