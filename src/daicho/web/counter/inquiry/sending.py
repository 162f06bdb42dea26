"""通知の送信の状況: how far each notice about a person has come; held and let go from here."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from daicho.access.acting import Actor
from daicho.access.refusals import Refused
from daicho.law.network.mending import HOLDS
from daicho.law.rule import Finding
from daicho.network import queries as sent
from daicho.network.mending import holds
from daicho.network.queries import Progress
from daicho.register import queries
from daicho.register.queries import Person
from daicho.terms.changes.reasons import REASONS
from daicho.web.asking import Request
from daicho.web.counter.inquiry.work import Work, work_for
from daicho.web.messages import MESSAGES
from daicho.web.required import at_terminal, methods

FUNCTION = "message_holds"
_STATES: Mapping[str, str] = {
    sent.UNSENT: "送信待ち(この版では送りません。書面などで知らせてください)",
    sent.WAITS: "送信待ち",
    sent.HELD: "保留",
    sent.SENT: "送信済",
    sent.RECEIPTED: "県受領",
    sent.AT_CENTRE: "国受領",
    sent.WRONG: "誤り",
    sent.ANSWER_STANDS: "回答を記載できません",
}


class HoldForm(forms.Form):
    """保留の入力: why."""

    use_required_attribute = False
    reason = forms.ChoiceField(
        label="理由",
        choices=[("", "選んでください")]
        + [(one.code, one.name) for one in HOLDS.values() if one.by_hand],
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "保留の理由を選んでください。"
        ),
    )


def shown(work: Work, found: Person) -> dict[str, Any]:
    """送信の状況: of the person of a page; of who is withheld there is nothing."""
    record_id, tells = found.record.record_id, found.tells_more
    may_hold = FUNCTION in work.functions and tells
    return {
        "progress": [
            _line(one) for one in sent.progress(work.permit, record_id, withheld=not tells)
        ],
        "may_hold": may_hold,
        "hold": sent.held(work.permit, record_id) if may_hold else None,
    }


def _line(one: Progress) -> tuple[str, str, str, Progress]:
    return MESSAGES.get(one.kind, one.kind), REASONS[one.reason].text, _STATES[one.state], one


@methods("GET", "POST")
@at_terminal
def hold(request: Request, actor: Actor, work: str, record_id: UUID) -> HttpResponse:
    """保留・解除: by what the page offered; pressed twice, nothing is done twice."""
    its = work_for(actor, work, FUNCTION)
    found = queries.person(its.permit, record_id)
    if found is None or not found.tells_more:
        raise Http404
    if request.method != "POST":
        return _page(request, its, found, HoldForm())
    address = f"{reverse('counter:person', args=[work, record_id])}?told=recorded"
    if request.POST.get("do") == "release":
        holds.release(its.permit, record_id)
        return redirect(address)
    form = HoldForm(request.POST)
    if not form.is_valid():
        return _page(request, its, found, form, status=422)
    try:
        holds.hold(its.permit, record_id, form.cleaned_data["reason"])
    except Refused as refused:
        return _page(request, its, found, form, refused.findings, status=422)
    return redirect(address)


def _page(
    request: Request,
    work: Work,
    found: Person,
    form: HoldForm,
    findings: Sequence[Finding] = (),
    status: int = 200,
) -> HttpResponse:
    form.fields["reason"].widget.attrs["autofocus"] = not form.errors and not findings
    context = {
        "work": work,
        "name": found.record.name.joined or "氏名なし",
        "record_id": found.record.record_id,
        "form": form,
        "findings": findings,
        "hold": sent.held(work.permit, found.record.record_id),
    }
    return render(request, "counter/inquiry/hold.html", context, status=status)
