"""受付の画面: receiving, the reception itself with its ending, and the drafts of the office."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from daicho.access import clock, permits
from daicho.access.acting import Actor
from daicho.access.permits import Permit
from daicho.access.refusals import Refused
from daicho.law import disclosure
from daicho.law import receptions as law
from daicho.law.receptions import Basis, Work, papers
from daicho.law.receptions.numbers_in_text import holds_number
from daicho.law.rule import Finding
from daicho.register.receiving import drafts, receptions, taking
from daicho.register.receiving.receptions import Latest, Numbered, Reception
from daicho.terms.changes.reasons import BASES
from daicho.terms.dates import wareki
from daicho.web.asking import Request
from daicho.web.counter.changing.fields import TextField
from daicho.web.counter.inquiry.work import OPENS_BLANK
from daicho.web.counter.receiving.form import ReceptionForm, Wrong
from daicho.web.required import at_terminal, methods


@methods("GET", "POST")
@at_terminal
def receive(request: Request, actor: Actor, work: str) -> HttpResponse:
    """受付: for one work on one basis; recorded it leads on to the search or to the blank form."""
    on = clock.today()
    its = law.works.work(work, on)
    bases = law.works.bases(work, on)
    asked = request.POST if request.method == "POST" else request.GET
    code = asked.get("basis", bases[0].code if bases else "")
    basis = next((one for one in bases if one.code == code), None)
    if its is None or basis is None:
        raise Http404
    permit = permits.permit(actor, basis.purpose, on)
    if "switch_to" in request.POST:
        return _switched(request, actor, its)
    if request.method == "POST":
        return _received(request, permit, its, basis)
    before = _before(actor, request.GET.get("after", ""))
    form = ReceptionForm(basis, on, before=before)
    return _page(request, actor, its, form, before=before)


def _switched(request: Request, actor: Actor, work: Work) -> HttpResponse:
    """Another basis with all that was typed: nothing is judged, nothing recorded."""
    on = clock.today()
    wanted = request.POST["switch_to"]
    basis = next((one for one in law.works.bases(work.code, on) if one.code == wanted), None)
    if basis is None:
        raise Http404
    permits.permit(actor, basis.purpose, on)
    form = ReceptionForm(basis, on, typed=request.POST)
    return _page(request, actor, work, form, before=_own(actor, request.POST.get("previous", "")))


def _received(request: Request, permit: Permit, work: Work, basis: Basis) -> HttpResponse:
    assert permit.actor is not None, "a screen has an actor"
    actor = permit.actor
    form = ReceptionForm(basis, permit.on, request.POST)
    before = _own(actor, request.POST.get("previous", ""))
    accepted = request.POST.getlist("accept")
    if not form.is_valid():
        return _page(request, actor, work, form, before=before, status=422)
    said = form.said(accepted, before.reception_id if before else None)
    try:
        found = taking.receive(permit, said)
    except Refused as refused:
        return _page(request, actor, work, form, refused.findings, before=before, status=422)
    except taking.Unconfirmed:
        asked = law.judge(said, permit.on)
        return _page(request, actor, work, form, asked, before=before, status=422)
    return redirect(_onward(found))


def _onward(found: Reception) -> str:
    if found.work in OPENS_BLANK:
        return reverse("counter:change", args=[found.reception_id])
    return reverse("counter:search", args=[str(found.reception_id)])


def _page(
    request: Request,
    actor: Actor,
    work: Work,
    form: ReceptionForm,
    findings: Sequence[Finding] = (),
    *,
    before: Reception | Numbered | None = None,
    status: int = 200,
) -> HttpResponse:
    refusals = [one for one in findings if one.refuses]
    alerts = [] if refusals else [one for one in findings if not one.refuses]
    accepted = request.POST.getlist("accept") if request.method == "POST" else []
    context = {
        "its": work,
        "basis": form.basis,
        "bases": law.works.bases(work.code, form.on),
        "form": form,
        "wrong": list(form.wrong(refusals)),
        "findings": [one for one in refusals if one.on_item not in form.fields],
        "alerts": [(one, one.code in accepted) for one in alerts],
        "before": before,
        "latest": _latest(actor, form.basis) if before is None else None,
    }
    return render(request, "counter/receiving/receive.html", context, status=status)


_VISITED = ("notifier", "applicant", "requester", "data_subject")


def _latest(actor: Actor, basis: Basis) -> Latest | None:
    """Whose next work this may be; asked for where a visitor stands there."""
    return receptions.latest_of(_of_the_office(actor)) if basis.party in _VISITED else None


def _before(actor: Actor, asked: str) -> Reception | None:
    """The reception whose visitor is taken over: of the own office on the same day; a look."""
    if _own(actor, asked) is None:
        return None
    return receptions.shown(_of_the_office(actor), UUID(asked))


def _own(actor: Actor, asked: str) -> Numbered | None:
    try:
        return receptions.of_that_day(actor, UUID(asked), clock.today())
    except ValueError:
        return None


def _of_the_office(actor: Actor) -> Permit:
    return permits.permit(actor, "reception.day", clock.today())


class EndForm(forms.Form):
    """受付の終了: why it ends without what it asked for."""

    reason = TextField("理由", length=400)

    def clean_reason(self) -> str:
        reason = str(self.cleaned_data["reason"])
        if not reason.strip():
            raise forms.ValidationError("取下げや不受理の理由を入力してください。")
        if holds_number([reason]):
            raise forms.ValidationError("個人番号と思われる12桁の数字を消してください。")
        return reason


@methods("GET", "POST")
@at_terminal
def reception(request: Request, actor: Actor, reception_id: UUID) -> HttpResponse:
    """受付の記録: what was said and shown, and the ways on; sent, it ends."""
    found = receptions.shown(_of_the_office(actor), reception_id)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _shown(request, found, EndForm(label_suffix=""))
    form = EndForm(request.POST, label_suffix="")
    how = request.POST.get("how", "")
    if how not in ("withdrawn", "declined"):
        raise Http404
    if not form.is_valid():
        return _shown(request, found, form, status=422)
    permit = permits.permit(actor, found.purpose, clock.today())
    taking.end(permit, reception_id, how, form.cleaned_data["reason"])
    return redirect("counter:reception", reception_id=reception_id)


def _shown(request: Request, found: Reception, form: EndForm, status: int = 200) -> HttpResponse:
    on = clock.today()
    context = {
        "reception": found,
        "basis": BASES[found.basis],
        "facts": _facts(found),
        "operator_name": receptions.names_of([found.operator_id]).get(found.operator_id, ""),
        "is_open": law.still_open(found.taken_on, found.is_answered, found.is_ended, on=on) is None,
        "may_end": found.state in ("open", "draft"),
        "opens_blank": found.work in OPENS_BLANK,
        "taken_on": wareki(found.taken_on),
        "works": _next_works(found),
        "form": form,
        "wrong": [Wrong("id_reason", "理由", str(one)) for one in form.errors.get("reason", ())],
    }
    return render(request, "counter/receiving/reception.html", context, status=status)


def _next_works(found: Reception) -> list[Work]:
    """For what else the same visitor may be received on the same day."""
    on = clock.today()
    if not found.visitor_name or found.taken_on != on:
        return []
    return [
        one
        for one in law.works.works(on)
        if any(basis.party in _VISITED for basis in law.works.bases(one.code, on))
    ]


def _facts(found: Reception) -> list[tuple[str, str]]:
    """What was said, each with its name; what was not said is left out."""
    on = found.taken_on
    identity = {one.code: one.name for one in papers.identity_documents(on)}
    authority: dict[str, str] = {}
    for serves in ("notification", "request"):
        authority |= {one.code: one.name for one in papers.authority_documents(serves, on)}
    items = disclosure.item_names(on)
    is_official = found.basis == "ex_officio"
    facts: dict[str, Any] = {
        "資格": found.capacity_name,
        "来庁した人": found.visitor_name,
        "住所": found.visitor_address,
        "電話番号": found.visitor_phone,
        "本人確認": "、".join(identity.get(one, one) for one in found.identity),
        "依頼した人・本人": found.principal_name,
        "権限の確認": "、".join(authority.get(one, one) for one in found.authority),
        "通知をした者・機関": found.sender,
        "番号": found.reference,
        "職権による理由" if is_official else "利用の目的": found.reason,
        "特に記載を求める事項": "、".join(items.get(one, one) for one in found.asked),
        "部数": found.copy_count and f"{found.copy_count}部",
        "交付の方法": "番号を記載した写しは本人に送付" if found.post_to_principal else "",
        "届出等の日": "" if is_official else wareki(found.received_on),
        "終了の理由": found.ended_because,
    }
    return [(name, str(text)) for name, text in facts.items() if text]


@methods("GET")
@at_terminal
def pending(request: Request, actor: Actor) -> HttpResponse:
    """仮登録の一覧 (4.0.8): those of the own office; who opens one looks under its own 受付."""
    rows = drafts.of_office(_of_the_office(actor))
    return render(request, "counter/receiving/drafts.html", {"rows": rows})
