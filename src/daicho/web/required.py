"""入室条件: what a screen demands: its methods, a signed-in operator, a chosen terminal."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from daicho.access.acting import Actor
from daicho.web import errors
from daicho.web.asking import Request

P = ParamSpec("P")
Screen = Callable[Concatenate[Request, P], HttpResponse]
ActorScreen = Callable[Concatenate[Request, Actor, P], HttpResponse]


def methods(*allowed: str) -> Callable[[Screen[P]], Screen[P]]:
    """The screen answers these methods; HEAD goes with GET; others get our page 405."""
    names = (*allowed, "HEAD") if "GET" in allowed else allowed

    def wrap(screen: Screen[P]) -> Screen[P]:
        @wraps(screen)
        def answer(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method not in names:
                return errors.method_not_allowed(request, names)
            return screen(request, *args, **kwargs)

        return answer

    return wrap


def signed_in(screen: Screen[P]) -> Screen[P]:
    """The screen is for signed-in operators; others are led to sign-in and back."""

    @wraps(screen)
    def answer(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return _led_to("entry:sign_in", request)
        return screen(request, *args, **kwargs)

    return answer


def at_terminal(screen: ActorScreen[P]) -> Screen[P]:
    """The screen is for an actor; who has no terminal of the own office is led to the choice."""

    @wraps(screen)
    def answer(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return _led_to("entry:sign_in", request)
        if not request.actor:
            return _led_to("entry:terminal", request)
        return screen(request, request.actor, *args, **kwargs)

    return answer


def _led_to(name: str, request: HttpRequest) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        # A redirect would throw away what was typed.
        is_present = request.user.is_authenticated
        return (errors.no_right_here if is_present else errors.session_ended)(request)
    # The path alone: a query may hold what was typed.
    return redirect(f"{reverse(name)}?{urlencode({'next': request.path})}")
