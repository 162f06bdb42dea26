"""画面ロック: behind it nothing opens and nothing is done, and nothing that was typed is lost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import cast as cast_to

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from daicho.access import clock, policy
from daicho.access.models import Operator, Presence, Trail
from daicho.law import packs
from people import PASSWORD, Cast
from web.conftest import SignIn
from web.desk import MOVER, TARO, Desk, received, rows, who
from web.pages import Form, Forms, form_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("by_the_pages")]

HERE = {"origin": "http://testserver"}
ComeIn = Callable[..., Client]
IDLE = timedelta(minutes=30)


@contextmanager
def later(by: timedelta = IDLE) -> Iterator[None]:
    with clock.fixed(clock.now() + by):
        yield


def home(client: Client) -> HttpResponse:
    return cast_to(HttpResponse, client.get(reverse("counter:home")))


def lock_form(response: HttpResponse) -> Form:
    """The form of the lock's own page."""
    parser = Forms()
    parser.feed(response.content.decode())
    return parser.forms[0]


def events() -> list[str]:
    return list(Trail.objects.order_by("id").values_list("event", flat=True))


def unlock(client: Client, password: str, address: str = "/", **more: str) -> HttpResponse:
    """Send the lock's own page, as it stands at that address."""
    typed = {"unlock_then": "open", "unlock_password": password, **more}
    return cast_to(HttpResponse, client.post(address, typed))


def ask_to_unlock(client: Client, password: str) -> HttpResponse:
    """What the browser asks whose page is covered."""
    typed = {"unlock_password": password}
    return cast_to(HttpResponse, client.post(reverse("entry:unlock"), typed))


def test_the_trial_locks_after_half_an_hour() -> None:
    assert timedelta(minutes=policy.sign_in().idle_minutes) == IDLE


def test_after_the_idle_time_nothing_opens(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    with later():
        answer = home(client)
        text = answer.content.decode()
        assert answer.status_code == 423
        assert "画面ロック" in text
        assert "今日の受付" not in text
        assert home(client).status_code == 423, "looking does not unlock"
    row = Trail.objects.latest("id")
    assert (row.event, row.detail, row.terminal) == ("screen_locked", {"how": "idle"}, "C001")
    assert events().count("screen_locked") == 1


def test_before_the_idle_time_all_is_open(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    with later(IDLE - timedelta(seconds=1)):
        assert home(client).status_code == 200
    with later(2 * (IDLE - timedelta(minutes=1))):
        assert home(client).status_code == 200, "a request is somebody there"


def test_a_policy_without_idle_time_never_locks(
    cast: Cast, come_in: ComeIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial = packs.PACKS[packs.TRIAL]
    awake = replace(trial, sign_in=replace(trial.sign_in, idle_minutes=0))
    monkeypatch.setattr(packs, "PACKS", {**packs.PACKS, packs.TRIAL: awake})
    client = come_in(cast.clerk)
    with later(timedelta(hours=9)):
        assert home(client).status_code == 200


def test_the_right_password_opens_the_same_address(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    with later():
        home(client)
        answer = unlock(client, PASSWORD, "/?told=recorded")
        assert answer["Location"] == "/?told=recorded"
        assert home(client).status_code == 200
    assert events()[-1] == "screen_unlocked"


def test_a_wrong_password_is_counted_and_opens_nothing(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    with later():
        home(client)
        answer = unlock(client, "wrong-wrong-wrong")
        text = answer.content.decode()
        assert answer.status_code == 423
        assert "パスワードが違うか、利用が停止されています。" in text
        assert "wrong-wrong-wrong" not in text
        assert home(client).status_code == 423
    assert Operator.objects.get(pk=cast.clerk.operator.pk).failures == 1


@pytest.mark.parametrize("way", [unlock, ask_to_unlock])
def test_too_many_wrong_answers_end_the_session_and_lock_the_operator(
    cast: Cast,
    come_in: ComeIn,
    try_sign_in: SignIn,
    way: Callable[[Client, str], HttpResponse],
) -> None:
    client = come_in(cast.clerk)
    with later():
        home(client)
        answers = [
            way(client, "wrong-wrong-wrong").status_code
            for _ in range(policy.sign_in().failures_max)
        ]
        assert answers[-1] == 403
        assert 403 not in answers[:-1]
        assert home(client)["Location"].startswith(reverse("entry:sign_in"))
        assert not Presence.objects.filter(operator=cast.clerk.operator).exists()
        assert try_sign_in(cast.clerk.login, PASSWORD, Client()).status_code == 422
    ended = Trail.objects.get(event="session_ended")
    assert (ended.detail, ended.terminal) == ({"reason": "locked_out"}, "C001")
    assert "sign_in_locked" in events()


def test_who_is_locked_out_elsewhere_cannot_unlock_but_is_not_thrown_out(
    cast: Cast, come_in: ComeIn, try_sign_in: SignIn
) -> None:
    client = come_in(cast.clerk)
    with later():
        home(client)
        for _ in range(policy.sign_in().failures_max):
            try_sign_in(cast.clerk.login, "wrong-wrong-wrong", Client())
        assert unlock(client, PASSWORD).status_code == 423
    with later(IDLE + timedelta(minutes=policy.sign_in().lock_minutes, seconds=1)):
        assert unlock(client, PASSWORD).status_code == 302


# -- What was typed ----------------------------------------------------------------------------


@pytest.fixture
def at(family: None, cast: Cast, come_in: ComeIn) -> Desk:
    """The form of a correction, at a browser whose forms are checked."""
    client = come_in(cast.clerk, Client(raise_request_exception=False))
    client.handler.enforce_csrf_checks = True
    reception = received(cast.clerk, "corrected", "ex_officio")
    return Desk(client, reverse("counter:change", args=[reception, who(TARO)]))


CORRECTION = {"occurred_on": "R8.11.10", "given_name": "太朗", "why": "corrected_error"}


def sent(at: Desk, form: Form, **more: str) -> HttpResponse:
    found: HttpResponse = at.client.post(at.address, {**form.typed, **more}, headers=HERE)  # type: ignore[assignment]  # of the test client
    return found


def test_a_form_that_is_sent_while_locked_goes_on_after_the_password(at: Desk) -> None:
    opened = form_in(at.open())
    with later():
        answer = sent(at, opened, do="check", **CORRECTION)
        assert answer.status_code == 423
        assert "太郎" not in answer.content.decode(), "nothing of the register stands there"
        kept = lock_form(answer)
        assert {name: kept.typed[name] for name in CORRECTION} == CORRECTION
        assert kept.typed["request_id"] == opened.typed["request_id"], "a repeat stays one"
        wrong = sent(at, kept, unlock_password="wrong-wrong-wrong")
        assert wrong.status_code == 423
        again = lock_form(wrong)
        assert {name: again.typed[name] for name in CORRECTION} == CORRECTION
        sheet = sent(at, again, unlock_password=PASSWORD)
    assert sheet.status_code == 200
    assert "修正の確認" in sheet.content.decode()
    assert PASSWORD not in sheet.content.decode()


def test_what_is_sent_while_locked_is_not_done(at: Desk) -> None:
    _, sheet = at.to_sheet(**CORRECTION)
    changes = "SELECT count(*) FROM register_recordedchange WHERE kind = 'corrected'"
    with later():
        answer = sent(at, sheet, do="record")
        assert answer.status_code == 423
        assert rows(changes) == [(0,)]
        assert sent(at, lock_form(answer), unlock_password=PASSWORD).status_code == 302
    assert rows(changes) == [(1,)]


def test_a_number_is_not_kept_on_the_page_of_the_lock(
    family: None, cast: Cast, come_in: ComeIn
) -> None:
    client = come_in(cast.clerk)
    at = Desk(client, reverse("counter:change", args=[received(cast.clerk, "moved_in")]))
    form = form_in(at.open())
    typed = {**MOVER, "person-0-individual_number": "111111111118", "do": "record"}
    with later():
        answer = sent(at, form, **typed)
        assert "111111111118" not in answer.content.decode()
        page = sent(at, lock_form(answer), unlock_password=PASSWORD)
    assert page.status_code == 200, "the form, to type the number anew"
    assert form_in(page.content.decode()).typed["person-0-given_name"] == "𠮷子"


def test_a_page_of_another_site_sends_nothing_through_the_lock(at: Desk) -> None:
    typed = {**CORRECTION, "unlock_password": PASSWORD, "unlock_then": "send"}
    with later():
        home(at.client)
        answer = at.client.post(at.address, typed, headers={"origin": "https://elsewhere.example"})
        assert answer.status_code == 403
        assert home(at.client).status_code == 423


def test_a_form_that_cannot_be_kept_says_so(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    with later():
        answer = client.post(reverse("entry:password"), {"present": PASSWORD})
        assert answer.status_code == 423
        assert "もう一度行ってください" in answer.content.decode()
        opened = unlock(client, PASSWORD, reverse("entry:password"), unlock_then="home")
        assert opened["Location"] == reverse("counter:home")


# -- By hand, and by the browser ---------------------------------------------------------------


def test_the_screen_is_locked_by_hand(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    answer = client.post(reverse("entry:lock"))
    assert answer["Location"] == reverse("counter:home")
    assert home(client).status_code == 423
    assert Trail.objects.latest("id").detail == {"how": "by_hand"}


def test_the_browser_says_that_nobody_was_there(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    assert client.post(reverse("entry:lock"), {"by": "idle"}).status_code == 204
    assert Trail.objects.latest("id").detail == {"how": "idle"}
    assert client.post(reverse("entry:here")).status_code == 423


def test_the_covered_page_asks_for_the_unlocking(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    client.post(reverse("entry:lock"), {"by": "hand"})
    wrong = ask_to_unlock(client, "wrong-wrong-wrong")
    assert (wrong.status_code, wrong["Content-Type"][:10]) == (422, "text/plain")
    assert ask_to_unlock(client, PASSWORD).status_code == 204
    assert home(client).status_code == 200


def test_who_types_long_is_there(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    with later(IDLE - timedelta(minutes=1)):
        assert client.post(reverse("entry:here")).status_code == 204
    with later(IDLE + timedelta(minutes=5)):
        assert home(client).status_code == 200


@pytest.mark.parametrize("name", ["entry:lock", "entry:unlock", "entry:here"])
def test_without_a_session_there_is_nothing_to_lock(cast: Cast, browser: Client, name: str) -> None:
    answer = browser.post(reverse(name), {"by": "hand", "unlock_password": PASSWORD})
    assert answer.status_code == 403
    assert browser.get(reverse(name)).status_code == 405
    assert not Trail.objects.filter(event__startswith="s").exclude(event="shell").exists()


def test_another_person_signs_in_at_the_locked_screen(
    cast: Cast, come_in: ComeIn, browser: Client
) -> None:
    come_in(cast.clerk)
    browser.post(reverse("entry:lock"))
    assert browser.post(reverse("entry:sign_out")).status_code == 302
    come_in(cast.supervisor)
    assert "審査 太郎" in home(browser).content.decode()


def test_the_session_stays_locked_wherever_it_is_opened(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    client.post(reverse("entry:lock"))
    copied = Client()
    name = settings.SESSION_COOKIE_NAME
    copied.cookies[name] = client.cookies[name].value
    assert home(copied).status_code == 423


def test_a_clock_that_is_set_back_unlocks_nothing(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    with later():
        home(client)
    with later(-timedelta(days=1)):
        assert home(client).status_code == 423


def test_after_a_clock_was_set_back_the_count_begins_anew(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    with later(-timedelta(days=1)):
        assert home(client).status_code == 200
    with later(-timedelta(days=1) + IDLE):
        assert home(client).status_code == 423


def test_a_new_sign_in_is_not_locked(cast: Cast, come_in: ComeIn) -> None:
    come_in(cast.clerk, Client()).post(reverse("entry:lock"))
    assert home(come_in(cast.clerk, Client())).status_code == 200


def test_the_pages_of_the_machinery_answer_while_locked(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    client.post(reverse("entry:lock"))
    assert client.get(reverse("entry:healthz")).status_code == 200
