"""開示請求の画面: what waits with its days, and one request with its steps."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from daicho.access.acting import Actor
from daicho.access.disclosure_requests import queries
from daicho.access.disclosure_requests.queries import Line, Shown
from daicho.access.permits import Permit
from daicho.law.disclosure_requests import deciding, grounds, kinds, requesters
from daicho.law.disclosure_requests.deciding import STATES
from daicho.law.rule import Finding
from daicho.register import queries as register
from daicho.register import visibility
from daicho.register.queries import Person
from daicho.web.asking import Request
from daicho.web.console.acts import held, permit_among
from daicho.web.console.fields import ActForm
from daicho.web.counter.disclosing.forms import DecideForm, ExtendForm, MendingForm
from daicho.web.counter.disclosing.sheet import sheet
from daicho.web.counter.inquiry.hits import marks_of
from daicho.web.counter.own_log.showing import is_named
from daicho.web.required import at_terminal, methods

REQUEST, DECISION = "disclosure.request", "disclosure.decision"
LOOKS = (DECISION, REQUEST)
STEPS = {
    "mending_asked": "補正を求めた",
    "mended": "補正を受け取った",
    "extended": "期限を延長した",
    "decided": "決定した",
    "given": "通知書を印刷し、開示した",
    "withdrawn": "取り下げられた",
}
"""歩みの名: by code, as the page tells them."""


@methods("GET")
@at_terminal
def listing(request: Request, actor: Actor) -> HttpResponse:
    """開示請求の一覧: what waits, with the days that are left; ?closed those that are over."""
    permit = permit_among(actor, LOOKS)
    closed = "closed" in request.GET
    lines = queries.closed_ones(permit) if closed else queries.open_ones(permit)
    context = {"lines": [(one, _days(one, permit.on)) for one in lines], "closed": closed}
    return render(request, "counter/disclosing/listing.html", context)


def _days(one: Line, on: date) -> str:
    """残りの日数: in words, for no colour alone tells it."""
    if not one.is_undecided:
        return ""
    if one.clock.is_overdue:
        return f"期限を{-one.clock.days_left}日過ぎています"
    if one.mended_by is not None and one.mended_by < on:
        return f"補正の期限を過ぎています(あと{one.clock.days_left}日のまま進みません)"
    if one.clock.stands_still:
        return f"あと{one.clock.days_left}日(補正を待つ間は進みません)"
    return f"あと{one.clock.days_left}日"


@methods("GET")
@at_terminal
def disclosure(request: Request, actor: Actor, disclosure_id: int) -> HttpResponse:
    """一つの開示請求: how it stands, and what this person may do with it."""
    return page(request, actor, disclosure_id)


def found(permit: Permit, disclosure_id: int) -> tuple[Shown, Person]:
    """The request and the person whose data it is about; 404 where it is not in reach."""
    shown = queries.one(permit, disclosure_id)
    person = register.person(permit, shown.record_id) if shown else None
    if shown is None or person is None:
        raise Http404
    return shown, person


def is_marked(permit: Permit, capacity: str, person: Person) -> bool:
    """支援措置・抑止: of the person or, where another asks, of anybody who lives there too."""
    if person.marks.any:
        return True
    its = requesters.requester(capacity, permit.on)
    others = its is None or its.may_endanger
    return others and visibility.lives_with_marked(permit, person.record.record_id)


def page(
    request: Request,
    actor: Actor,
    disclosure_id: int,
    findings: Sequence[Finding] = (),
    forms: dict[str, ActForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a request, also with what the law said against a step."""
    permit = permit_among(actor, LOOKS)
    shown, person = found(permit, disclosure_id)
    own = held(actor)
    marked = is_marked(permit, shown.capacity, person)
    upset = _upset(permit, shown, person, marked=marked) if DECISION in own else None
    decides = DECISION in own and (shown.line.is_undecided or upset is not None)
    drawn = {**_forms(permit), **(forms or {})}
    context: dict[str, Any] = {
        "shown": shown,
        "days": _days(shown.line, permit.on),
        "state": STATES[shown.line.state],
        "name": person.record.name.joined or "氏名なし",
        "marks": marks_of(person.marks),
        "alert": kinds.endangers(shown.capacity, marked, on=permit.on),
        "other_name": kinds.named(
            is_named(shown.principal_name or shown.requester_name, person.record), on=permit.on
        ),
        "upset": upset,
        "steps": [(STEPS[one.what], one) for one in shown.steps],
        "decision": shown.decision and _decision(shown),
        "sheet": sheet(permit, shown, person) if decides else None,
        "findings": [(one, _field_id(drawn, one)) for one in findings],
        "forms": drawn,
        "wrong_forms": [one for one in drawn.values() if one.errors],
        "left_out": drawn["decide"]["left_out"].value() or (),
        "decides": decides,
        "handles": REQUEST in own and shown.line.is_undecided,
        "waits_for_mending": shown.line.state == "mending",
        "may_give": REQUEST in own and shown.line.state in ("decided", "given"),
    }
    return render(request, "counter/disclosing/disclosure.html", context, status=status)


def _upset(permit: Permit, shown: Shown, person: Person, *, marked: bool) -> Finding | None:
    """Why what was decided has to be decided again, before anything is given."""
    its = shown.decision
    if its is None or shown.line.state != "decided":
        return None
    shows = its.outcome in grounds.SHOWS
    held_back = shows and sheet(permit, shown, person, its.at).is_held_back
    return deciding.changed_since(its.outcome, held_back, marked, its.is_confirmed, on=permit.on)


def _forms(permit: Permit) -> dict[str, ActForm]:
    on = permit.on
    return {
        "mending": MendingForm(on, None),
        "extend": ExtendForm(on, None),
        "decide": DecideForm(on, None),
    }


def _decision(shown: Shown) -> dict[str, Any]:
    its = shown.decision
    assert its is not None, "asked before"
    chosen = [one for one in grounds.grounds(its.decided_on) if one.code in its.grounds]
    return {"name": grounds.OUTCOMES[its.outcome], "grounds": chosen, "its": its}


def _field_id(forms: dict[str, ActForm], finding: Finding) -> str:
    """Where the finding is about a field of the form that was sent, its place on the page."""
    for form in forms.values():
        if form.is_bound and finding.on_item in form.fields:
            return str(form[finding.on_item].id_for_label)
    return ""
