"""誤りの画面: each says what happened, what to do, and the 問合せ番号; never a trace.

They work without a database and without a session: the page is drawn without the request.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

from daicho.access.refusals import NotPermitted, Refused
from daicho.law.rule import Finding
from daicho.web import resending

AGAIN_FROM_THE_FORM = "画面を開き直し、もう一度入力して送信してください。"
SEND_AGAIN = "送信した内容はこの画面に残っています。下の「もう一度送る」で、もう一度送信できます。"
ASK = "続くときは、下の問合せ番号を添えて情報システム担当に連絡してください。"


@dataclass(frozen=True)
class Page:
    """誤りの画面の文: its status, title, what happened, what to do, and the articles if any."""

    status: int
    title: str
    what: str
    remedy: tuple[str, ...]
    cited: str = ""
    resends: bool = False
    """もう一度送る: what was typed is given back, to be sent again (`resending`)."""


BAD_REQUEST = Page(
    400,
    "要求を読み取れませんでした",
    "送られた内容の形が正しくないため、処理していません。何も記録されていません。",
    ("画面を開き直して、もう一度入力してください。", ASK),
)
FORBIDDEN = Page(
    403,
    "この画面は利用できません",
    "今の所属と担当では利用できない画面です。何も表示していません。",
    ("担当する所属の職員に引き継いでください。",),
)
FORM_TOKEN = Page(
    403,
    "送信を確認できませんでした",
    "画面の有効期限が切れたか、別の画面でサインインし直したため、この送信は受け付けていません。"
    "何も記録されていません。",
    (ASK,),
    resends=True,
)
SESSION_ENDED = Page(
    403,
    "サインインの有効期限が切れています",
    "サインインが終わっていたため、この送信は受け付けていません。",
    ("新しいタブを開いて(Ctrl+T)サインインし、端末を選んでから、このタブに戻ってください。",),
    resends=True,
)
NOT_FOUND = Page(
    404,
    "画面が見つかりません",
    "この宛先の画面はありません。移動したか、宛先が誤っています。",
    ("宛先を確かめるか、最初の画面から開き直してください。",),
)
METHOD_NOT_ALLOWED = Page(
    405,
    "この操作はできません",
    "この画面が受け付けない方法で開かれました。何も記録されていません。",
    ("最初の画面から、ボタンやリンクで開き直してください。",),
)
TOO_LARGE = Page(
    413,
    "送信された内容が大きすぎます",
    f"一度に受け付けられるのは{settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024 // 1024}MBまでです。"
    "何も記録されていません。",
    ("内容を短くして、もう一度入力してください。",),
)
REFUSED = Page(422, "受け付けられませんでした", "何も記録されていません。", (AGAIN_FROM_THE_FORM,))
BROKEN = Page(
    500,
    "システムの誤りで処理できませんでした",
    "入力の誤りではありません。途中の処理は取り消され、記録されていません。",
    ("時間をおいて、もう一度お試しください。", ASK),
    resends=True,
)
NO_DATABASE = Page(
    503,
    "データベースに接続できません",
    "一時的に処理できません。送信中だった内容は記録されていないことがあります。",
    (
        "しばらく待ってから、記録されたかどうかを確かめ、必要ならもう一度送信してください。",
        ASK,
    ),
    resends=True,
)
DISK_FULL = Page(
    503,
    "記録する場所がいっぱいです",
    "データベースの保存領域が足りないため、記録できません。この送信は記録されていません。",
    ("すぐに情報システム担当に連絡してください。空きができるまで、送信し直しても記録できません。",),
    resends=True,
)
AGAIN = Page(
    503,
    "もう一度送信してください",
    "ほかの処理と重なったため、この送信を取りやめました。記録されていません。",
    ("少し待ってください。",),
    resends=True,
)

_PAGES_BY_SQLSTATE = {
    "53100": DISK_FULL,
    "40001": AGAIN,  # serialization_failure
    "40P01": AGAIN,  # deadlock_detected
    "55P03": AGAIN,  # lock_not_available
    "57014": AGAIN,  # query_canceled, by the time limit of a statement
}


def answer(
    request: HttpRequest,
    page: Page,
    findings: Sequence[Finding] = (),
    headers: Iterable[tuple[str, str]] = (),
) -> HttpResponse:
    """The page as an answer, with findings where the law speaks."""
    again = resending.of(request) if page.resends else None
    if page.resends and request.method == "POST":
        step = SEND_AGAIN if again else AGAIN_FROM_THE_FORM
        remedy = sorted((*page.remedy, step), key=lambda one: one == ASK)  # whom to ask stands last
        page = replace(page, remedy=tuple(remedy))
    context = {
        "page": page,
        "again": again,
        "findings": findings,
        "receipt": getattr(request, "request_id", ""),
        "home": settings.LOGIN_REDIRECT_URL,
        "role": settings.ROLE,
        "body_name": settings.BODY_NAME,
    }
    html = render_to_string("web/error.html", context)
    response = HttpResponse(html, status=page.status, headers=dict(headers))
    spare_djangos_line(response)
    return response


def spare_djangos_line(response: HttpResponseBase) -> None:
    """Django would log the address of every failure; our one line has the route and the number."""
    response.__dict__["_has_been_logged"] = True


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, TOO_LARGE if isinstance(exception, RequestDataTooBig) else BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception  # its text may hold what was typed
    return answer(request, FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception
    return answer(request, NOT_FOUND)


def form_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """フォームの証票: missing, stolen or expired; or the form could not be read at all."""
    del reason
    unreadable = getattr(request, "unreadable", None)
    if unreadable is not None:
        return bad_request(request, unreadable)
    return answer(request, FORM_TOKEN)


def session_ended(request: HttpRequest) -> HttpResponse:
    return answer(request, SESSION_ENDED)


def method_not_allowed(request: HttpRequest, allowed: Sequence[str]) -> HttpResponse:
    return answer(request, METHOD_NOT_ALLOWED, headers=[("Allow", ", ".join(allowed))])


def not_permitted(request: HttpRequest, refusal: NotPermitted) -> HttpResponse:
    finding = refusal.finding
    what = f"{finding.what}何も表示していません。拒んだことは利用記録に残りました。"
    page = replace(FORBIDDEN, what=what, remedy=(finding.remedy,), cited=finding.cited)
    return answer(request, page)


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    return answer(request, REFUSED, findings=refusal.findings)


def broken(request: HttpRequest) -> HttpResponse:
    """Whatever nobody expected; a database that is away, full or too busy has its own page."""
    failure = sys.exc_info()[1]
    request.__dict__["failure"] = failure
    return answer(request, _page_of(failure))


def _page_of(failure: BaseException | None) -> Page:
    if not isinstance(failure, OperationalError | InterfaceError):
        return BROKEN
    sqlstate = getattr(failure.__cause__, "sqlstate", None) or ""
    return _PAGES_BY_SQLSTATE.get(sqlstate, NO_DATABASE)
