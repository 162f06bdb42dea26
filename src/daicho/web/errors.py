"""誤りの画面: each says what happened, what to do, and the 問合せ番号; never a trace.

They work without a database and without a session: the page is drawn without the request.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

from daicho.access import clock
from daicho.access.presences import Over, Present
from daicho.access.refusals import NotPermitted, Refused
from daicho.access.trailing import failing
from daicho.law.rule import Finding
from daicho.law.safety.watching import ceilings
from daicho.vault.keys import KeyTrouble
from daicho.web import resending
from daicho.web.asking import NoLength

AGAIN_FROM_THE_FORM = "画面を開き直し、もう一度入力して送信してください。"
SEND_AGAIN = "送信した内容はこの画面に残っています。下の「もう一度送る」で、もう一度送信できます。"
HOME = (settings.LOGIN_REDIRECT_URL, "最初の画面へ")
SIGN_IN = ("entry:sign_in", "サインインへ")
OWN_LOG = ("resident:home", "わたしの記録へ")
TERMINAL = ("entry:terminal", "端末を確かめる")
REGISTER = ("entry:register_terminal", "端末を登録する")
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
NO_RIGHT_HERE = Page(
    403,
    "この端末では受け付けられません",
    "端末を選んでいないか、この端末の所属での操作権限が今日はないため、この送信は受け付けていません。"
    "何も記録されていません。",
    (
        "新しいタブを開いて(Ctrl+T)端末を確かめ、このタブに戻ってください。",
        "操作権限がないときは、操作権限の管理担当に登録を依頼してください。",
    ),
    resends=True,
)
SIGN_IN_AGAIN = "新しいタブを開いて(Ctrl+T)サインインし、このタブに戻ってください。"
REPLACED = Page(
    403,
    "この画面は終わりました",
    "一人が同時に使えるのは一か所です。この画面からは何も行っていません。",
    (
        "覚えがないときは、すぐに情報システム担当に連絡してください。",
        "ここで続けるときは、サインインし直してください。すると、そちらの画面が終わります。",
    ),
    resends=True,
)
OVER: Mapping[str, Page] = {
    "replaced": REPLACED,
    "terminal_changed": Page(
        403,
        "この端末のサインインではありません",
        "サインインした端末と違うブラウザから送られたか、端末の登録が終わったため、"
        "サインインを終わらせました。"
        "この画面からは何も行っていません。",
        ("登録された端末でサインインし直してください。", ASK),
    ),
    "locked_out": Page(
        403,
        "サインインを終わらせました",
        "画面ロックの解除で、パスワードを続けて間違えたためです。しばらくはサインインできません。",
        ("時間をおいてサインインしてください。急ぐときは情報システム担当に依頼してください。",),
        resends=True,
    ),
    "password_changed": Page(
        403,
        "パスワードが変わったため、この画面は終わりました",
        "この画面からは何も行っていません。",
        ("新しいパスワードでサインインし直してください。", ASK),
        resends=True,
    ),
}
"""終わった在席の画面: by the reason; the others lead to the sign-in without a word."""
TERMINAL_UNKNOWN = Page(
    403,
    "このブラウザは端末として登録されていません",
    "サインインできるのは、登録された端末のブラウザだけです。",
    (
        "情報システム担当に、この端末の登録番号の発行を依頼してください。",
        "登録番号を受け取ったら、下の「端末を登録する」で入力してください。",
    ),
)
NOT_FOUND = Page(
    404,
    "画面が見つかりません",
    "この宛先の画面はありません。移動したか、宛先が誤っているか、"
    "保存期間の過ぎた記録として廃棄されています。",
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
TOO_MANY_FIELDS = Page(
    413,
    "送信された項目が多すぎます",
    f"一度に受け付けられる項目は{settings.DATA_UPLOAD_MAX_NUMBER_FIELDS}個までです。"
    "何も記録されていません。",
    ("画面を開き直して、もう一度入力してください。", ASK),
)
NO_LENGTH = Page(
    411,
    "送信の長さが分かりません",
    "長さを示さない送信は、読まずに断っています。何も記録されていません。",
    ("ブラウザの画面から、もう一度送信してください。", ASK),
)
TOO_OFTEN = Page(
    429,
    "続けて開かれすぎたため、しばらくお待ちください",
    "サインインする前の画面が、この宛先から短い時間に多く開かれました。何も記録されていません。",
    ("少し待ってから、もう一度開いてください。", ASK),
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
NO_KEYS = Page(
    503,
    "個人番号の鍵を使えません",
    "個人番号を扱う処理ができません。この送信は記録されていません。",
    ("すぐに情報システム担当に連絡してください。", "個人番号を扱わない事務は続けられます。"),
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

_UNREADABLE: Mapping[type[Exception], Page] = {
    RequestDataTooBig: TOO_LARGE,
    TooManyFieldsSent: TOO_MANY_FIELDS,
    TooManyFilesSent: TOO_MANY_FIELDS,
    NoLength: NO_LENGTH,
}
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
    link: tuple[str, str] = HOME,
) -> HttpResponse:
    """The page as an answer, with findings where the law speaks, and where its link leads."""
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
        "link_to": link[0],
        "link_text": link[1],
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
    """What was sent is not read, or not wholly: too long, too much, or in no form."""
    return answer(request, _UNREADABLE.get(type(exception), BAD_REQUEST))


def too_often(request: HttpRequest, seconds: int) -> HttpResponse:
    """続けて開かれすぎた: nobody has signed in there, so nobody who works is held back."""
    match = request.resolver_match
    is_own_log = match is not None and match.app_name == "resident"
    link = OWN_LOG if is_own_log else SIGN_IN
    return answer(request, TOO_OFTEN, headers=[("Retry-After", str(seconds))], link=link)


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


def no_right_here(request: HttpRequest) -> HttpResponse:
    """端末の操作権限: signed in, but nobody who works at this terminal."""
    return answer(request, NO_RIGHT_HERE, link=TERMINAL)


def over(request: HttpRequest, ended: Over) -> HttpResponse | None:
    """終わった在席: why, and where and when another began; None where sign-in says enough."""
    page = OVER.get(ended.reason)
    if page is None:
        return session_ended(request) if request.method == "POST" else None
    if ended.reason == "replaced" and ended.at is not None:
        page = replace(page, what=f"{_elsewhere(ended)}{page.what}")
    if request.method == "POST":
        page = replace(page, remedy=(*page.remedy, SIGN_IN_AGAIN))
    return answer(request, page, link=SIGN_IN)


def _elsewhere(ended: Over) -> str:
    assert ended.at is not None, "said by the caller"
    at = ended.at.astimezone(clock.TOKYO)
    where = f"「{ended.terminal_name}」" if ended.terminal_name else "別の画面"
    return f"{at.month}月{at.day}日{at.hour}時{at.minute:02}分に、{where}でサインインがありました。"


def terminal_unknown(request: HttpRequest) -> HttpResponse:
    """登録されていない端末: told before anything that is typed is looked at."""
    return answer(request, TERMINAL_UNKNOWN, link=REGISTER)


def method_not_allowed(request: HttpRequest, allowed: Sequence[str]) -> HttpResponse:
    return answer(request, METHOD_NOT_ALLOWED, headers=[("Allow", ", ".join(allowed))])


def not_permitted(request: HttpRequest, refusal: NotPermitted) -> HttpResponse:
    finding = refusal.finding
    what = f"{finding.what}何も表示していません。拒んだことは利用記録に残りました。"
    page = replace(FORBIDDEN, what=what, remedy=(finding.remedy,), cited=finding.cited)
    # who was only too quick waits, and then sends the same once more
    page = replace(page, resends=finding.code in ceilings.STOPS)
    return answer(request, page)


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    return answer(request, REFUSED, findings=refusal.findings)


def broken(request: HttpRequest) -> HttpResponse:
    """Whatever nobody expected; a database that is away, full or too busy has its own page.

    What failed is trailed, where there is a database that can take it.
    """
    failure = sys.exc_info()[1]
    request.__dict__["failure"] = failure
    page = _page_of(failure)
    if failure is not None and page not in (NO_DATABASE, DISK_FULL):
        _trail(request, failure)
    return answer(request, page)


def _trail(request: HttpRequest, failure: BaseException) -> None:
    match = request.resolver_match
    # Only an operator who was looked up already: an error asks the database for as little as can be
    found = request.__dict__.get("presence")
    failing.failed(
        match.view_name if match else "none",
        failure,
        getattr(request, "request_id", None) or uuid4(),
        actor=found.actor if isinstance(found, Present) else None,
    )


def _page_of(failure: BaseException | None) -> Page:
    if isinstance(failure, KeyTrouble):
        return NO_KEYS
    if not isinstance(failure, OperationalError | InterfaceError):
        return BROKEN
    sqlstate = getattr(failure.__cause__, "sqlstate", None) or ""
    return _PAGES_BY_SQLSTATE.get(sqlstate, NO_DATABASE)
