"""端末: which terminal this is: that of the browser's key, or one that is chosen."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from daicho.access import acting, policy, presences, terminals
from daicho.web.asking import BROWSER_KEY, Request
from daicho.web.entry.refusing import wanted
from daicho.web.required import methods, signed_in

REMEMBERED = f"{settings.COOKIE_PREFIX}daicho_terminal{settings.COOKIE_SUFFIX}"
"""The cookie that says at which terminal a browser stood last: it preselects, it opens nothing."""
KEPT_SECONDS = 400 * 24 * 60 * 60
NOT_ACCEPTED = "登録番号が違うか、15分の期限を過ぎています。"


@methods("GET", "POST")
@signed_in
def terminal(request: Request) -> HttpResponse:
    """端末の選択: only where terminals are not registered; else the browser's own is taken."""
    assert request.user.is_authenticated
    operator, session_key = request.user, str(request.session.session_key)
    if policy.sign_in().registered_terminals_only:
        return _own(request, session_key)
    error, status, own_office = "", 200, operator.office.pk
    if request.method == "POST":
        code = request.POST.get("terminal", "")
        code = code if code.isprintable() else ""  # the database holds no NUL, nor asks for one
        chosen = presences.choose(operator, session_key, code, request.request_id)
        if chosen is not None:
            return _keeping(redirect(wanted(request)), REMEMBERED, chosen.code)
        error, status = "端末を一つ選んでください。", 422
    found = acting.terminals_of(operator)
    context = {
        "terminals": found,
        "has_others": any(one.office.pk != own_office for one in found),
        "preselected": _preselected(request, [one.code for one in found]),
        "next": wanted(request),
        "error": error,
    }
    return render(request, "entry/terminal.html", context, status=status)


def _own(request: Request, session_key: str) -> HttpResponse:
    assert request.user.is_authenticated
    if request.actor:  # seated when the session began
        return redirect(wanted(request))
    key = request.COOKIES.get(BROWSER_KEY, "")
    if presences.take(request.user, session_key, key, request.request_id) is not None:
        return redirect(wanted(request))
    context = {"stands_at": terminals.of_browser(key)}
    return render(request, "entry/no_right_here.html", context, status=403)


def _preselected(request: Request, codes: list[str]) -> str:
    found = request.presence
    at = found.terminal if isinstance(found, presences.Present) else ""
    wanted = at or request.COOKIES.get(REMEMBERED, "")
    if wanted in codes:
        return wanted
    return codes[0] if len(codes) == 1 else ""


@methods("GET", "POST")
def register(request: Request) -> HttpResponse:
    """端末の登録: before sign-in, by the code that was given for this terminal."""
    if request.method == "GET":
        return _register_page(request)
    registered = terminals.register(request.POST.get("code", ""), request.request_id)
    if registered is None:
        return _register_page(request, NOT_ACCEPTED)
    _, key = registered
    answer = redirect(f"{reverse('entry:sign_in')}?told=terminal_registered")
    return _keeping(answer, BROWSER_KEY, key)


def _register_page(request: Request, error: str = "") -> HttpResponse:
    here = terminals.of_browser(request.COOKIES.get(BROWSER_KEY, ""))
    context = {"error": error, "registered": here, "minutes": terminals.CODE_MINUTES}
    return render(request, "entry/register_terminal.html", context, status=422 if error else 200)


def _keeping(response: HttpResponse, name: str, value: str) -> HttpResponse:
    response.set_cookie(
        name,
        value,
        max_age=KEPT_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response
