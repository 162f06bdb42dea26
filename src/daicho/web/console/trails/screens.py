"""利用記録の点検の画面: what is looked for, what was found, and one use."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse

from daicho.access import clock, permits
from daicho.access.acting import Actor
from daicho.access.permits import Permit
from daicho.access.trailing import queries
from daicho.access.trailing.conditions import DAYS_MOST
from daicho.access.trailing.kinds import KINDS
from daicho.access.trailing.queries import DRAWN_MOST
from daicho.access.trailing.wording import ASKED, PURPOSE_NAMES, event_name
from daicho.terms.dates import wareki
from daicho.web.asking import Request
from daicho.web.console.trails import figures, kept
from daicho.web.console.trails.form import Named, TrailForm
from daicho.web.console.trails.kept import Kept
from daicho.web.required import at_terminal, methods

PURPOSE = "audit.trail"
LOOKS = (PURPOSE,)
"""利用記録を点検する事務."""

_NAMES = {**ASKED, "login": ASKED["operator"]}
_TICKED = {"on": "はい"}
_NUMBER_DIGITS = 18  # more are no number of a row


@methods("GET", "POST")
@at_terminal
def trails(request: Request, actor: Actor) -> HttpResponse:
    """利用記録の点検: the conditions; nothing that is typed stands in an address."""
    return ask(request, actor, None)


def ask(request: Request, actor: Actor, named: Named | None) -> HttpResponse:
    """条件の画面: where residents are held, `named` gives the reference of a 宛名番号."""
    permit = _permit(actor)
    if request.method != "POST":
        again = kept.kept_as(request.session, request.GET.get("edit", ""))
        return _asking(request, TrailForm(permit, before=again.initial if again else None))
    form = TrailForm(permit, request.POST, named=named)
    if not form.is_valid():
        return _asking(request, form, status=422)
    newest = kept.keep(request.session, form.cleaned_data, queries.newest(permit))
    return redirect("console:trails_found", search_id=newest.search_id)


@methods("GET")
@at_terminal
def found(request: Request, actor: Actor, search_id: UUID) -> HttpResponse:
    """点検の結果: a page of what fits, up to the moment at which it was asked."""
    permit = _permit(actor)
    again = kept.kept_as(request.session, search_id)
    if again is None:
        return redirect(f"{reverse('console:trails')}?forgotten")
    before = _number(request.GET.get("before", ""))
    result = queries.found(permit, again.conditions(permit), again.upto, before)
    count = len(result.moments)
    context = {
        "kept": again,
        "asked": _told(again, queries.places(permit)),
        "found": result,
        "before": before,
        "next_before": result.lines[-1].trail_id if result.has_more else None,
        "count": count,
        "is_cut": count >= DRAWN_MOST,
        "figures": figures.figures(result.moments),
        "height": figures.HEIGHT,
    }
    return render(request, "console/trails_found.html", context)


@methods("GET")
@at_terminal
def trail(request: Request, actor: Actor, trail_id: int) -> HttpResponse:
    """一つの利用: what it was, with its own fields and its proof."""
    opened = queries.one(_permit(actor), trail_id)
    if opened is None:
        raise Http404
    again = kept.kept_as(request.session, request.GET.get("from", ""))
    back = reverse("console:trails_found", args=[again.search_id]) if again else ""
    context = {"opened": opened, "line": opened.line, "back": back or reverse("console:trails")}
    return render(request, "console/trail.html", context)


def _permit(actor: Actor) -> Permit:
    return permits.permit(actor, PURPOSE, clock.today())


def _asking(request: Request, form: TrailForm, status: int = 200) -> HttpResponse:
    rows = queries.places(form.permit)
    context: dict[str, Any] = {
        "form": form.ready(),
        "sends_to": _sends_to(),
        "kept": [(one, _told(one, rows)) for one in kept.kept(request.session)],
        "forgotten": "forgotten" in request.GET,
        "kinds": KINDS.values(),
        "days_most": DAYS_MOST,
    }
    return render(request, "console/trails.html", context, status=status)


def _sends_to() -> str:
    """Where the form goes: to the counter, which knows residents, in a role that has one."""
    try:
        return reverse("counter:whose_trail")
    except NoReverseMatch:
        return reverse("console:trails")


def _told(one: Kept, places: queries.Places) -> list[tuple[str, str]]:
    """What was asked for, in words: (condition, value)."""
    words: dict[str, Mapping[str, str]] = {
        "kind": {code: it.name for code, it in KINDS.items()},
        "office": {it.code: it.name for it in places.offices},
        "terminal": {it.code: it.name for it in places.terminals},
        "purpose": PURPOSE_NAMES,
    }
    return [
        (_NAMES[name], words[name].get(text, text) if name in words else _plain(name, text))
        for name, text in one.typed.items()
    ]


def _plain(name: str, text: str) -> str:
    if name in ("since", "until"):
        return wareki(date.fromisoformat(text))
    return {"event": event_name(text), "person": f"参照番号 {text}"}.get(
        name, _TICKED.get(text, text)
    )


def _number(text: str) -> int | None:
    """The number of a row in an address; anything else is none."""
    is_number = text.isascii() and text.isdigit() and len(text) <= _NUMBER_DIGITS
    return int(text) or None if is_number else None
