"""窓口の画面."""

from datetime import date
from itertools import chain, repeat
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from daicho.access import acting, clock, permits, trail
from daicho.access.acting import Actor
from daicho.access.disclosure_requests import queries as disclosures
from daicho.access.emergencies import queries
from daicho.access.operating import Warned, warned
from daicho.law import purposes
from daicho.law import receptions as law
from daicho.register import due
from daicho.register.receiving import receptions
from daicho.terms.dates import wareki
from daicho.web.asking import Request
from daicho.web.console.lines import overview as lines
from daicho.web.counter.inquiry.work import cited, opens
from daicho.web.counter.own_log import questions
from daicho.web.counter.receiving.overdue import MENDING
from daicho.web.required import at_terminal, methods

WEEKDAYS = "月火水木金土日"
RUNNING = "console.municipality"
"""市区町村の運用: the purpose under which it is seen how the program runs."""
ASKING, DECIDING = "emergency.ask", "emergency.decide"
"""緊急の利用の求めと許可: the purposes of those who are led there from here."""
EXPORTS = ("exports.ask", "exports.extract", "exports.approve", "exports.look")
"""データの持出し: the purposes of those who are led to it from here."""
CHECKING = "audit.trail"
"""利用記録の点検: the purpose of who is led to it from here."""
DISCLOSING = "disclosure.request"
"""開示請求: the purpose under which it is counted what waits for a decision."""
_INQUIRY_KEYS = ("F6", "F7", "Shift+F6", "Shift+F7")


@methods("GET")
@at_terminal
def home(request: Request, actor: Actor) -> HttpResponse:
    """窓口の今日: the business day, what this post may do, and what the operator did today."""
    on = clock.today()
    page = _page_number(request.GET.get("page", "1"))
    rows, has_more = acting.own_use(actor, on, page)
    held = purposes.purposes_for(actor.office_kind, actor.posts, on=on, granted=actor.granted)
    names = {one.code: one.name for one in purposes.PURPOSES}
    context = {
        "day": wareki(on),
        "weekday": WEEKDAYS[on.weekday()],
        "sign_ins": acting.sign_ins(actor),
        "post": "、".join(name for code, name in purposes.POSTS.items() if code in actor.posts),
        "works": _works({one.code: one.name for one in held}),
        "warned": _warned(actor, [one.code for one in held], on),
        **_receptions(actor, [one.code for one in held], on, request.GET),
        **_emergencies(actor, [one.code for one in held], on),
        **_messages(actor, [one.code for one in held]),
        **questions.counts(actor, [one.code for one in held]),
        "may_check_trail": any(one.code == CHECKING for one in held),
        "disclosures": _disclosures(actor, [one.code for one in held], on),
        "may_export": any(one.code in EXPORTS for one in held),
        "purposes": [(one, cited(one.cites)) for one in held],
        "rows": [
            (row, trail.EVENTS[row.event]["name"], names.get(row.purpose, "")) for row in rows
        ],
        "page": page,
        "has_more": has_more,
    }
    return render(request, "counter/home.html", context)


def _warned(actor: Actor, held: list[str], on: date) -> tuple[Warned, ...]:
    """What those who run the program must mend, and who watches the lines: told to them alone."""
    of_the_program = warned(permits.permit(actor, RUNNING, on)) if RUNNING in held else ()
    return (*of_the_program, *lines.warned(actor, held))


def _receptions(actor: Actor, held: list[str], on: date, asked: QueryDict) -> dict[str, Any]:
    """What this post may receive people for, and the receptions of the office on this day.

    ?visitors names who came: asked for, and trailed, since this screen stands open at a counter.
    """
    if "reception.day" not in held:
        return {}
    receivable = [
        one
        for one in law.works.works(on)
        if any(basis.purpose in held for basis in law.works.bases(one.code, on))
    ]
    number, named = _page_number(asked.get("receptions", "1")), "visitors" in asked
    permit = permits.permit(actor, "reception.day", on)
    lines, has_more = receptions.of_the_day(permit, number, named=named)
    return {
        "receivable": receivable,
        "on": on,
        "receptions": lines,
        "names_visitors": named,
        "receptions_page": number,
        "has_more_receptions": has_more,
        **_overdue(actor, held, on),
    }


def _overdue(actor: Actor, held: list[str], on: date) -> dict[str, Any]:
    """How many wait for a closing that did not come, for those who mend what hinders it."""
    if MENDING not in held:
        return {}
    permit = permits.permit(actor, MENDING, on, counts_only=True)
    return {"overdue_count": due.overdue_count(permit, on)}


def _emergencies(actor: Actor, held: list[str], on: date) -> dict[str, Any]:
    """May this post ask for an emergency, and how many of them wait for its decision?"""
    said: dict[str, Any] = {"may_ask_emergency": ASKING in held}
    if DECIDING in held:
        said["waiting_count"] = queries.waiting_count(permits.permit(actor, DECIDING, on))
    return said


def _messages(actor: Actor, held: list[str]) -> dict[str, Any]:
    """通信の誤り: how many messages wait to be seen to, for those who mend them."""
    count = lines.errors_count(actor, held)
    return {"may_mend_messages": count is not None, "message_errors_count": count}


def _disclosures(actor: Actor, held: list[str], on: date) -> disclosures.Waiting | None:
    """How many requests for disclosure wait for their decision, for those who handle them."""
    if DISCLOSING not in held:
        return None
    return disclosures.waiting(permits.permit(actor, DISCLOSING, on, counts_only=True))


def _works(held: dict[str, str]) -> list[tuple[str, str, str]]:
    """The inquiries this post may open: part of the address, name and key, as far as keys go."""
    keys = chain(_INQUIRY_KEYS, repeat(""))
    return [(work, held[code], key) for (work, code), key in zip(opens(held), keys, strict=False)]


def _page_number(text: str) -> int:
    # Six digits are more pages than a day has; anything else is the first page.
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) <= 6 else 1
