"""目に付いた利用から利用記録へ: the conditions that find the rows of one line, for the session."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from daicho.access import clock, permits
from daicho.access.acting import Actor
from daicho.access.analysing.months import Month
from daicho.access.analysing.queries import Analysis, Told
from daicho.access.trailing import queries
from daicho.web.asking import Request
from daicho.web.console.trails import kept
from daicho.web.console.trails import screens as trails

_ONLY: Mapping[str, Mapping[str, str | bool]] = {
    "watching.sign_in_failures": {"kind": "authentication"},
    "watching.refusals": {"refused": True},
    "watching.mass_search": {"event": "search"},
}
"""利用の別: what of the trail a rule has counted, where it is not all uses."""


def led(request: Request, actor: Actor, found: Analysis) -> HttpResponse:
    """利用記録の検索へ: with the conditions of one line, by who may search the trail."""
    asked = request.POST.get("search", "")
    one = next((it for it in found.items if str(it.found_id) == asked), None)
    if one is None:
        raise Http404
    permit = permits.permit(actor, trails.PURPOSE, clock.today())
    asked_of = conditions(one, found.month)
    if found.told_count is not None:  # of relations: what was before he was told is not compared
        asked_of["since"] = one.day
    again = kept.keep(request.session, asked_of, queries.newest(permit))
    return redirect("console:trails_found", search_id=again.search_id)


def conditions(one: Told, month: date) -> dict[str, Any]:
    """点検の条件: of whom, by whom, and the day; the month where it stood out on several days."""
    is_of_day = one.days == 1 and not one.reference and one.day > month
    since, until = (one.day, one.day) if is_of_day else (month, Month(month).last_on)
    login = one.operators[0].login if one.operator_count == 1 and one.operators else ""
    return {
        "person": one.reference,
        "login": login,
        "since": since,
        "until": until,
        **_ONLY.get(one.code, {}),
    }
