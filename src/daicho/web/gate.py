"""門: what stands before every screen.

A browser that is no registered terminal's comes in nowhere, where the policy says so; a session
that is over is told why, once; behind a locked screen nothing opens and nothing is done. Who has
not signed in is answered only so often; what cannot be read, or is too long, is not read.
"""

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from daicho.access import presences, terminals
from daicho.access.presences import Over, Present
from daicho.web import arriving, errors
from daicho.web.asking import BROWSER_KEY, Request, presence_of, present
from daicho.web.entry import locked

_MACHINES = frozenset({"entry:healthz", "entry:readyz", "entry:metrics"})
# Nobody is asked who it is: the machinery's own pages, and that on which a terminal is registered.
_OPEN = frozenset(
    {
        *_MACHINES,
        "entry:register_terminal",
        # where a directory sends people back: without our cookies, and with no other way in
        "entry:directory_back",
    }
)
_WHILE_LOCKED = frozenset({"entry:lock", "entry:unlock", "entry:sign_out"})
_SIGN_IN = "entry:sign_in"


def answer(request: Request) -> HttpResponse | None:
    """門の答え: what is answered in place of the screen; None lets the request through."""
    match = request.resolver_match
    route = match.view_name if match else ""
    if request.unreadable is not None:
        return errors.bad_request(request, request.unreadable)
    if route not in _MACHINES and present(request) is None:
        seconds = arriving.seconds_to_wait(request)
        if seconds:
            return errors.too_often(request, seconds)
    if route in _OPEN:
        return None
    if _came_without_cookies(request):
        return render(request, "entry/coming_again.html", {"again": request.get_full_path()})
    return _of_whom(request, route)


def _of_whom(request: Request, route: str) -> HttpResponse | None:
    found = presence_of(request)
    if isinstance(found, Present):
        if found.locked_at is not None and route not in _WHILE_LOCKED:
            return locked.answer(request, found)
        if found.terminal:
            return None  # the browser was compared with it
    told = _told(request, found, route) if isinstance(found, Over) else None
    if told is not None:
        return told
    if terminals.may_sign_in_at(request.COOKIES.get(BROWSER_KEY, "")):
        return None
    if request.method == "POST":
        terminals.refuse(request.request_id)
    return errors.terminal_unknown(request)


def _came_without_cookies(request: HttpRequest) -> bool:
    """By a link of another site our cookies do not come along: the page asks for itself once more.

    Then it is our own page that asks, so that this does not go on.
    """
    is_link = request.headers.get("Sec-Fetch-Site") == "cross-site" and request.method == "GET"
    return is_link and not {settings.SESSION_COOKIE_NAME, BROWSER_KEY} & request.COOKIES.keys()


def _told(request: HttpRequest, ended: Over, route: str) -> HttpResponse | None:
    request.session.flush()
    request.__dict__["presence"] = None
    # Who signs in already is not told that this must be done.
    return None if route == _SIGN_IN else errors.over(request, ended)


def follow(request: Request, session_key: str | None) -> None:
    """鍵の交換: where this request changed the session's key, the presence goes along with it.

    A presence that began with this request is kept at the terminal of its browser.
    """
    found, after = request.__dict__.get("presence"), request.session.session_key
    if not after or after == session_key:
        return
    named = request.session.get(SESSION_KEY)
    if named is None:
        return
    if isinstance(found, Present) and session_key and named == str(found.operator.pk):
        presences.follow(found.operator.pk, session_key, after)
    browser_key = request.COOKIES.get(BROWSER_KEY, "")
    presences.keep_at(int(named), after, browser_key, request.request_id)
