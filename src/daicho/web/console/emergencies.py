"""緊急の利用の画面: one asks, a second person decides, a third one looks at what was done.

The looks themselves are the counter's own inquiries, opened under the purpose that was granted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse

from daicho.access import clock, permits
from daicho.access.acting import Actor
from daicho.access.emergencies import asking, deciding, queries, reviewing
from daicho.access.emergencies.queries import Shown
from daicho.access.emergencies.uses import minutes
from daicho.access.permits import Permit
from daicho.access.refusals import Refused
from daicho.law.receptions.codes_in_text import REASON_CHARS
from daicho.law.rule import Finding
from daicho.law.safety import emergencies
from daicho.law.safety.emergencies import OUTCOMES, STATES
from daicho.web.asking import Request
from daicho.web.console.acts import held, permit_among
from daicho.web.console.fields import ActForm, ChoiceField, WordsField
from daicho.web.required import at_terminal, methods

ASK, DECIDE, REVIEW = "emergency.ask", "emergency.decide", "emergency.review"
_LOOKS = (ASK, REVIEW, DECIDE)  # of one use: first whether it is one's own
LOOKS = (REVIEW,)
"""責任者が点検する事務: those of the others are reached from the counter's first screen."""

_NO_NUMBERS = "住民の氏名や番号は書きません"
_POLLED_S = {"waiting": 10, "granted": 30}  # so often the page asks anew while time runs


class AskForm(ActForm):
    """緊急の利用の求めの入力: what for, and why it cannot wait."""

    def __init__(self, actor: Actor, typed: QueryDict | None) -> None:
        super().__init__(typed)
        rows = emergencies.grantable(actor.office_kind, actor.posts, clock.today())
        self.fields["purpose"] = ChoiceField("事務", [(one.code, one.name) for one in rows])
        hint = f"何が起き、なぜ急ぐか。{_NO_NUMBERS}"
        self.fields["reason"] = WordsField("理由", REASON_CHARS, hint=hint)


class ReviewForm(ActForm):
    """緊急の利用の点検の入力: proper or not, and what about it."""

    def __init__(self, typed: QueryDict | None) -> None:
        super().__init__(typed)
        self.fields["outcome"] = ChoiceField("結果", OUTCOMES.items())
        hint = f"不適正のときは必ず入力します。{_NO_NUMBERS}"
        self.fields["note"] = WordsField("内容", REASON_CHARS, required=False, hint=hint)


@dataclass(frozen=True)
class Left:
    """残り時間: whole minutes, the one begun with them, and of how many."""

    minutes: int
    of_minutes: int


@methods("GET")
@at_terminal
def listing(request: Request, actor: Actor) -> HttpResponse:
    """緊急の利用: one's own, what waits for one's decision or review, and what is past."""
    own = _permits(actor)
    looking = own.get(REVIEW) or own.get(DECIDE)
    context = {
        "own": _lines(queries.own(own[ASK])) if ASK in own else (),
        "waiting": _lines(queries.waiting(own[DECIDE])) if DECIDE in own else (),
        "to_review": _lines(queries.to_review(own[REVIEW])) if REVIEW in own else (),
        "past": _lines(queries.past(looking)) if looking else (),
        "may": {"ask": ASK in own, "decide": DECIDE in own, "review": REVIEW in own},
    }
    return render(request, "console/emergencies.html", context)


@methods("GET", "POST")
@at_terminal
def ask(request: Request, actor: Actor) -> HttpResponse:
    """求める: for what, and why; then the page on which one waits."""
    permit = permits.permit(actor, ASK, clock.today())
    if request.method != "POST":
        return _asking(request, AskForm(actor, None))
    form = AskForm(actor, request.POST)
    if not form.is_valid():
        return _asking(request, form, status=422)
    try:
        use_id = asking.ask(permit, form.cleaned_data["purpose"], form.cleaned_data["reason"])
    except Refused as refused:
        return _asking(request, form, refused.findings, status=422)
    return redirect("console:emergency", use_id=use_id)


def _asking(
    request: Request, form: AskForm, findings: Sequence[Finding] = (), status: int = 200
) -> HttpResponse:
    context = {
        "form": form.ready() if not findings else form,
        "findings": _linked(form, findings),
    }
    return render(request, "console/emergency_new.html", context, status=status)


@methods("GET")
@at_terminal
def use(request: Request, actor: Actor, use_id: int) -> HttpResponse:
    """一つの緊急の利用: how it stands, and what this person may do with it."""
    return _page(request, actor, use_id)


@methods("GET")
@at_terminal
def state(request: Request, actor: Actor, use_id: int) -> HttpResponse:
    """一つの緊急の利用の状態: of one's own, asked by its page while time runs (`BY_ITSELF`)."""
    permit = permits.permit(actor, ASK, clock.today())
    one = queries.use(permit, use_id)
    if one is None:
        raise Http404
    context = {"may_end": _may_end(actor, one), **_standing(actor, one)}
    return render(request, "console/emergency_state.html", context)


@methods("POST")
@at_terminal
def end(request: Request, actor: Actor, use_id: int) -> HttpResponse:
    """取り下げる・終える: one's own."""
    permit = _permit_for(actor, ASK, use_id)
    try:
        asking.end(permit, use_id)
    except Refused as refused:
        return _page(request, actor, use_id, refused.findings)
    return _told(use_id)


@methods("POST")
@at_terminal
def decide(request: Request, actor: Actor, use_id: int) -> HttpResponse:
    """許可・不許可: by the button that was pressed; anything else is no decision."""
    permit = _permit_for(actor, DECIDE, use_id)
    said = {"grant": True, "deny": False}.get(request.POST.get("do", ""))
    if said is None:
        return _page(request, actor, use_id, status=422)
    try:
        deciding.decide(permit, use_id, is_granted=said)
    except Refused as refused:
        return _page(request, actor, use_id, refused.findings)
    return _told(use_id)


@methods("POST")
@at_terminal
def review(request: Request, actor: Actor, use_id: int) -> HttpResponse:
    """点検: of what was done under the grant."""
    permit = _permit_for(actor, REVIEW, use_id)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, use_id, form=form, status=422)
    try:
        reviewing.review(permit, use_id, form.cleaned_data["outcome"], form.cleaned_data["note"])
    except Refused as refused:
        return _page(request, actor, use_id, refused.findings, form)
    return _told(use_id)


def _linked(form: ActForm, findings: Sequence[Finding]) -> list[tuple[Finding, str]]:
    """What the law says, and the field it is about, where the form has it."""
    return [
        (one, form[one.on_item].id_for_label if one.on_item in form.fields else "")
        for one in findings
    ]


def _told(use_id: int) -> HttpResponse:
    return redirect(f"{reverse('console:emergency', args=[use_id])}?told=recorded")


def _permits(actor: Actor) -> dict[str, Permit]:
    """A permit for each work with emergencies that the actor has; refused where there is none."""
    permit_among(actor, _LOOKS)
    own = held(actor)
    return {one: permits.permit(actor, one, clock.today()) for one in _LOOKS if one in own}


def _permit_for(actor: Actor, purpose: str, use_id: int) -> Permit:
    """The permit for a step of one use; 404 where that use does not concern the work."""
    permit = permits.permit(actor, purpose, clock.today())
    if queries.use(permit, use_id) is None:
        raise Http404
    return permit


def _page(
    request: Request,
    actor: Actor,
    use_id: int,
    findings: Sequence[Finding] = (),
    form: ReviewForm | None = None,
    status: int = 200,
) -> HttpResponse:
    own = _permits(actor)
    found = (queries.use(permit, use_id) for permit in own.values())
    one = next((shown for shown in found if shown is not None), None)
    if one is None:
        raise Http404
    form = form or ReviewForm(None)
    context = {
        **_standing(actor, one),
        **_may(actor, own, one),
        "altered": queries.altered(next(iter(own.values())), use_id),
        "form": form,
        "findings": _linked(form, findings),
    }
    return render(request, "console/emergency.html", context, status=422 if findings else status)


def _standing(actor: Actor, one: Shown) -> dict[str, Any]:
    """How it stands at this moment, and how often the page of who asked asks anew."""
    return {
        "shown": one,
        "state": STATES[one.state],
        "left": _left(one),
        "polled_s": _POLLED_S.get(one.state) if one.facts.operator == actor.operator_id else None,
        "search": _search(one),
    }


def _may_end(actor: Actor, one: Shown) -> bool:
    found = emergencies.may_end(one.facts, actor.operator_id, clock.now(), on=clock.today())
    return found is None


def _may(actor: Actor, own: Mapping[str, Permit], one: Shown) -> dict[str, Any]:
    """What the law lets this person do with it now, and what was done, for who reviews."""
    may_decide = DECIDE in own and queries.may_decide(own[DECIDE], one)
    is_over = one.state in ("ended", "reviewed")
    return {
        "may_end": ASK in own and _may_end(actor, one),
        "may_decide": may_decide,
        "no_reviewer": may_decide and not queries.others_review(own[DECIDE], one),
        "may_review": REVIEW in own and queries.may_review(own[REVIEW], one),
        "done": queries.done(own[REVIEW], one.use_id) if REVIEW in own and is_over else None,
    }


def _lines(shown: Sequence[Shown]) -> list[tuple[Shown, str, Left | None]]:
    return [(one, STATES[one.state], _left(one)) for one in shown]


def _left(one: Shown) -> Left | None:
    """How long it still waits or holds; None where no time runs."""
    times = {
        "waiting": (one.asked_at, one.facts.waits_until_at),
        "granted": (one.decided_at, one.facts.over_at),
    }
    since, until = times.get(one.state, (None, None))
    if since is None or until is None:
        return None
    return Left(minutes(until - clock.now()), minutes(until - since))


def _search(one: Shown) -> str:
    """Where one looks under the grant; blank in a role without a counter."""
    try:
        return reverse("counter:search", args=[one.purpose.replace(".", "-")])
    except NoReverseMatch:
        return ""
