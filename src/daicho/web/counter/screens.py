"""窓口の画面."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render

from daicho.access import acting, clock, trail
from daicho.access.acting import Actor
from daicho.law import purposes
from daicho.law.citation import Article
from daicho.terms.dates import wareki
from daicho.web.asking import Request
from daicho.web.required import at_terminal, methods

WEEKDAYS = "月火水木金土日"


@methods("GET")
@at_terminal
def home(request: Request, actor: Actor) -> HttpResponse:
    """窓口の今日: the business day, what this post may do, and what the operator did today."""
    on = clock.today()
    page = _page_number(request.GET.get("page", "1"))
    rows, has_more = acting.own_use(actor, on, page)
    held = purposes.purposes_for(actor.office_kind, actor.post, on=on)
    names = {one.code: one.name for one in purposes.PURPOSES}
    context = {
        "day": wareki(on),
        "weekday": WEEKDAYS[on.weekday()],
        "sign_ins": acting.sign_ins(actor),
        "post": purposes.POSTS.get(actor.post, ""),
        "purposes": [(one, _cited(one.cites)) for one in held],
        "rows": [
            (row, trail.EVENTS[row.event]["name"], names.get(row.purpose, "")) for row in rows
        ],
        "page": page,
        "has_more": has_more,
    }
    return render(request, "counter/home.html", context)


def _page_number(text: str) -> int:
    # Six digits are more pages than a day has; anything else is the first page.
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) <= 6 else 1


def _cited(cites: tuple[Article, ...]) -> str:
    """The articles with each statute named once: 住民基本台帳法第22条第1項、第8条."""
    by_statute = groupby(cites, key=lambda one: one.statute_key)
    groups = [list(group) for _, group in by_statute]
    return "、".join(
        "、".join([first.japanese, *(one.place_japanese for one in rest)])
        for first, *rest in groups
    )
