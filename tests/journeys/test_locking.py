"""画面ロック: the page is covered, kept, and given back to whom it belongs."""

import pytest
from playwright.sync_api import Page

from daicho.access import terminals
from daicho.access.models import Terminal, Trail
from journeys.conftest import Clerk
from journeys.counter import fill, receive, rows, say_who

pytestmark = [pytest.mark.browser, pytest.mark.durable]

COVER = "#lock:not([hidden])"
GLANCE_MS = 2_000


def is_covered(page: Page) -> bool:
    """Is the page covered, and nothing of it reached or read?"""
    page.wait_for_selector(COVER, timeout=GLANCE_MS)
    script = """() => {
      const main = document.querySelector('body > main');
      return main.inert && getComputedStyle(main).visibility === 'hidden';
    }"""
    return bool(page.evaluate(script))


def wait_to_see(page: Page) -> None:
    """Look until the page stands there again."""
    page.wait_for_selector("#lock", state="hidden", timeout=GLANCE_MS)


def unlock(clerk: Clerk, password: str) -> None:
    assert clerk.focus_is_on("#lock-password")
    clerk.type(password)
    clerk.press("F8")


@pytest.fixture
def typing(at_the_counter: Clerk) -> Clerk:
    """A clerk in the midst of a moving-in."""
    clerk = at_the_counter
    receive(clerk, "1", "転入")
    say_who(clerk)
    fill(clerk, occurred_on="R8.11.1", address_lot="２３番７号")
    return clerk


@pytest.fixture
def patient(clerk: Clerk) -> Clerk:
    """A clerk whose browser's clock can be moved on."""
    clerk.page.clock.install()
    return clerk


def test_the_screen_is_locked_by_a_key_and_what_was_typed_is_kept(typing: Clerk) -> None:
    clerk, password = typing, typing.live.cast.clerk.password
    clerk.press("Control+F9")
    assert is_covered(clerk.page)
    assert "転入の入力" not in clerk.reads()
    clerk.is_sound("locked")
    unlock(clerk, "wrong-wrong-wrong")
    clerk.page.locator("[data-unlock-told]", has_text="パスワードが違うか").wait_for()
    clerk.is_sound("locked-wrong")
    with clerk.page.expect_request("**/buildings"):  # which leaving the field has set off
        unlock(clerk, password)
    wait_to_see(clerk.page)
    assert clerk.focus_is_on("[name=address_lot]")
    assert clerk.page.input_value("[name=address_lot]") == "２３番７号"
    said = rows("SELECT event FROM access_trail WHERE event LIKE 'screen_%%' ORDER BY id")
    assert [event for (event,) in said] == ["screen_locked", "screen_unlocked"]


def test_the_keys_of_the_page_rest_behind_the_cover(typing: Clerk) -> None:
    clerk = typing
    clerk.press("Control+F9")
    assert is_covered(clerk.page)
    before = clerk.page.url
    clerk.press("F2", "F1", "Escape", "Control+F9")
    assert is_covered(clerk.page)
    assert clerk.page.url == before
    clerk.press("F8")
    assert "パスワードを入力してください。" in clerk.page.inner_text("[data-unlock-told]")
    for _ in range(8):
        clerk.press("Tab")
        inside = (
            "document.activeElement === document.body || !!document.activeElement.closest('#lock')"
        )
        assert clerk.page.evaluate(inside), "the focus stays before the cover"


def test_nobody_there_for_the_idle_time_covers_the_page(patient: Clerk) -> None:
    clerk = patient
    clerk.sit_down(clerk.live.cast.clerk)
    clerk.page.clock.fast_forward("29:00")
    assert clerk.page.locator(COVER).count() == 0
    clerk.page.clock.fast_forward("01:30")
    assert is_covered(clerk.page)
    clerk.page.clock.fast_forward("00:02")
    unlock(clerk, clerk.live.cast.clerk.password)
    wait_to_see(clerk.page)
    assert "窓口の今日" in clerk.reads()


def test_other_tabs_of_the_browser_are_covered_and_opened_too(typing: Clerk) -> None:
    clerk = typing
    other = clerk.page.context.new_page()
    other.goto(f"{clerk.live.url}/")
    other.keyboard.press("Control+F9")
    assert is_covered(other)
    assert is_covered(clerk.page)
    other.keyboard.type(clerk.live.cast.clerk.password)
    other.keyboard.press("F8")
    wait_to_see(other)
    wait_to_see(clerk.page)
    assert clerk.page.input_value("[name=address_lot]") == "２３番７号"


def test_a_sign_out_in_one_tab_covers_the_others_for_good(typing: Clerk) -> None:
    clerk = typing
    other = clerk.page.context.new_page()
    other.goto(f"{clerk.live.url}/")
    with other.expect_navigation():
        other.keyboard.press("Shift+F9")
    assert is_covered(clerk.page)
    assert "サインインが終わりました" in clerk.reads()
    clerk.is_sound("lock-over")


def test_too_many_wrong_answers_end_the_session(at_the_counter: Clerk) -> None:
    clerk = at_the_counter
    clerk.press("Control+F9")
    for _ in range(4):
        unlock(clerk, "wrong-wrong-wrong")
        clerk.page.locator("[data-unlock-told]", has_text="パスワードが違うか").wait_for()
        clerk.page.evaluate("document.querySelector('[data-unlock-told]').textContent = ''")
    unlock(clerk, "wrong-wrong-wrong")
    clerk.page.locator("[data-over] h1").wait_for()
    assert clerk.focus_is_on("[data-over] a")
    clerk.press_and_wait("Enter")
    assert clerk.page.url.endswith("/sign-in")
    assert Trail.objects.filter(event="session_ended").get().detail == {"reason": "locked_out"}


def test_the_server_locks_by_itself_and_sends_on_what_was_typed(typing: Clerk) -> None:
    clerk = typing
    rows("UPDATE access_presence SET seen_at = seen_at - interval '31 minutes'")
    clerk.press_and_wait("F8")
    assert "送信した内容は、まだ記録されていません" in clerk.reads()
    assert clerk.focus_is_on("#unlock_password")
    clerk.is_sound("locked-page")
    clerk.type("wrong-wrong-wrong")
    clerk.press_and_wait("F8")
    assert clerk.focus_is_on(".wrong")
    clerk.is_sound("locked-page-wrong")
    clerk.press("Tab")
    clerk.press("Enter")
    clerk.type(clerk.live.cast.clerk.password)
    clerk.press_and_wait("Enter")
    assert "転入の入力" in clerk.reads(), "what is missing is asked for, as without the lock"
    assert clerk.page.input_value("[name=address_lot]") == "２３番７号"


def test_another_sign_in_ends_this_one_and_says_where(
    at_the_counter: Clerk, colleague: Clerk
) -> None:
    clerk = at_the_counter
    colleague.sit_down(colleague.live.cast.clerk)
    clerk.press_and_wait("F2")
    assert "この画面は終わりました" in clerk.reads()
    assert "「窓口1番」でサインインがありました" in clerk.reads()
    clerk.is_sound("session-replaced")


def test_a_terminal_is_registered_by_its_code(clerk: Clerk) -> None:
    code = terminals.issue_code(None, "C001")
    clerk.open("/terminal/register")
    assert clerk.focus_is_on("#id_code")
    clerk.is_sound("register-terminal")
    clerk.type("2222-2222")
    clerk.press_and_wait("Enter")
    assert clerk.focus_is_on(".wrong")
    clerk.is_sound("register-terminal-wrong")
    clerk.press("Tab", "Enter")
    clerk.type(code)
    clerk.press_and_wait("F8")
    assert "端末として登録しました" in clerk.reads()
    assert Terminal.objects.get(code="C001").key_digest is not None


def test_after_another_sign_in_the_old_tab_goes_on_with_what_was_typed(typing: Clerk) -> None:
    clerk, cast = typing, typing.live.cast
    other = Clerk(clerk.page.context.new_page(), clerk.live)
    other.open("/")
    other.press_and_wait("Shift+F9")
    assert is_covered(clerk.page)
    other.sit_down_by_keys(cast.clerk)
    wait_to_see(clerk.page)
    assert clerk.page.input_value("[name=address_lot]") == "２３番７号"
    clerk.press_and_wait("F8")
    assert "転入の入力" in clerk.reads(), "the form is sent with the token of the new sign-in"
    assert clerk.page.input_value("[name=address_lot]") == "２３番７号"


def test_another_persons_sign_in_leaves_the_old_tab_covered(typing: Clerk) -> None:
    clerk, cast = typing, typing.live.cast
    other = Clerk(clerk.page.context.new_page(), clerk.live)
    other.open("/")
    other.press_and_wait("Shift+F9")
    other.sit_down_by_keys(cast.supervisor)
    clerk.page.locator("[data-over] h1").wait_for()
    assert is_covered(clerk.page)
    assert "窓口 花" not in clerk.reads()


def test_a_lock_that_the_server_did_not_take_is_told_again(patient: Clerk) -> None:
    clerk = patient
    clerk.sit_down(clerk.live.cast.clerk)
    clerk.page.route("**/lock", lambda route: route.fulfill(status=503))
    with clerk.page.expect_response("**/lock"):
        clerk.press("Control+F9")
    assert is_covered(clerk.page)
    other = clerk.page.context.new_page()
    other.goto(f"{clerk.live.url}/")
    assert is_covered(clerk.page), "that a page opens elsewhere undoes nothing"
    clerk.page.unroute("**/lock")
    with clerk.page.expect_response("**/lock") as told:
        clerk.page.clock.fast_forward("00:06")
    assert told.value.status == 204
    assert is_covered(other)
    other.goto(f"{clerk.live.url}/")
    assert "画面ロック" in other.title()
