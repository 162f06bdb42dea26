"""利用の理由の質問の画面: those that wait for the office, and one with its answer."""

from collections.abc import Sequence

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from daicho.access import clock, permits
from daicho.access.acting import Actor
from daicho.access.own_log import questions as book
from daicho.access.own_log.questions import Question
from daicho.access.people.registering import NotThere
from daicho.access.permits import Permit
from daicho.access.refusals import Refused
from daicho.access.trailing import wording
from daicho.law.own_log.limits import limits
from daicho.law.rule import Finding
from daicho.web.asking import Request
from daicho.web.required import at_terminal, methods
from daicho.web.resident import present

ANSWER = "own_log.answer"


@methods("GET")
@at_terminal
def listing(request: Request, actor: Actor) -> HttpResponse:
    """質問の一覧: the open ones first, those that are overdue marked."""
    waiting, done = book.of_office(_permit(actor))
    context = {
        "waiting": [(one, _affairs(one)) for one in waiting],
        "done": [(one, _affairs(one)) for one in done],
    }
    return render(request, "counter/own_log/questions.html", context)


@methods("GET", "POST")
@at_terminal
def question(request: Request, actor: Actor, question_id: int) -> HttpResponse:
    """一つの質問: what was asked about which use, and the answer; sent, it is answered."""
    permit = _permit(actor)
    if request.method != "POST":
        return _page(request, permit, question_id)
    text = request.POST.get("text", "")
    try:
        book.answer(permit, question_id, text)
    except NotThere:
        raise Http404 from None
    except Refused as refused:
        return _page(request, permit, question_id, refused.findings, text)
    return redirect(f"{reverse('counter:question', args=[question_id])}?told=recorded")


def counts(actor: Actor, held: Sequence[str]) -> dict[str, int]:
    """質問の数: for the first screen of who may answer them; nothing where it is switched off."""
    if not present.is_on() or ANSWER not in held:
        return {}
    waiting, overdue = book.open_count(_permit(actor))
    return {"questions_count": waiting, "questions_overdue": overdue}


def _permit(actor: Actor) -> Permit:
    if not present.is_on():
        raise Http404
    return permits.permit(actor, ANSWER, clock.today())


def _page(
    request: Request,
    permit: Permit,
    question_id: int,
    findings: Sequence[Finding] = (),
    text: str = "",
) -> HttpResponse:
    shown = book.one(permit, question_id)
    if shown is None:
        raise Http404
    most = limits(permit.on).text_characters
    context = {
        "shown": shown,
        "affairs": _affairs(shown),
        "hindered": book.hindered(permit, question_id) if shown.is_open else None,
        "findings": findings,
        "text": text[: 2 * most],
        "text_most": most,
    }
    status = 422 if findings else 200
    return render(request, "counter/own_log/question.html", context, status=status)


def _affairs(one: Question) -> str:
    """What the use was, in the words of the counter."""
    return f"{wording.event_name(one.event)}({wording.affairs(one.purpose, '') or '自動の処理'})"
