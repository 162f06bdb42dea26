"""画面ロック: the page in place of a screen, and the undoing of the lock.

With its script the browser covers the page that stands there, and asks `unlock`. Without it the
lock's own page holds what was typed, and sends it on to the screen together with the password.
"""

from dataclasses import replace
from http import HTTPStatus
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from daicho.access import presences
from daicho.access.entering import passwords
from daicho.access.presences import Over, Present
from daicho.web import errors, resending
from daicho.web.asking import Request, present
from daicho.web.required import methods

PASSWORD = "unlock_password"  # noqa: S105  the name of a field
THEN = "unlock_then"
WRONG = "パスワードが違うか、利用が停止されています。"
NOT_HERE = "職員認証でサインインしています。サインインし直してください。"
IS_OVER = "サインインが終わりました。サインインし直してください。"


def answer(request: HttpRequest, found: Present) -> HttpResponse | None:
    """ロックの画面: in place of the screen; None where the right password came along with it."""
    asked = cast(Request, request)
    is_asked = found.unlocks_by_password
    if request.method != "POST" or PASSWORD not in request.POST or not is_asked:
        return _page(asked, found)
    typed = request.POST.copy()
    password, then = (str(typed.pop(name, [""])[0]) for name in (PASSWORD, THEN))
    request.POST = typed  # type: ignore[assignment]  # the password goes no further
    if not _is_right(asked, found, password):
        over = _still_there(asked, found)
        return over or _page(asked, found, WRONG)
    if then == "open":
        return redirect(request.get_full_path())
    return redirect(settings.LOGIN_REDIRECT_URL) if then == "home" else None


def _page(request: Request, found: Present, wrong: str = "") -> HttpResponse:
    again = resending.of(request)
    then = "send" if again else "home" if request.method == "POST" else "open"
    context = {"presence": found, "again": again, "then": then, "wrong": wrong}
    return render(request, "entry/locked.html", context, status=HTTPStatus.LOCKED)


def _is_right(request: Request, found: Present, typed: str) -> bool:
    """Try the password; where it is right the lock is undone."""
    session_key = str(request.session.session_key)
    if not passwords.confirm(
        found.operator, typed, terminal=found.terminal, request_id=request.request_id
    ):
        return False
    request.__dict__["presence"] = replace(found, locked_at=None)
    return presences.unlock(found, session_key, request.request_id)


def _still_there(request: Request, found: Present) -> HttpResponse | None:
    """Count the wrong answer; the page of a session that it ended."""
    session_key = str(request.session.session_key)
    if presences.refuse_unlock(found, session_key, request.request_id):
        return None
    request.session.flush()
    request.__dict__["presence"] = None
    return errors.over(request, Over("locked_out"))


@methods("POST")
def lock(request: Request) -> HttpResponse:
    """画面ロック: by the person's own key, or by the browser when nobody touched it for so long."""
    found = present(request)
    if found is None:
        return _text(IS_OVER, HTTPStatus.FORBIDDEN)
    by_browser = request.POST.get("by", "")
    how = "idle" if by_browser == "idle" else "by_hand"
    presences.lock(found.operator.pk, str(request.session.session_key), how, request.request_id)
    return HttpResponse(status=204) if by_browser else redirect(settings.LOGIN_REDIRECT_URL)


@methods("POST")
@sensitive_post_parameters(PASSWORD)
def unlock(request: Request) -> HttpResponse:
    """画面ロックの解除: asked by the browser, whose page stands there as it was."""
    found = present(request)
    if found is None:
        return _text(IS_OVER, HTTPStatus.FORBIDDEN)
    if not found.unlocks_by_password:
        return _text(NOT_HERE, HTTPStatus.UNPROCESSABLE_ENTITY)
    if _is_right(request, found, str(request.POST.get(PASSWORD, ""))):
        return HttpResponse(status=204)
    over = _still_there(request, found)
    if over is not None:
        return _text(IS_OVER, HTTPStatus.FORBIDDEN)
    return _text(WRONG, HTTPStatus.UNPROCESSABLE_ENTITY)


@methods("POST")
def here(request: Request) -> HttpResponse:
    """在席の知らせ: somebody types or points at a page, though nothing is sent yet."""
    if present(request) is None:
        return _text(IS_OVER, HTTPStatus.FORBIDDEN)
    return HttpResponse(status=204)


def _text(words: str, status: HTTPStatus) -> HttpResponse:
    response = HttpResponse(words, content_type="text/plain; charset=utf-8", status=status)
    errors.spare_djangos_line(response)
    return response
