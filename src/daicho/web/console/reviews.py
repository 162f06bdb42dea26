"""権限の点検の画面: how far each office is in this half, one review line by line, the history."""

from collections.abc import Collection, Sequence

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from daicho.access import clock
from daicho.access.acting import Actor
from daicho.access.people import reviewed, reviews
from daicho.access.people.registering import NotThere
from daicho.access.people.reviewed import Review
from daicho.access.people.reviews import END, KEEP, Decision
from daicho.access.refusals import Refused
from daicho.law.rule import Finding
from daicho.law.safety import reviewing
from daicho.web.asking import Request
from daicho.web.console.acts import held, permit_among
from daicho.web.required import at_terminal, methods

REVIEW = "rights.review"
LOOKS = (REVIEW, "people.administration", "people.responsibles")
"""点検を見る事務."""

_BLANK = Decision("", "")
_REASON_CHARS = 200
_NO_REASON = "終えるとした行には、理由を入力してください。"
_LONG_REASON = f"理由は{_REASON_CHARS}文字以内で入力してください。"
_NOT_SURE = "署名すると元に戻せません。確かめたら印を付けてください。"


@methods("GET")
@at_terminal
def listing(request: Request, actor: Actor) -> HttpResponse:
    """点検の状況: of every office in this half, and the halves before."""
    permit = permit_among(actor, LOOKS)
    context = {
        "half": reviewing.half_of(permit.on),
        "rows": reviewed.status(permit),
        "past": reviewed.past(permit),
        "may_review": REVIEW in held(actor),
    }
    return render(request, "console/reviews.html", context)


@methods("POST")
@at_terminal
def open_review(request: Request, actor: Actor, code: str) -> HttpResponse:
    """点検を始める: of one office, for this half; or go on with the one begun."""
    permit = permit_among(actor, [REVIEW])
    try:
        review_id = reviews.open_for(permit, code)
    except NotThere:
        raise Http404 from None
    return redirect("console:review", review_id=review_id)


@methods("GET", "POST")
@at_terminal
def review(request: Request, actor: Actor, review_id: int) -> HttpResponse:
    """一つの点検: each line is kept or ended; signed, what is to end ends at once."""
    permit = permit_among(actor, LOOKS if request.method == "GET" else [REVIEW])
    found = reviewed.review(permit, review_id)
    if found is None:
        raise Http404
    if request.method == "GET":
        return _page(request, actor, found)
    is_signing = request.POST.get("do") == "sign"
    typed = _typed(found, request.POST)
    wrong = _wrong(typed.values())
    if is_signing and "sure" not in request.POST:
        wrong.append(_NOT_SURE)
    if wrong:
        return _page(request, actor, found, typed=typed, wrong=wrong)
    try:
        (reviews.sign if is_signing else reviews.decide)(permit, review_id, typed)
    except Refused as refused:
        found = reviewed.review(permit, review_id) or found  # with what was given meanwhile
        return _page(request, actor, found, typed=typed, findings=refused.findings)
    again = redirect("console:review", review_id=review_id)
    again["Location"] += "?told=recorded"
    return again


def _typed(found: Review, sent: QueryDict) -> dict[int, Decision]:
    return {one.line_id: _said(one.line_id, sent) for one in found.lines}


def _said(line_id: int, sent: QueryDict) -> Decision:
    """A line as sent, and whether it differs from what the page showed."""
    decision = said if (said := sent.get(f"decision-{line_id}", "")) in (KEEP, END) else ""
    reason = sent.get(f"reason-{line_id}", "").strip()
    was = sent.get(f"was-decision-{line_id}", ""), sent.get(f"was-reason-{line_id}", "")
    return Decision(decision, reason, is_new=(decision, reason) != was)


def _wrong(typed: Collection[Decision]) -> list[str]:
    wrong = []
    if any(one.decision == END and not one.reason for one in typed):
        wrong.append(_NO_REASON)
    if any(len(one.reason) > _REASON_CHARS for one in typed):
        wrong.append(_LONG_REASON)
    return wrong


def _page(
    request: Request,
    actor: Actor,
    found: Review,
    *,
    typed: dict[int, Decision] | None = None,
    wrong: Sequence[str] = (),
    findings: Sequence[Finding] = (),
) -> HttpResponse:
    kept = {one.line_id: Decision(one.decision, one.reason) for one in found.lines}
    new = {line_id: said for line_id, said in (typed or {}).items() if said.is_new}
    shown = kept | new  # what somebody else decided meanwhile is shown as it is now
    is_open = found.signed_at is None and found.half == reviewing.half_of(clock.today())
    holder = None if found.is_own_office else actor.operator_id  # of the whole office: his too
    own = {one.line_id for one in found.lines if one.operator_id in (actor.operator_id, holder)}
    context = {
        "review": found,
        "lines": [(one, shown.get(one.line_id, _BLANK), one.line_id in own) for one in found.lines],
        "may_review": is_open and REVIEW in held(actor),
        "may_sign": not own,
        "wrong": wrong,
        "findings": [(one, "") for one in findings],
    }
    status = 422 if wrong or findings else 200
    return render(request, "console/review.html", context, status=status)
