"""運用の画面."""

import platform

import django
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from daicho.access import clock, permits, queries
from daicho.access.acting import Actor
from daicho.access.operating import warned
from daicho.terms.dates import wareki
from daicho.web.asking import Request
from daicho.web.required import at_terminal, methods

# The suite's role runs the municipality's screens.
_ROLE = {"test": "municipality"}.get(settings.ROLE.name, settings.ROLE.name)
PURPOSE = f"console.{_ROLE.replace('-', '_')}"


@methods("GET")
@at_terminal
def home(request: Request, actor: Actor) -> HttpResponse:
    """運用: how the system is, in figures; no resident is seen here."""
    permit = permits.permit(actor, PURPOSE, clock.today())
    context = {
        "day": wareki(permit.on),
        "now": clock.now(),
        "warned": warned(permit),
        "version": settings.VERSION,
        "python": platform.python_version(),
        "django": django.get_version(),
        "database": queries.database(permit),
        "trail": queries.trail_figures(permit),
        "locked": queries.locked_operators(permit),
    }
    return render(request, "console/home.html", context)
