"""どの宛先でも: what holds for every address of the role: sign-in, headers, no trace, one line."""

import json
import logging
import os
import re
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse
from psycopg import errors as psycopg_errors

from daicho.access.refusals import NotPermitted, Refused
from daicho.law.rule import FINDINGS
from daicho.vault.keys import KeyTrouble
from daicho.web import errors
from daicho.web.asking import numbered
from daicho.web.entry import health
from people import Cast

pytestmark = pytest.mark.django_db

ComeIn = Callable[..., Client]

OPEN_TO_ALL = {
    "entry:sign_in",
    "entry:register_terminal",
    "entry:healthz",
    "entry:readyz",
    "entry:metrics",
}
POST_ONLY = {
    "console:carry_out_disposal",
    "console:carry_out_retention",
    "console:decide_disposal",
    "console:decide_emergency",
    "console:decide_number_file",
    "console:decide_retention",
    "console:end_emergency",
    "console:end_number_file",
    "console:hold_retention",
    "console:lift_retention",
    "console:open_review",
    "console:propose_disposal",
    "console:propose_retention",
    "console:review_emergency",
    "console:stop_disposal",
    "console:stop_retention",
    "console:take_off_disposal",
    "console:take_off_retention",
    "entry:here",
    "entry:lock",
    "entry:sign_out",
    "entry:unlock",
    "counter:decide_export",
    "counter:end_export",
    "counter:hand_over_export",
    "counter:make_export",
    "counter:act_on_disclosure",
    "counter:give_disclosure",
    "counter:postal",
    "counter:buildings",
    "counter:code_notice",
    "counter:print",
    "counter:spoil",
    "counter:whose_trail",
}
NOBODY = "00000000-0000-4000-8000-000000000000"
NUMBERS = (
    "request_no residence_no factor operator_id row_id position_id holding_id review_id use_id "
    "trail_id question_id list_id permit_id disclosure_id analysis_id notice_id"
)
IDS = "search record reception issue export message"
"""引数の名: of those that are the number of a row, and of those that are a UUID."""
EXAMPLES = {
    "<slug:work>": "change",
    **{f"<uuid:{one}_id>": NOBODY for one in IDS.split()},
    "<slug:kind>": "mailing",
    "<slug:slug>": "give",
    "<str:code>": "C001",
    **{f"<int:{one}>": "1" for one in NUMBERS.split()},
}


def routes(
    patterns: list[URLPattern | URLResolver], space: str = "", before: str = "/"
) -> Iterator[tuple[str, str]]:
    """Name and address of every screen, with examples for what it takes."""
    for one in patterns:
        address = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, one.namespace or space, address)
        else:
            for argument, example in EXAMPLES.items():
                address = address.replace(argument, example)
            assert "<" not in address, f"{address}: give an example of its argument"
            yield f"{space}:{one.name}", address


ROUTES = dict(routes(get_resolver("daicho.site.urls").url_patterns))
SWITCHED_OFF = {one for one in ROUTES if one.startswith("resident:")}
"""標準にない機能: no page is there, for nobody, until it is switched on (`test_own_log`)."""


def test_every_address_but_a_named_few_leads_to_sign_in(cast: Cast, browser: Client) -> None:
    assert set(ROUTES) >= OPEN_TO_ALL | POST_ONLY
    for name in set(ROUTES) - OPEN_TO_ALL - POST_ONLY - SWITCHED_OFF:
        response = browser.get(ROUTES[name])
        assert response.status_code == 302, name
        assert response["Location"].startswith(reverse("entry:sign_in")), name


def test_a_post_without_a_session_is_refused_not_thrown_away(cast: Cast, browser: Client) -> None:
    for name in ("entry:sign_out", "entry:terminal", "entry:password"):
        response = browser.post(ROUTES[name])
        assert response.status_code == 403, name
        assert "サインインの有効期限が切れています" in response.content.decode(), name


@pytest.mark.parametrize("address", [*ROUTES.values(), "/nowhere", "/static/nothing.css"])
def test_every_answer_has_the_policy_and_is_not_kept(
    cast: Cast, come_in: ComeIn, address: str
) -> None:
    response = come_in(cast.system_operator).get(address)
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("address", sorted(set(ROUTES.values()) | {"/nowhere"}))
def test_no_page_has_script_or_style_of_its_own(cast: Cast, come_in: ComeIn, address: str) -> None:
    text = come_in(cast.system_operator).get(address).content.decode()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?! src=)|javascript:", text)
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', text)


def test_static_files_are_served_and_may_be_kept(client: Client) -> None:
    for name in ("tokens/tokens.css", "daicho.css", "keys.js", "icon.svg"):
        response = client.get(f"/static/daicho/{name}")
        assert response.status_code == 200, name
        assert response["Cache-Control"] != "no-store"
        response.close()


def test_a_wrong_method_is_told_with_the_right_ones(client: Client) -> None:
    response = client.post(reverse("counter:home"))
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert "問合せ番号" in response.content.decode()


# -- The form's token ------------------------------------------------------------------------------


@pytest.fixture
def strict() -> Client:
    """A client whose forms are checked like a browser's."""
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


@pytest.mark.parametrize("token", [None, "stolen" + "x" * 58, "short"])
def test_a_form_without_its_own_token_records_nothing(
    cast: Cast, strict: Client, token: str | None
) -> None:
    strict.get(reverse("entry:sign_in"))
    typed = {"login": cast.clerk.login, "password": cast.clerk.password}
    if token is not None:
        typed["csrfmiddlewaretoken"] = token
    response = strict.post(reverse("entry:sign_in"), typed)
    text = response.content.decode()
    assert response.status_code == 403
    assert "何も記録されていません。" in text
    assert "もう一度入力して" in text, "a password is never given back"
    assert cast.clerk.password not in text
    assert settings.SESSION_COOKIE_NAME not in strict.cookies


def test_a_form_that_is_too_large_is_told_so(strict: Client) -> None:
    typed = {"login": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}
    body = "login=" + typed["login"]
    response = strict.post(
        reverse("entry:sign_in"), body, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 413
    assert "2MBまで" in response.content.decode()


def test_a_form_that_cannot_be_read_is_told_so(strict: Client) -> None:
    response = strict.post(
        reverse("entry:sign_in"), b"--x", content_type="multipart/form-data; boundary=é"
    )
    assert response.status_code == 400
    assert "要求を読み取れませんでした" in response.content.decode()


# -- The number of a request -----------------------------------------------------------------------

NUMBER = "2f0e7c1a-9b1d-4c57-8a55-0d9a3f6f2c11"


@pytest.mark.parametrize(
    ("typed", "is_kept", "because"),
    [
        (NUMBER, True, "a double submit repeats the number of its form"),
        ("", False, "a form of another make has none"),
        ("x" * 36, False, "what is no UUID never reaches log or trail"),
        ("../../etc", False, "nor does what someone tries"),
    ],
)
def test_the_number_of_a_form(typed: str, is_kept: bool, because: str) -> None:
    request = RequestFactory().post("/", {"request_id": typed})
    assert (str(numbered(request).request_id) == typed) is is_kept, because


def test_the_number_of_an_address_is_not_taken() -> None:
    request = RequestFactory().get("/", {"request_id": NUMBER})
    assert str(numbered(request).request_id) != NUMBER


# -- When something breaks -------------------------------------------------------------------------

MARKER = "山田花子0001"
FAILURES: dict[str, Exception] = {
    "broken": RuntimeError(MARKER),
    "suspicious": SuspiciousOperation(MARKER),
    "away": OperationalError(MARKER),
    "closed": InterfaceError(MARKER),
    "no_keys": KeyTrouble(MARKER),
}
for code, kind in (
    ("full", psycopg_errors.DiskFull),
    ("deadlock", psycopg_errors.DeadlockDetected),
    ("serialisation", psycopg_errors.SerializationFailure),
    ("lock", psycopg_errors.LockNotAvailable),
):
    FAILURES[code] = OperationalError(MARKER)
    FAILURES[code].__cause__ = kind(MARKER)
_FINDING = FINDINGS["access.purpose_unknown"]()
FAILURES["not_permitted"] = NotPermitted(_FINDING)
FAILURES["refused"] = Refused([_FINDING])


def failing(_: HttpRequest, what: str) -> HttpResponse:
    raise FAILURES[what]


urlpatterns = [
    path("fail/<str:what>", failing, name="fail"),
    *get_resolver("daicho.site.urls").url_patterns,
]
handler400, handler403 = errors.bad_request, errors.forbidden
handler404, handler500 = errors.not_found, errors.broken


@pytest.mark.parametrize(
    ("what", "status", "title"),
    [
        ("broken", 500, "システムの誤りで処理できませんでした"),
        ("suspicious", 400, "要求を読み取れませんでした"),
        ("away", 503, "データベースに接続できません"),
        ("closed", 503, "データベースに接続できません"),
        ("no_keys", 503, "個人番号の鍵を使えません"),
        ("full", 503, "記録する場所がいっぱいです"),
        ("deadlock", 503, "もう一度送信してください"),
        ("serialisation", 503, "もう一度送信してください"),
        ("lock", 503, "もう一度送信してください"),
        ("not_permitted", 403, "この画面は利用できません"),
        ("refused", 422, "受け付けられませんでした"),
    ],
)
@pytest.mark.urls(__name__)
def test_a_failure_has_its_page_and_leaks_nothing(
    browser: Client, logged: list[str], what: str, status: int, title: str
) -> None:
    response = browser.get(f"/fail/{what}", {"name": MARKER})
    text = response.content.decode()
    assert response.status_code == status
    assert f"<h1>{title}</h1>" in text
    assert "問合せ番号 <code>" in text
    assert "Content-Security-Policy" in response
    for never in (MARKER, "Traceback", "RuntimeError", ".py", "psycopg"):
        assert never not in text
    assert MARKER not in "".join(logged)


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Every line of the program's log, as it would be written."""
    lines: list[str] = []
    root = next(one for one in logging.getLogger().handlers if one.formatter is not None)

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    kept = Kept()
    kept.setFormatter(root.formatter)
    logging.getLogger().addHandler(kept)
    yield lines
    logging.getLogger().removeHandler(kept)


@pytest.mark.urls(__name__)
def test_each_request_has_one_line_with_its_number_and_nothing_typed(
    browser: Client, logged: list[str]
) -> None:
    typed = {"login": MARKER, "password": MARKER, "request_id": NUMBER}
    browser.post(reverse("entry:sign_in"), typed, query_params={"next": MARKER})
    browser.get(f"/{MARKER}")
    browser.get("/fail/broken")
    lines = [json.loads(line) for line in logged]
    assert [(one["route"], one["status"]) for one in lines] == [
        ("entry:sign_in", 422),
        ("none", 404),
        ("fail", 500),
    ]
    assert lines[0]["request_id"] == NUMBER
    assert lines[2]["exception"]["class"] == "RuntimeError"
    assert MARKER not in "".join(logged)


def test_the_line_names_the_operator_by_number(
    cast: Cast, come_in: ComeIn, logged: list[str]
) -> None:
    come_in(cast.clerk).get(reverse("counter:home"))
    assert json.loads(logged[-1])["operator"] == cast.clerk.operator.pk
    assert cast.clerk.operator.name not in "".join(logged)


# -- The machine's own questions -------------------------------------------------------------------


def test_the_process_lives_without_a_database(client: Client, refusing_database: None) -> None:
    assert client.get(reverse("entry:healthz")).json() == {"status": "ok"}


def test_an_error_page_needs_no_database(browser: Client, refusing_database: None) -> None:
    assert browser.get("/nowhere").status_code == 404
    browser.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    response = browser.get(reverse("counter:home"))
    assert response.status_code == 503
    assert "データベースに接続できません" in response.content.decode()


@pytest.fixture
def refusing_database() -> Iterator[None]:
    """A database that is away: every statement fails as if the connection were lost."""
    from django.db import connection

    def refuse(*_: object) -> None:
        raise OperationalError("the connection is closed")

    with connection.execute_wrapper(refuse):
        yield


def test_ready_when_every_migration_is_applied(client: Client) -> None:
    assert client.get(reverse("entry:readyz")).json() == {"status": "ok"}


def test_not_ready_without_the_database(client: Client, refusing_database: None) -> None:
    response = client.get(reverse("entry:readyz"))
    assert response.status_code == 503
    assert response.json()["reason"] == "database_unavailable"


def test_not_ready_when_the_program_is_newer_than_its_database(client: Client) -> None:
    health._migrations.cache_clear()
    newer = [*settings.INSTALLED_APPS, "django.contrib.sites"]
    with override_settings(INSTALLED_APPS=newer):
        response = client.get(reverse("entry:readyz"))
    health._migrations.cache_clear()
    assert response.status_code == 503
    assert response.json()["reason"] == "migrations_missing"
    assert response.json()["missing"] == [
        "sites.0001_initial",
        "sites.0002_alter_domain_unique",
    ]


def test_counters_are_told_to_the_machine_itself_only(client: Client) -> None:
    text = client.get(reverse("entry:metrics")).content.decode()
    assert "daicho_requests_total" in text
    elsewhere = client.get(reverse("entry:metrics"), REMOTE_ADDR="192.0.2.7")
    proxied = client.get(reverse("entry:metrics"), headers={"x-forwarded-for": "192.0.2.7"})
    assert (elsewhere.status_code, proxied.status_code) == (404, 404)


def test_all_workers_are_counted_together(
    client: Client, tmp_path: os.PathLike[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    assert client.get(reverse("entry:metrics")).status_code == 200
