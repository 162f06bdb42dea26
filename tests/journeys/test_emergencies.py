"""緊急の利用: asked for, granted by a second person, used and reviewed, by keyboard alone."""

import pytest

from journeys.conftest import Clerk

pytestmark = [pytest.mark.browser, pytest.mark.durable]

POLLED_MS = 20_000


@pytest.fixture
def asking(at_the_counter: Clerk) -> Clerk:
    """A clerk who has asked, and waits on the page of the request."""
    clerk = at_the_counter
    clerk.press_and_wait("Shift+F10")
    clerk.is_sound("emergencies")
    clerk.press_and_wait("F7")
    assert clerk.focus_is_on("#id_purpose")
    clerk.press("ArrowDown", "Tab")
    clerk.type("一人暮らしの高齢者と連絡が取れない")
    clerk.is_sound("emergency-new")
    clerk.press_and_wait("F8")
    assert "許可待ち" in clerk.reads()
    assert "残り30分" in clerk.reads()
    clerk.is_sound("emergency-waiting")
    return clerk


def _opens_the_first(clerk: Clerk) -> None:
    clerk.press_and_wait("Shift+F10")
    clerk.press("1")
    clerk.press_and_wait("Enter")


def _grants(supervisor: Clerk) -> None:
    supervisor.sit_down(supervisor.live.cast.supervisor)
    assert "許可を待つ緊急の利用が1件" in supervisor.reads()
    supervisor.is_sound("home-with-emergency")
    _opens_the_first(supervisor)
    assert "窓口 花" in supervisor.reads()
    assert "連絡が取れない" in supervisor.reads()
    supervisor.is_sound("emergency-deciding")
    supervisor.press_and_wait("F8")
    assert "利用中" in supervisor.reads()


def _looks_and_ends(clerk: Clerk) -> None:
    clerk.page.wait_for_selector("#look", timeout=POLLED_MS)  # the page asks by itself
    clerk.is_sound("emergency-granted")
    clerk.press_and_wait("F7")
    assert "緊急の利用中" in clerk.reads()
    assert clerk.focus_is_on("#id_kana")
    clerk.type("カクウ")
    clerk.press_and_wait("Enter")
    assert "架空" in clerk.reads()
    clerk.is_sound("emergency-found")
    clerk.tab_to("form[action$='/end'] button", key="Shift+Tab")
    clerk.press_and_wait("Enter")
    assert "終わり（点検待ち）" in clerk.reads()
    clerk.is_sound("emergency-ended")


def _reviews(manager: Clerk) -> None:
    manager.press_and_wait("Shift+F9")
    manager.sit_down(manager.live.cast.security_manager)
    _opens_the_first(manager)
    assert "この許可でしたこと" in manager.reads()
    assert "検索" in manager.page.inner_text("[aria-labelledby=done-title]")
    assert "架空" not in manager.reads()
    manager.is_sound("emergency-reviewing")
    manager.tab_to("#id_outcome")
    manager.press("ArrowDown", "ArrowDown")
    manager.press_and_wait("F8")
    assert "不適正とした内容が入力されていません" in manager.reads()
    manager.is_sound("emergency-review-refused")
    manager.tab_to("#id_note")
    manager.type("家族に確かめる前に検索している")
    manager.press_and_wait("F8")
    assert "点検済み" in manager.reads()
    assert "不適正" in manager.reads()
    manager.is_sound("emergency-reviewed")


def test_an_emergency_from_the_request_to_the_review(asking: Clerk, colleague: Clerk) -> None:
    _grants(colleague)
    _looks_and_ends(asking)
    _reviews(colleague)
    asking.open("/inquiry/emergency-life/")
    assert "許可を受けている間だけ利用できます" in asking.reads()
    asking.is_sound("emergency-not-granted")


def test_the_page_of_who_waits_says_by_itself_that_it_was_denied(
    asking: Clerk, colleague: Clerk
) -> None:
    asking.tab_to("#end")
    colleague.sit_down(colleague.live.cast.supervisor)
    _opens_the_first(colleague)
    colleague.press_and_wait("Shift+F8")
    assert "許可されなかった" in colleague.reads()
    asking.page.wait_for_selector("#end", state="detached", timeout=POLLED_MS)
    assert "許可されなかった" in asking.reads()
