"""要求の記録: the outermost and the innermost layer around every screen."""

import time
from collections.abc import Callable
from functools import partial

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from daicho.access.presences import Present
from daicho.access.refusals import NotPermitted, Refused
from daicho.web import counts, errors, gate
from daicho.web.asking import Request, actor_of, numbered, user_of

Answer = Callable[[HttpRequest], HttpResponseBase]

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})

log = structlog.stdlib.get_logger("daicho.web")


class Requests:
    """要求: numbers each request, writes its one line of the log, counts it, forbids caching.

    The line holds neither the address nor anything typed: the route's name and figures only.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = numbered(request)
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=str(asked.request_id)):
            response = self.answer(asked)
            if not _is_static(asked, response):
                response["Cache-Control"] = "no-store"
            errors.spare_djangos_line(response)
            _tell(asked, response, time.perf_counter() - began)
        return response

    def process_exception(self, request: Request, exc: Exception) -> HttpResponseBase | None:
        """The two ways in which the program says no; everything else is `errors.broken`."""
        if isinstance(exc, NotPermitted):
            return errors.not_permitted(request, exc)
        if isinstance(exc, Refused):
            return errors.refused(request, exc)
        return None


class Actors:
    """行為者: `request.user` and `request.actor` by the presence, and the gate before every screen.

    Whoever is not present at this very session is nobody, whatever the session says.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: Request) -> HttpResponseBase:
        user, actor = (SimpleLazyObject(partial(one, request)) for one in (user_of, actor_of))
        request.user = user  # type: ignore[assignment]  # stands for the user it becomes
        request.actor = actor  # type: ignore[assignment]  # stands for the actor it becomes
        session_key = request.session.session_key
        response = self.answer(request)
        gate.follow(request, session_key)
        return response

    def process_view(
        self, request: Request, view: Answer, args: object, kwargs: object
    ) -> HttpResponseBase | None:
        """What the gate answers in place of the screen, if anything."""
        del view, args, kwargs
        return gate.answer(request)


def _is_static(request: HttpRequest, response: HttpResponseBase) -> bool:
    is_found = response.status_code in (200, 206, 304)
    return is_found and request.path.startswith(str(settings.STATIC_URL))


def _tell(request: Request, response: HttpResponseBase, seconds: float) -> None:
    match = request.resolver_match
    route = match.view_name if match else "static" if _is_static(request, response) else "none"
    method = request.method if request.method in METHODS else "OTHER"
    # Only an operator who was looked up already: the log never causes a query.
    found = request.__dict__.get("presence")
    operator = found.operator if isinstance(found, Present) else None
    fields = {
        "method": method,
        "route": route,
        "status": response.status_code,
        "milliseconds": round(seconds * 1000, 1),
        "operator": getattr(operator, "pk", None),
    }
    if request.failure is not None:
        log.error("request", exc_info=request.failure, **fields)
    else:
        log.info("request", **fields)
    counts.add(str(method), route, response.status_code, seconds)
