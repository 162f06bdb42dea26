"""運用の最初の画面."""

import platform
from typing import Any

import django
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from daicho.access import clock, operating, permits
from daicho.access.acting import Actor
from daicho.access.people import queries
from daicho.access.permits import Permit
from daicho.terms.dates import wareki
from daicho.web.asking import Request
from daicho.web.console import (
    designations,
    emergencies,
    machines,
    people,
    policy,
    responsibles,
    reviews,
)
from daicho.web.console.acts import held, permit_among
from daicho.web.console.analyses import pages as analyses
from daicho.web.console.analyses import relations
from daicho.web.console.disposals import pages as disposals
from daicho.web.console.filing import pages as filing
from daicho.web.console.lines import overview as lines
from daicho.web.console.offices import pages as offices
from daicho.web.console.trails import screens as trails
from daicho.web.required import at_terminal, methods

# The suite's role runs the municipality's screens.
_ROLE = {"test": "municipality"}.get(settings.ROLE.name, settings.ROLE.name)
PURPOSE = f"console.{_ROLE.replace('-', '_')}"

_LINKS = (
    ("console:people", "操作者", people.LOOKS),
    ("console:machines", "端末", machines.LOOKS),
    ("console:responsibles", "責任者", responsibles.LOOKS),
    ("console:designations", "従事者の指定", designations.LOOKS),
    ("console:reviews", "権限の点検", reviews.LOOKS),
    ("console:policy", "利用の決まり", policy.LOOKS),
    ("console:emergencies", "緊急の利用", emergencies.LOOKS),
    ("console:disposals", "個人番号と記録の廃棄", disposals.LOOKS),
    ("console:number_files", "特定個人情報ファイル", filing.LOOKS),
    ("console:trails", "利用記録の点検", trails.LOOKS),
    ("console:analyses", "利用記録の分析", analyses.LOOKS),
    ("console:lines", "回線の状況", lines.LOOKS),
    ("console:message_errors", "通信の誤り", lines.MEND),
    ("console:offices", "所属の権限", offices.LOOKS),
)


@methods("GET")
@at_terminal
def home(request: Request, actor: Actor) -> HttpResponse:
    """運用: how the system is, in figures, and the ways to people and rights; no resident is seen.

    Who runs the system sees the figures; who is charged with its safety the ways that are his.
    """
    own = held(actor)
    waiting = {
        "console:analyses": analyses.waiting(actor, own),
        "console:message_errors": lines.waiting(actor, own),
    }
    links = [
        (reverse(name), f"{title}{waiting.get(name, '')}")
        for name, title, looks in _LINKS
        if not own.isdisjoint(looks)
    ]
    links += relations.links(actor, own)
    on = clock.today()
    if PURPOSE in own or not links:
        permit = permits.permit(actor, PURPOSE, on)
        context = {**_figures(permit), "warned": operating.warned(permit)}
    else:
        looks = (code for _, _, codes in _LINKS for code in codes if code in own)
        context = {"warned": operating.of_people(permit_among(actor, looks))}
    context["warned"] = [*context["warned"], *relations.overdue(own, on), *lines.warned(actor, own)]
    context |= {"day": wareki(on), "now": clock.now(), "links": links}
    return render(request, "console/home.html", context)


def _figures(permit: Permit) -> dict[str, Any]:
    return {
        "version": settings.VERSION,
        "python": platform.python_version(),
        "django": django.get_version(),
        "database": operating.database(permit),
        "trail": operating.trail_figures(permit),
        "locked": queries.locked_operators(permit),
    }
