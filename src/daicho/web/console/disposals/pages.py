"""個人番号の廃棄の画面: the system proposes, another person decides, the work is done, certified.

No page shows a number, nor of whom one was: a line names a record by its id, and why it is due.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from daicho.access import clock, permits
from daicho.access.acting import Actor
from daicho.access.people.registering import NotThere
from daicho.access.permits import Permit
from daicho.access.refusals import Refused
from daicho.law.citation import article
from daicho.law.retention import kinds
from daicho.law.retention.disposing import OUTCOMES, REASONS, STATES
from daicho.law.rule import Finding
from daicho.vault.disposing import carrying_out, deciding, proposing, queries
from daicho.vault.disposing.queries import Shown, Whole
from daicho.vault.disposing.rows import Line
from daicho.web.asking import Request
from daicho.web.console.acts import held, permit_among
from daicho.web.console.disposals.forms import DecisionForm, TakeOffForm
from daicho.web.required import at_terminal, methods

WORK, APPROVE, LOOK = "disposal.work", "disposal.approve", "disposal.look"
LOOKS = (APPROVE, WORK, LOOK)


@methods("GET")
@at_terminal
def listing(request: Request, actor: Actor) -> HttpResponse:
    """廃棄の一覧: every list with its state, the newest first; and what is kept how long."""
    return _listing(request, actor)


@methods("POST")
@at_terminal
def propose(request: Request, actor: Actor) -> HttpResponse:
    """一覧を作る: the system looks for what is due; where nothing is, it says so."""
    permit = permits.permit(actor, WORK, clock.today())
    try:
        list_id = proposing.propose(permit)
    except Refused as refused:
        return _listing(request, actor, refused.findings)
    return _told(list_id)


def _listing(request: Request, actor: Actor, findings: Sequence[Finding] = ()) -> HttpResponse:
    shown = queries.lists(permit_among(actor, LOOKS))
    context = {
        "rows": [(one, STATES[one.listed.state]) for one in shown],
        "may_work": WORK in held(actor),
        "kinds": [one for one in kinds.KINDS if one.until is None],
        "findings": [(one, "") for one in findings],
    }
    return render(request, "console/disposals.html", context, status=422 if findings else 200)


@methods("GET")
@at_terminal
def disposal(request: Request, actor: Actor, list_id: int) -> HttpResponse:
    """一つの一覧: its lines with their reasons, and what this person may do with it."""
    return _page(request, actor, _whole(actor, list_id))


@methods("POST")
@at_terminal
def take_off(request: Request, actor: Actor, list_id: int) -> HttpResponse:
    """行を外す: those that are marked, with one reason."""
    permit = permits.permit(actor, APPROVE, clock.today())
    whole = _whole(actor, list_id)
    form = TakeOffForm(whole.lines, request.POST)
    if not form.is_valid():
        return _page(request, actor, whole, form=form)
    said = form.cleaned_data
    return _stepped(
        request,
        actor,
        list_id,
        lambda: deciding.take_off(permit, list_id, said["line"], said["reason"]),
    )


@methods("POST")
@at_terminal
def decide(request: Request, actor: Actor, list_id: int) -> HttpResponse:
    """承認・不承認: of the list as it was shown, by the button that was pressed."""
    permit = permits.permit(actor, APPROVE, clock.today())
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, _whole(actor, list_id), status=422)
    shown = bytes.fromhex(form.cleaned_data["shown"])
    is_approved = form.cleaned_data["do"] == "approve"
    return _stepped(
        request,
        actor,
        list_id,
        lambda: deciding.decide(permit, list_id, shown, is_approved=is_approved),
    )


@methods("POST")
@at_terminal
def stop(request: Request, actor: Actor, list_id: int) -> HttpResponse:
    """中止: what is approved and not carried out yet keeps its number."""
    permit = permits.permit(actor, APPROVE, clock.today())
    return _stepped(request, actor, list_id, lambda: deciding.stop(permit, list_id))


@methods("POST")
@at_terminal
def carry_out(request: Request, actor: Actor, list_id: int) -> HttpResponse:
    """廃棄する: all that an approved list has left."""
    permit = permits.permit(actor, WORK, clock.today())
    return _stepped(request, actor, list_id, lambda: carrying_out.carry_out(permit, list_id))


@methods("GET")
@at_terminal
def certificate(request: Request, actor: Actor, list_id: int) -> HttpResponse:
    """廃棄証明: what was destroyed and why; it names nobody whose number it was."""
    whole = _whole(actor, list_id)
    if whole.shown.listed.state != "done":
        raise Http404
    try:
        content = queries.certified(permit_among(actor, LOOKS), whole, settings.MUNICIPALITY)
    except Refused as refused:
        return _page(request, actor, whole, refused.findings)
    context = {"shown": whole.shown, "content": content}
    return render(request, "console/disposal_certificate.html", context)


def _stepped(
    request: Request, actor: Actor, list_id: int, step: Callable[[], object]
) -> HttpResponse:
    try:
        step()
    except NotThere:
        raise Http404 from None
    except Refused as refused:
        return _page(request, actor, _whole(actor, list_id), refused.findings)
    return _told(list_id)


def _told(list_id: int) -> HttpResponse:
    return redirect(f"{reverse('console:disposal', args=[list_id])}?told=recorded")


def _whole(actor: Actor, list_id: int) -> Whole:
    found = queries.whole(permit_among(actor, LOOKS), list_id)
    if found is None:
        raise Http404
    return found


def _page(
    request: Request,
    actor: Actor,
    whole: Whole,
    findings: Sequence[Finding] = (),
    form: TakeOffForm | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = whole.shown
    context = {
        "shown": shown,
        "state": STATES[shown.listed.state],
        "lines": [_line(one) for one in whole.lines],
        "digest": whole.digest.hex(),
        "is_altered": whole.is_altered,
        "form": form or TakeOffForm(whole.lines, None),
        "findings": [(one, "") for one in findings],
        **_may(actor, shown),
    }
    wrong = bool(findings) or (form is not None and not form.is_valid())
    return render(request, "console/disposal.html", context, status=422 if wrong else status)


def _line(one: Line) -> dict[str, Any]:
    return {
        "record_id": one.record_id,
        "kind": kinds.NAMES.get(one.kind, one.kind),
        "cited": article(one.article).japanese,
        "due_on": one.due_on,
        "taken_off": REASONS.get(one.taken_off, ""),
        "off_before": REASONS.get(one.off_before, ""),
        "outcome": OUTCOMES[one.outcome],
    }


def _may(actor: Actor, shown: Shown) -> dict[str, bool]:
    """What the law lets this person do with it now."""
    own = held(actor)
    return {
        "may_decide": APPROVE in own and queries.may_decide(_permit(actor, APPROVE), shown.listed),
        "may_stop": APPROVE in own and queries.may_stop(_permit(actor, APPROVE), shown.listed),
        "may_carry_out": WORK in own and shown.listed.state == "approved",
    }


def _permit(actor: Actor, purpose: str) -> Permit:
    return permits.permit(actor, purpose, clock.today())
