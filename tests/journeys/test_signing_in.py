"""サインイン: with a second factor, in a real browser with an authenticator that it makes up."""

import logging
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, CDPSession

from conftest import Live
from daicho.access import clock
from daicho.access.entering import factors, leaves
from daicho.access.models import Operator, Trail
from journeys.conftest import Clerk, _at_a_browser
from journeys.watching import Watch, Watched, nowhere
from people import PASSWORD, Cast, Player, cast_of
from searching_everything import Files
from web.authenticators import Maker
from web.second_factors import code_of, holding

pytestmark = [pytest.mark.browser, pytest.mark.durable]

NEW = "another-horse-battery"
ANOTHER_MODEL = "00000000-0000-4000-8000-000000000001"
ANSWERED_MS = 10_000


class _AsItIs(WSGIHandler):
    """The program serves its static files itself: nothing is put before it."""

    def __new__(cls, application: WSGIHandler) -> Any:
        return application


@contextmanager
def searched(url: str, cast: Cast, database: str, folder: Path, files: Files) -> Iterator[Live]:
    """The counter of this very process, which logs into that folder and writes there for a while;
    when a journey ends, the numbers that it brought in are found nowhere (`nowhere`)."""
    told, whiles = folder / "log", folder / "while"
    told.mkdir()
    whiles.mkdir()
    found = Watched(url, cast, database, told / "web.log", watch=Watch())
    root, kept = logging.getLogger(), logging.FileHandler(found.log)
    kept.setFormatter(next(one.formatter for one in root.handlers if one.formatter))
    root.addHandler(kept)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(whiles))
        yield found
    root.removeHandler(kept)
    kept.close()
    assert found.log.stat().st_size, "nothing was logged that could be searched"
    nowhere(found, whiles, files)


@pytest.fixture
def counter(durable: str, tmp_path: Path, files: Files) -> Iterator[Live]:
    """A counter at a name, in this very process, so that a test sets its rules."""
    stage = cast_of()
    server = LiveServerThread("localhost", _AsItIs)
    server.daemon = True
    with override_settings(BODY_NAME="市区町村 072036"):  # as a counter's head says it
        server.start()
        server.is_ready.wait()
        assert server.error is None
        address = f"http://localhost:{server.port}"
        with searched(address, stage, durable, tmp_path, files) as found:
            yield found
            server.terminate()


@pytest.fixture
def person(chromium: Browser, counter: Live) -> Iterator[Clerk]:
    with _at_a_browser(chromium, counter) as someone:
        yield someone


@pytest.fixture
def required() -> Iterator[None]:
    with holding(second_factor="required"):
        yield


@dataclass(frozen=True)
class Plugged:
    """An authenticator that the browser makes up."""

    session: CDPSession
    id: str

    def forgets_its_person(self) -> None:
        """From now on whoever touches it is not the one whom it knows."""
        said = {"authenticatorId": self.id, "isUserVerified": False}
        self.session.send("WebAuthn.setUserVerified", said)


Plug = Callable[..., Plugged]


@pytest.fixture
def plug(person: Clerk) -> Plug:
    """Give the browser an authenticator, and say whether it verifies the person."""

    def plugged(**said: Any) -> Plugged:
        session = person.page.context.new_cdp_session(person.page)
        session.send("WebAuthn.enable", {"enableUI": False})
        options = {
            "protocol": "ctap2",
            "transport": "usb",
            "hasResidentKey": False,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
            **said,
        }
        made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return Plugged(session, made["authenticatorId"])

    return plugged


def give_leave(player: Player) -> None:
    leaves.give(None, player.operator, uuid4())


def presses_for_a_page(person: Clerk, key: str, heading: str) -> None:
    """Press a key and wait for a page of that heading: the authenticator takes its time."""
    person.press(key)
    person.page.wait_for_selector(f"h1:text-is('{heading}')", timeout=ANSWERED_MS)


def names_a_key(person: Clerk) -> None:
    assert person.focus_is_on("#id_name")
    person.type("机の認証器")


def confirms(person: Clerk) -> None:
    assert person.focus_is_on("#id_password")
    person.type(PASSWORD)
    person.press_and_wait("F7")


def registers_a_key(person: Clerk) -> None:
    """From the choice of a method to the codes."""
    person.press_and_wait("F8")
    names_a_key(person)
    presses_for_a_page(person, "F8", "回復用コード")


def registers_a_device(person: Clerk) -> str:
    """From the choice of a method to the codes; gives the device's secret."""
    person.press_and_wait("F9")
    secret = person.page.inner_text("code.secret").replace(" ", "")
    assert person.focus_is_on("#id_code")
    person.type(code_of(secret, -1))
    person.press_and_wait("Enter")
    return secret


def codes_on(person: Clerk) -> list[str]:
    return re.findall(r"\b\d{8}\b", person.page.inner_text(".recovery"))


@pytest.mark.usefixtures("required")
def test_without_leave_the_page_says_whom_to_ask(person: Clerk) -> None:
    person.sign_in(person.live.cast.clerk)
    assert "登録の許可がありません" in person.page.title()
    assert "操作権限の管理担当" in person.reads()
    person.is_sound("second-factor-no-leave")
    person.open("/")
    assert "サインイン" in person.page.title()


@pytest.mark.usefixtures("required")
def test_a_key_that_verifies_the_person_is_registered_and_lets_in(
    person: Clerk, plug: Plug
) -> None:
    clerk = person.live.cast.clerk
    plug()
    give_leave(clerk)
    person.sign_in(clerk)
    person.is_sound("second-factor-registration")
    person.press_and_wait("F8")
    person.is_sound("second-factor-key")
    names_a_key(person)
    presses_for_a_page(person, "F8", "回復用コード")
    assert len(codes_on(person)) == 10
    person.is_sound("second-factor-codes")
    person.press_and_wait("F8")
    assert "今いる端末" in person.reads()
    person.press_and_wait("Shift+F9")
    person.sign_in(clerk)
    assert person.focus_is_on("[data-authenticator] button")
    person.is_sound("second-factor")
    presses_for_a_page(person, "F8", "端末の選択")
    assert Trail.objects.filter(event="sign_in").latest("id").detail == {
        "factors": "password,webauthn"
    }


@pytest.mark.usefixtures("required")
def test_a_key_that_does_not_verify_the_person_is_refused(person: Clerk, plug: Plug) -> None:
    clerk = person.live.cast.clerk
    plug(hasUserVerification=False, isUserVerified=False)
    give_leave(clerk)
    person.sign_in(clerk)
    person.press_and_wait("F8")
    person.press("F8")
    person.page.wait_for_selector("[data-status]:has-text('確認できませんでした')")
    person.is_sound("second-factor-key-refused")
    assert factors.registered(clerk.operator) == ()


@pytest.mark.usefixtures("required")
def test_a_person_whom_the_key_does_not_know_stays_out(person: Clerk, plug: Plug) -> None:
    clerk = person.live.cast.clerk
    key = plug()
    give_leave(clerk)
    person.sign_in(clerk)
    registers_a_key(person)
    person.press_and_wait("F8")
    person.press_and_wait("Shift+F9")
    key.forgets_its_person()
    person.sign_in(clerk)
    person.press("F8")
    person.page.wait_for_selector("[data-status]:has-text('確認できませんでした')")
    person.open("/")
    assert "サインイン" in person.page.title()


def test_a_model_that_is_not_listed_is_refused(person: Clerk, plug: Plug, tmp_path: Path) -> None:
    (tmp_path / "maker.pem").write_bytes(Maker().root_pem())
    rules = holding(second_factor="required", authenticator_models=(ANOTHER_MODEL,))
    clerk = person.live.cast.clerk
    with rules, override_settings(AUTHENTICATOR_ROOTS=str(tmp_path)):
        plug()
        give_leave(clerk)
        person.sign_in(clerk)
        person.press_and_wait("F8")
        person.press("F8")
        person.page.wait_for_selector(".wrong")
        assert "製造者の証明で確かめられませんでした" in person.reads()
        person.is_sound("second-factor-key-not-proven")
    assert factors.registered(clerk.operator) == ()


@pytest.mark.usefixtures("required")
def test_a_device_and_its_codes_let_in_and_a_code_only_once(person: Clerk) -> None:
    clerk = person.live.cast.clerk
    give_leave(clerk)
    person.sign_in(clerk)
    person.press_and_wait("F9")
    person.is_sound("second-factor-totp")
    person.open("/registration")
    secret = registers_a_device(person)
    codes = codes_on(person)
    person.press_and_wait("F8")
    for typed, title in ((code_of(secret), "端末の選択"), (codes[0], "端末の選択")):
        person.press_and_wait("Shift+F9")
        person.sign_in(clerk)
        assert person.focus_is_on("#id_code")
        person.type(typed)
        person.press_and_wait("Enter")
        assert title in person.page.title()
    person.press_and_wait("Shift+F9")
    person.sign_in(clerk)
    assert person.focus_is_on("#id_code")
    person.type(codes[0])
    person.press_and_wait("Enter")
    assert "認証できないか、利用が停止されています。" in person.reads()
    person.is_sound("second-factor-wrong")


def test_an_old_password_is_changed_on_the_way_in(person: Clerk) -> None:
    clerk = person.live.cast.clerk
    long_ago = clock.now() - timedelta(days=100)
    Operator.objects.filter(pk=clerk.operator.pk).update(password_changed_at=long_ago)
    with holding(password_days=90):
        person.sign_in(clerk)
        assert "使える期間を過ぎています" in person.reads()
        assert person.focus_is_on("#id_new")
        person.is_sound("password-renewal")
        for typed in (PASSWORD, PASSWORD):
            person.type(typed)
            person.press("Tab")
        person.press_and_wait("F8")
        assert "今のパスワードと同じです" in person.reads()
        person.is_sound("password-renewal-wrong", pictured=False)
        person.tab_to("#id_new")
        person.type(NEW)
        person.press("Tab")
        person.type(NEW)
        person.press_and_wait("F8")
        assert "端末の選択" in person.page.title()


def test_ones_own_factors_are_seen_added_and_ended(person: Clerk, plug: Plug) -> None:
    plug()
    person.sit_down(person.live.cast.clerk)
    person.open("/password")
    person.press_and_wait("F9")
    assert "登録した認証の方法はありません" in person.reads()
    person.is_sound("factors-none")
    person.press_and_wait("F9")
    person.is_sound("factors-confirm")
    confirms(person)
    person.open("/factors")
    registers_a_device(person)
    person.press_and_wait("F8")
    assert "残り10個" in person.reads()
    person.press_and_wait("F8")
    names_a_key(person)
    presses_for_a_page(person, "F8", "認証の方法")
    assert "机の認証器" in person.reads()
    person.is_sound("factors")
    person.press_and_wait("F7")
    person.is_sound("factors-renew-codes")
    person.press_and_wait("F8")
    assert len(codes_on(person)) == 10
    person.press_and_wait("F8")
    person.tab_to("a[href$='/remove']")
    person.press_and_wait("Enter")
    assert person.focus_is_on("main .button")
    person.is_sound("factors-remove")
    person.press_and_wait("F8")
    assert "認証の方法" in person.page.title()


def test_where_a_key_is_asked_again_it_may_answer(person: Clerk, plug: Plug) -> None:
    plug()
    person.sit_down(person.live.cast.clerk)
    person.open("/factors/key")
    confirms(person)
    names_a_key(person)
    presses_for_a_page(person, "F8", "回復用コード")
    person.press_and_wait("F8")
    with clock.fixed(clock.now() + timedelta(minutes=6)):
        person.open("/factors/key")
        person.is_sound("factors-confirm-key")
        presses_for_a_page(person, "F8", "認証器の登録")


def test_at_an_address_in_figures_the_page_says_where_to_go(person: Clerk, plug: Plug) -> None:
    plug()
    person.sit_down(person.live.cast.clerk)
    person.open("/factors/key")
    confirms(person)
    names_a_key(person)
    presses_for_a_page(person, "F8", "回復用コード")
    person.press_and_wait("F8")
    there = person.live.url
    figures = there.replace("localhost", "127.0.0.1")
    person.page.goto(f"{figures}/sign-in")
    assert person.focus_is_on("#id_login")
    person.type(person.live.cast.clerk.login)
    person.press("Tab")
    person.type(PASSWORD)
    person.press_and_wait("Enter")
    assert f"{there} で開き直して" in person.reads()


def test_the_directorys_way_in_stands_beside_the_password(person: Clerk) -> None:
    with override_settings(OIDC_SERVER="http://127.0.0.1:9", OIDC_NAME="職員認証"):
        person.open("/sign-in")
        assert "職員認証でサインインする" in person.reads()
        person.is_sound("sign-in-directory")
        person.press_and_wait("F9")
        assert "操作者IDかパスワードが違うか" in person.reads()
