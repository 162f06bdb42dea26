"""わたしの記録の画面: coming in, the list, a question and its answer."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from daicho.access import clock
from daicho.access.own_log import queries
from daicho.access.own_log import questions as book
from daicho.access.refusals import Refused
from daicho.law.own_log.limits import limits
from daicho.web.asking import Request
from daicho.web.required import methods
from daicho.web.resident import present, proving, texts
from daicho.web.resident.lines import line, told_question

_TOLD = {"signed_out", "ended", "sent"}
"""前の手順の言葉: what a page may say of the step before, by the name of a text."""


@methods("GET", "POST")
@present.switched_on
def sign_in(request: Request) -> HttpResponse:
    """カードで入る: the page asks a question; the card's signature answers it."""
    if request.method != "POST":
        return _asking(request)
    try:
        proved = proving.person(request)
    except Refused as refused:
        most = limits(clock.today()).failures_most
        told = texts.told(refused.findings[0], present.language_of(request), most)
        return _asking(request, told, 422)
    present.begin(request, proved)
    return redirect("resident:home")


def _asking(request: Request, wrong: str = "", status: int = 200) -> HttpResponse:
    context = {"asked": proving.ask(request), "wrong": wrong}
    return _page(request, "sign_in", context, status)


@methods("POST")
@present.switched_on
def sign_out(request: Request) -> HttpResponse:
    """終わる."""
    present.end(request)
    return redirect(f"{reverse('resident:sign_in')}?told=signed_out")


@methods("POST")
@present.switched_on
def language(request: Request) -> HttpResponse:
    """言葉を選ぶ: and back to where the person was; it stays as long as the session."""
    present.speak(request, request.POST.get("language", ""))
    pages = {one: f"resident:{one}" for one in ("home", "questions", "sign_in")}
    return redirect(pages.get(request.POST.get("from", ""), "resident:home"))


@methods("GET")
@present.residents
def home(request: Request, record_id: UUID) -> HttpResponse:
    """一覧: the uses of the own record; each showing is trailed."""
    permit, spoken = present.permit(request), present.language_of(request)
    since = permit.on - timedelta(days=limits(permit.on).shown_days)
    found = queries.of_person(permit, record_id, since, permit.on)
    asked = book.asked_about(record_id)
    context = {
        "lines": [(line(one, spoken), one.id in asked) for one in found.shown],
        "has_more": found.has_more,
    }
    return _page(request, "home", context)


@methods("GET")
@present.residents
def questions(request: Request, record_id: UUID) -> HttpResponse:
    """質問と回答: what the person asked, and what was answered."""
    spoken = present.language_of(request)
    found = book.of_person(present.permit(request), record_id)
    return _page(request, "questions", {"rows": [told_question(one, spoken) for one in found]})


@methods("GET", "POST")
@present.residents
def ask(request: Request, record_id: UUID, trail_id: int) -> HttpResponse:
    """なぜ？: about one use; one that is not on the list is refused like one that is nobody's."""
    permit = present.permit(request)
    if request.method != "POST":
        used = queries.one(permit, record_id, trail_id)
        return _about(request, used, "" if used else "own-log.not_of_list")
    text = request.POST.get("text", "")
    try:
        book.ask(permit, record_id, trail_id, text)
    except Refused as refused:
        used = queries.one(permit, record_id, trail_id)
        return _about(request, used, refused.findings[0].code, text)
    return redirect(f"{reverse('resident:questions')}?told=sent")


def _about(
    request: Request, used: queries.OwnLook | None, wrong: str = "", text: str = ""
) -> HttpResponse:
    spoken, held = present.language_of(request), limits(clock.today())
    most = held.text_characters
    context = {
        "used": line(used, spoken) if used else None,
        "trail_id": used.id if used else 0,
        "wrong": texts.filled(wrong, spoken, most) if wrong else "",
        "text": text[: 2 * most],
        "text_most": most,
        "ask_intro": texts.filled("ask_intro", spoken, held.answer_days),
        "ask_text": texts.filled("ask_text", spoken, most),
    }
    return _page(request, "ask", context, 422 if wrong else 200)


def _page(request: Request, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    spoken = present.language_of(request)
    said = texts.texts(spoken)
    told = request.GET.get("told", "")
    frame = {
        "t": said,
        "lang": texts.code_of(spoken),
        "spoken": spoken,
        "languages": texts.languages(),
        "page_name": name,
        "is_in": present.is_in(request),
        "said": said[told] if told in _TOLD else "",
    }
    return render(request, f"resident/{name}.html", {**frame, **context}, status=status)
