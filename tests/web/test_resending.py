"""もう一度送る: an error takes nothing of what was typed away, and gives it to nobody else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from daicho.access import clock, permits
from daicho.access.models import Right
from daicho.law.safety.watching.ceilings import ceilings
from people import Cast
from web.desk import MOVER, TARO, Desk, now, received, rows, who
from web.pages import Form, Forms, form_in
from web.second_factors import holding

pytestmark = pytest.mark.django_db

HERE = {"origin": "http://testserver"}
CORRECTION = {"occurred_on": "R8.11.10", "given_name": "太朗", "why": "corrected_error"}


@pytest.fixture
def strict(family: None, cast: Cast, come_in: Callable[..., Client]) -> Client:
    """A signed-in clerk whose forms are checked like a browser's."""
    client = come_in(cast.clerk, Client(raise_request_exception=False))
    client.handler.enforce_csrf_checks = True
    return client


@pytest.fixture
def at(strict: Client, cast: Cast) -> Desk:
    return Desk(
        strict,
        reverse(
            "counter:change", args=[received(cast.clerk, "corrected", "ex_officio"), who(TARO)]
        ),
    )


def sent(at: Desk, form: Form, do: str, **more: str) -> HttpResponse:
    typed = {**form.typed, **more, "do": do}
    found: HttpResponse = at.client.post(at.address, typed, headers=HERE)  # type: ignore[assignment]  # of the test client
    return found


def given_back(response: HttpResponse) -> Form | None:
    """The form of an error page, if there is one."""
    parser = Forms()
    parser.feed(response.content.decode())
    return parser.forms[0] if parser.forms else None


def test_what_was_typed_is_sent_again_with_a_fresh_token(at: Desk) -> None:
    opened = form_in(at.open())
    answer = sent(at, opened, "check", **CORRECTION, csrfmiddlewaretoken="x" * 64)
    assert answer.status_code == 403
    assert "もう一度送る" in answer.content.decode()
    again = given_back(answer)
    assert again is not None
    assert {name: again.typed[name] for name in CORRECTION} == CORRECTION
    assert again.typed["request_id"] == opened.typed["request_id"], "a repeat stays one"
    assert again.typed["csrfmiddlewaretoken"] != "x" * 64
    sheet = sent(at, again, "check")
    assert sheet.status_code == 200
    assert "修正の確認" in sheet.content.decode()


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://testserver:81"])
def test_a_page_of_another_site_is_not_helped_to_send(at: Desk, origin: str) -> None:
    typed = {**form_in(at.open()).typed, **CORRECTION, "do": "check"}
    answer = at.client.post(at.address, typed, headers={"origin": origin})
    text = answer.content.decode()
    assert answer.status_code == 403
    assert given_back(answer) is None  # type: ignore[arg-type]  # of the test client
    assert "太朗" not in text
    assert "もう一度入力して" in text


def test_who_says_no_origin_is_not_helped_either(at: Desk) -> None:
    typed = {**form_in(at.open()).typed, **CORRECTION, "csrfmiddlewaretoken": "x" * 64}
    answer = at.client.post(at.address, typed)
    assert answer.status_code == 403
    assert "太朗" not in answer.content.decode()


def test_a_number_is_never_given_back_and_the_form_asks_for_it_anew(
    strict: Client, cast: Cast
) -> None:
    at = Desk(strict, reverse("counter:change", args=[received(cast.clerk, "moved_in")]))
    typed = {**MOVER, "person-0-individual_number": "111111111118", "note": "番号111111111118"}
    answer = sent(at, form_in(at.open()), "record", **typed, csrfmiddlewaretoken="x" * 64)
    text = answer.content.decode()
    assert "111111111118" not in text
    assert "この画面に残していません" in text
    again = given_back(answer)
    assert again is not None
    assert again.typed["do"] == "edit", "nothing is recorded without the number that was typed"
    page = at.client.post(at.address, again.typed, headers=HERE).content.decode()
    assert form_in(page).typed["person-0-given_name"] == "𠮷子"


def test_a_remark_that_would_lose_its_text_is_not_sent_again(at: Desk) -> None:
    address = at.address.replace("/change/", "/remark/")
    typed = {"seen": "1", "text": "番号111111111118", "csrfmiddlewaretoken": "x" * 64}
    answer = at.client.post(address, typed, headers=HERE)
    assert answer.status_code == 403
    assert given_back(answer) is None  # type: ignore[arg-type]  # of the test client
    assert "111111111118" not in answer.content.decode()


@contextmanager
def no_database() -> Iterator[None]:
    def refuse(*_: object) -> None:
        raise OperationalError("the connection is closed")

    with connection.execute_wrapper(refuse):
        yield


def test_a_lost_database_loses_nothing_that_was_typed(at: Desk) -> None:
    _, sheet = at.to_sheet(**CORRECTION)
    with no_database():
        answer = sent(at, sheet, "record")
    assert answer.status_code == 503
    again = given_back(answer)
    assert again is not None
    assert sent(at, again, "record").status_code == 302
    assert now(who(TARO), "given_name") == ("太朗",)
    assert sent(at, again, "record").status_code == 302, "sent once too often"
    assert len(rows("SELECT id FROM register_recordedchange WHERE kind = 'corrected'")) == 1


def test_an_ended_session_loses_nothing_that_was_typed(
    at: Desk, cast: Cast, come_in: Callable[..., Client]
) -> None:
    opened = form_in(at.open())
    del at.client.cookies["daicho_session"]
    answer = sent(at, opened, "check", **CORRECTION)
    assert "サインインの有効期限が切れています" in answer.content.decode()
    again = given_back(answer)
    assert again is not None
    at.client.handler.enforce_csrf_checks = False  # another tab has its own token
    come_in(cast.clerk, at.client)
    at.client.handler.enforce_csrf_checks = True
    answer = sent(at, again, "check")
    if answer.status_code == 403:  # signing in has changed the token: once more
        again = given_back(answer)
        assert again is not None
        answer = sent(at, again, "check")
    assert "修正の確認" in answer.content.decode()


def test_who_was_too_quick_waits_and_sends_the_same_once_more(at: Desk, cast: Cast) -> None:
    form = form_in(at.open())
    permit = permits.permit(cast.clerk.acting(), "inquiry.change", clock.today())
    for _ in range(ceilings(clock.today()).looks_minute):
        permits.look(permit, "look", "test")
    with holding():
        answer = sent(at, form, "check", **CORRECTION)
    assert answer.status_code == 403
    assert "1分ほど待ってください" in answer.content.decode()
    again = given_back(answer)
    assert again is not None
    assert again.typed["given_name"] == "太朗"


def test_a_hostile_name_of_a_field_is_text(at: Desk) -> None:
    odd = {'"><i>': '"><script>', "csrfmiddlewaretoken": "x" * 64}
    text = sent(at, form_in(at.open()), "check", **odd).content.decode()
    assert "<script>" not in text
    assert '"><i>' not in text


def test_who_has_no_right_any_more_is_told_so_and_keeps_what_was_typed(
    at: Desk, cast: Cast
) -> None:
    form = form_in(at.open())
    Right.objects.filter(operator=cast.clerk.operator).delete()
    answer = sent(at, form, "check", **CORRECTION)
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "操作権限が今日はない" in text
    assert reverse("entry:terminal") in text
    assert "期限が切れています" not in text
    again = given_back(answer)
    assert again is not None
    assert again.typed["given_name"] == "太朗"
