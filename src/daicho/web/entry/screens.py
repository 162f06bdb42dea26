"""入口の画面: sign-in, sign-out, choice of the terminal."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters

from daicho.access import acting
from daicho.access import sign_in as access_sign_in
from daicho.web.asking import TERMINAL, Request
from daicho.web.entry.forms import SignInForm
from daicho.web.required import methods, signed_in

REMEMBERED = "daicho_terminal"
"""The cookie that says at which terminal a browser stands: it preselects, it opens nothing."""
REMEMBERED_SECONDS = 400 * 24 * 60 * 60

# One sentence for a name not registered, a wrong password, a lock and an ended operator.
NOT_ACCEPTED = "操作者IDかパスワードが違うか、利用が停止されています。"


@methods("GET", "POST")
@sensitive_post_parameters()
def sign_in(request: Request) -> HttpResponse:
    """サインイン."""
    if request.user.is_authenticated:
        return redirect(_next(request))
    if request.method == "GET":
        return _sign_in_page(request, SignInForm())
    form = SignInForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        operator = authenticate(request, username=typed["login"], password=typed["password"])
        if operator is not None:
            login(request, operator)
            return redirect(f"{reverse('entry:terminal')}?{urlencode({'next': _next(request)})}")
        form.add_error(None, NOT_ACCEPTED)
    return _sign_in_page(request, form, status=422)


def _sign_in_page(request: Request, form: SignInForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form.ready(),
        "next": request.POST.get("next", request.GET.get("next", "")),
        "failures_max": settings.SIGN_IN_FAILURES_MAX,
        "lock_minutes": settings.SIGN_IN_LOCK_MINUTES,
    }
    return render(request, "entry/sign_in.html", context, status=status)


@methods("POST")
@signed_in
def sign_out(request: Request) -> HttpResponse:
    """サインアウト."""
    assert request.user.is_authenticated
    terminal = request.session.get(TERMINAL, "")
    access_sign_in.sign_out(request.user, terminal=terminal, request_id=request.request_id)
    logout(request)
    return redirect(f"{reverse('entry:sign_in')}?told=signed_out")


@methods("GET", "POST")
@signed_in
def terminal(request: Request) -> HttpResponse:
    """端末の選択."""
    assert request.user.is_authenticated
    error, status = "", 200
    if request.method == "POST":
        chosen = access_sign_in.choose_terminal(
            request.user, request.POST.get("terminal", ""), request.request_id
        )
        if chosen is not None:
            request.session[TERMINAL] = chosen.code
            return _remembering(redirect(_next(request)), chosen.code)
        error, status = "端末を一つ選んでください。", 422
    terminals = acting.terminals_of(request.user)
    context = {
        "terminals": terminals,
        "preselected": _preselected(request, [one.code for one in terminals]),
        "next": _next(request),
        "error": error,
    }
    return render(request, "entry/terminal.html", context, status=status)


def _preselected(request: Request, codes: list[str]) -> str:
    wanted = request.session.get(TERMINAL) or request.COOKIES.get(REMEMBERED, "")
    if wanted in codes:
        return str(wanted)
    return codes[0] if len(codes) == 1 else ""


def _remembering(response: HttpResponse, code: str) -> HttpResponse:
    response.set_cookie(
        REMEMBERED,
        code,
        max_age=REMEMBERED_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def _next(request: Request) -> str:
    """Where the operator wanted to go: a page of ours, else the role's first page."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure()):
        return wanted
    return reverse(settings.LOGIN_REDIRECT_URL)
