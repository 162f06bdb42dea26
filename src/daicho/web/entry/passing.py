"""通過: the stages between a right password and being in; until the last one nothing opens.

django-allauth keeps where a sign-in stands in the session of somebody who is still nobody. The
order is the order of `STAGES`: who has a second factor shows it before the password may be changed
or another factor registered.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import (
    get_authentication_records,
    perform_login,
    record_authentication,
)
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.account.stages import LoginStage, LoginStageController
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from daicho.access import clock, hindering
from daicho.access.entering import Operator, admitting, factors, leaves, passwords, tries
from daicho.web.asking import Request
from daicho.web.entry import refusing

P = ParamSpec("P")
SEEN = "seen"  # what `Login.state` keeps of the password that was right
PASSWORD, DIRECTORY = "password", "directory"
_BACKEND = "daicho.access.entering.passwords.Backend"


class Stage(LoginStage):  # type: ignore[misc]  # the library has no types
    """段階: a page that must be passed where `is_due`."""

    login: Login

    @property
    def operator(self) -> Operator:
        """Who is signing in; nobody yet for every other page."""
        return cast(Operator, self.login.user)

    def is_due(self) -> bool:
        raise NotImplementedError

    def handle(self) -> tuple[HttpResponse | None, bool]:
        return (redirect(self.urlname), True) if self.is_due() else (None, True)


class SecondFactor(Stage):
    """第二の要素: whoever has registered one shows it."""

    key = "second_factor"
    urlname = "entry:second_factor"

    def is_due(self) -> bool:
        return factors.must_be_shown(self.operator)


class Renewal(Stage):
    """パスワードの更新: an initial or an old password is changed before anything else."""

    key = "renewal"
    urlname = "entry:renewal"

    def is_due(self) -> bool:
        is_ours = self.login.state.get("first") == PASSWORD
        return is_ours and passwords.must_be_changed(self.operator)


class Registration(Stage):
    """要素の登録: where the policy demands a second factor, who has none registers one."""

    key = "registration"
    urlname = "entry:registration"

    def is_due(self) -> bool:
        return factors.must_be_registered(self.operator)


class Arrival(Stage):
    """到着: the last one has no page; whoever comes here has shown all that is asked by now."""

    key = "arrival"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        request = cast(Request, self.request)
        lost = _lost(request, self)
        if not lost and leaves.is_needed() and not has_shown(request, self.operator):
            lost = "second_factor_failed"
        return (_out(request, self, lost), False) if lost else (None, True)


STAGES = (SecondFactor, Renewal, Registration, Arrival)


class Account(DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    """入口の差込口: our stages, and our own gate behind the last one."""

    def get_login_stages(self) -> list[str]:
        return [f"{__name__}.{one.__name__}" for one in STAGES]

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        del request
        return False

    def pre_login(self, request: HttpRequest, user: Operator, **kwargs: Any) -> None:
        del request, user, kwargs  # asked when the password was tried, and again at the gate

    def login(self, request: HttpRequest, user: Operator) -> None:
        asked = cast(Request, request)
        shown = shown_by(asked, user)
        login(request, user, backend=_BACKEND)
        request.session.save()
        key = request.session.session_key or ""
        if admitting.admit(user, shown, key, asked.request_id) is not None:
            logout(request)
            raise ImmediateHttpResponse(refusing.page(asked))

    def post_login(
        self, request: HttpRequest, user: Operator, *, redirect_url: str | None, **kwargs: Any
    ) -> HttpResponse:
        del request, user, kwargs
        return HttpResponseRedirect(redirect_url or settings.LOGIN_REDIRECT_URL)


def begin(request: Request, operator: Operator, first: str, wanted: str) -> HttpResponse:
    """通過の始め: after the first factor; gives the page of the first stage that is due.

    Behind the last one stands the choice of a terminal, then what was `wanted`. The session's key
    changes, so that whoever knew it before does not pass along.
    """
    clear_login(request)
    request.session.cycle_key()
    record_authentication(request, operator, first)
    leads_to = f"{reverse('entry:terminal')}?{urlencode({'next': wanted})}"
    state = {"first": first, SEEN: operator.get_session_auth_hash()}
    started = Login(user=operator, redirect_url=leads_to, state=state)
    return cast(HttpResponse, perform_login(request, started))


def show(request: Request, operator: Operator, kind: str) -> None:
    """示した: note a second factor that was right."""
    record_authentication(request, operator, "mfa", type=kind)


def shown_by(request: Request, operator: Operator) -> list[str]:
    """示した要素: what this sign-in has shown so far, in its order, each once."""
    records = get_authentication_records(request, operator)
    return list(dict.fromkeys(str(one.get("type", one["method"])) for one in records))


def has_shown(request: Request, operator: Operator) -> bool:
    """第二の要素を示したか: in this very sign-in, by answering or by registering it."""
    return not set(shown_by(request, operator)).isdisjoint(factors.TITLES)


def _lost(request: Request, stage: Stage) -> str:
    """Why a sign-in that began well does not go on, as an event of the trail; blank where it does.

    The password, the operator and his factors may have changed since, by another's hand.
    """
    operator = stage.operator
    is_same = stage.login.state.get(SEEN) == operator.get_session_auth_hash()
    if not is_same or hindering.may_enter(operator, clock.today()) or tries.is_locked(operator):
        return "sign_in_failed"
    is_asked = stage.key != SecondFactor.key and factors.must_be_shown(operator)
    return "second_factor_failed" if is_asked and not has_shown(request, operator) else ""


def _out(request: Request, stage: Stage, event: str) -> HttpResponse:
    admitting.turn_away(stage.operator, event, request.request_id)
    return over(request)


def over(request: Request) -> HttpResponse:
    """途中の終わり: the sign-in is forgotten, and looks refused."""
    clear_login(request)
    return refusing.page(request)


def renewed(stage: Stage) -> HttpResponse:
    """更新した: the sign-in goes on, on the password that the person has just chosen."""
    stage.login.state[SEEN] = stage.operator.get_session_auth_hash()
    response: HttpResponse = stage.exit()
    return response


def at_stage(
    stage: type[Stage],
) -> Callable[
    [Callable[Concatenate[Request, Stage, P], HttpResponse]],
    Callable[Concatenate[Request, P], HttpResponse],
]:
    """段階の画面: only for a sign-in that stands at this stage and still may; others begin anew."""

    def wrap(
        screen: Callable[Concatenate[Request, Stage, P], HttpResponse],
    ) -> Callable[Concatenate[Request, P], HttpResponse]:
        @wraps(screen)
        def answer(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.user.is_authenticated:
                return redirect(settings.LOGIN_REDIRECT_URL)
            found = LoginStageController.enter(request, stage.key)
            if found is None or found.operator is None:
                return redirect("entry:sign_in")
            lost = _lost(request, found)
            if lost:
                return _out(request, found, lost)
            return screen(request, found, *args, **kwargs)

        return answer

    return wrap
