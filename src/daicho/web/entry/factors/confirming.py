"""本人の確認: asked again before anything of one's own factors is changed, at an open screen."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from daicho.access import clock, policy, presences
from daicho.access.acting import Actor
from daicho.access.entering import factors, passwords, tries
from daicho.law.rule import Finding
from daicho.law.safety import factors as findings
from daicho.web.asking import Request
from daicho.web.entry import refusing
from daicho.web.entry.factors import answering
from daicho.web.entry.forms import ConfirmForm
from daicho.web.required import ActorScreen, at_terminal, methods

P = ParamSpec("P")
CONFIRMED = "confirmed_at"
CONFIRMED_SECONDS = 5 * 60
"""How long a confirmation holds."""


def is_fresh(request: Request) -> bool:
    """確認したばかりか: was the person asked a moment ago, in this very session?"""
    at = request.session.get(CONFIRMED)
    return isinstance(at, float) and clock.now().timestamp() - at < CONFIRMED_SECONDS


def confirmed(screen: ActorScreen[P]) -> Callable[Concatenate[Request, P], HttpResponse]:
    """The screen is for an actor who was asked again a moment ago; others are asked now."""

    @wraps(screen)
    @at_terminal
    def answer(
        request: Request, actor: Actor, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        if not is_fresh(request):
            return redirect(f"{reverse('entry:confirm')}?{urlencode({'next': request.path})}")
        return screen(request, actor, *args, **kwargs)

    return answer


@methods("GET", "POST")
@sensitive_post_parameters()
@at_terminal
def confirm(request: Request, actor: Actor) -> HttpResponse:
    """本人の確認: by a second factor, or the password of who has none. Counts like a sign-in."""
    if request.method == "GET":
        return _page(request, ConfirmForm())
    assert request.user.is_authenticated
    # The password alone must not lead to another factor, nor to the end of the one there is.
    if factors.must_be_shown(request.user):
        done = answering.answered(
            request, request.user, failed="second_factor_failed", terminal=actor.terminal
        )
        if done.finding is None:
            return _on(request)
        return thrown_out(request) or _page(request, ConfirmForm(), done.finding)
    form = ConfirmForm(request.POST)
    if form.is_valid() and _knows(request, actor, form.cleaned_data["password"]):
        return _on(request)
    found = findings.WRONG() if form.is_valid() else None
    return thrown_out(request) or _page(request, form, found, status=422)


def _knows(request: Request, actor: Actor, password: str) -> bool:
    assert request.user.is_authenticated
    return passwords.confirm(
        request.user, password, terminal=actor.terminal, request_id=actor.request_id
    )


def thrown_out(request: Request) -> HttpResponse | None:
    """Who has answered wrongly too often is outside, here as at sign-in."""
    assert request.user.is_authenticated
    request.user.refresh_from_db(fields=["locked_until"])
    if not tries.is_locked(request.user):
        return None
    presences.end(request.user.pk, "locked_out", request.request_id)
    logout(request)
    return refusing.page(request)


def _on(request: Request) -> HttpResponse:
    request.session[CONFIRMED] = clock.now().timestamp()
    return redirect(refusing.wanted(request))


def _page(
    request: Request, form: ConfirmForm, found: Finding | None = None, status: int = 200
) -> HttpResponse:
    assert request.user.is_authenticated
    rules = policy.sign_in()
    context = {
        "form": None if factors.must_be_shown(request.user) else form.ready(),
        "finding": found,
        "next": refusing.wanted(request),
        "failures_max": rules.failures_max,
        "lock_minutes": rules.lock_minutes,
        **answering.context(request, request.user),
    }
    return render(request, "entry/confirm.html", context, status=422 if found else status)
