"""キー操作: keys do what they say, nothing by surprise, and nothing typed is lost."""

import pytest

from daicho.access.models import Trail
from journeys.conftest import Clerk

pytestmark = [pytest.mark.browser, pytest.mark.durable]


@pytest.mark.parametrize("key", ["F1", "?"])
def test_the_help_lists_the_keys_of_the_page(clerk: Clerk, key: str) -> None:
    clerk.sit_down(clerk.live.cast.clerk)
    clerk.press(key)
    assert clerk.page.locator("#help[open]").count() == 1
    text = clerk.page.inner_text("#help")
    for told in ("F1", "F2", "最初の画面", "Shift+F9", "サインアウト"):
        assert told in text
    if key == "F1":
        clerk.is_sound("help")
    clerk.press("Escape")
    assert clerk.page.locator("#help[open]").count() == 0


def test_a_question_mark_in_a_field_is_a_letter(clerk: Clerk) -> None:
    clerk.open("/sign-in")
    assert clerk.focus_is_on("#id_login")
    clerk.type("a?b")
    assert clerk.page.input_value("#id_login") == "a?b"
    assert clerk.page.locator("#help[open]").count() == 0


def test_keys_of_the_page_rest_while_the_help_is_open(clerk: Clerk) -> None:
    clerk.sit_down(clerk.live.cast.clerk)
    clerk.open("/password")
    clerk.press("F1", "F2", "Shift+F9")
    assert clerk.page.url.endswith("/password")


def test_enter_in_a_half_filled_form_sends_nothing_and_moves_nothing(clerk: Clerk) -> None:
    clerk.open("/sign-in")
    assert clerk.focus_is_on("#id_login")
    clerk.type(clerk.live.cast.clerk.login)
    clerk.press("Enter")
    assert clerk.focus_is_on("#id_login")
    assert "未入力の欄があります: パスワード" in clerk.reads()
    assert clerk.page.input_value("#id_login") == clerk.live.cast.clerk.login


def test_a_form_is_sent_once_however_often_the_key_is_pressed(clerk: Clerk) -> None:
    clerk.open("/sign-in")
    assert clerk.focus_is_on("#id_login")
    clerk.type(clerk.live.cast.clerk.login)
    clerk.press("Tab")
    clerk.type(clerk.live.cast.clerk.password)
    with clerk.page.expect_navigation(url="**/terminal**"):
        clerk.page.evaluate(
            """() => { for (let i = 0; i < 5; i++) document.querySelector('main .button')
                 .dispatchEvent(new KeyboardEvent('keydown', {key: 'F8', bubbles: true})); }"""
        )
    assert Trail.objects.filter(event="sign_in").count() == 1


def test_after_a_lost_token_back_still_shows_what_was_typed(clerk: Clerk) -> None:
    clerk.open("/sign-in")
    assert clerk.focus_is_on("#id_login")
    clerk.type(clerk.live.cast.clerk.login)
    clerk.press("Tab")
    clerk.type(clerk.live.cast.clerk.password)
    clerk.page.context.clear_cookies(name="csrftoken")
    clerk.press_and_wait("Enter")
    assert "送信を確認できませんでした" in clerk.reads()
    assert "何も記録されていません。" in clerk.reads()
    clerk.go_back()
    assert clerk.page.input_value("#id_login") == clerk.live.cast.clerk.login


def test_the_first_tab_leads_past_the_header(clerk: Clerk) -> None:
    clerk.sit_down(clerk.live.cast.clerk)
    clerk.press("Tab")
    assert clerk.focus_is_on(".skip")
    clerk.press("Enter")
    assert clerk.focus_is_on("#main")


def test_a_wrong_entry_puts_the_focus_on_the_summary_and_its_links_on_the_field(
    clerk: Clerk,
) -> None:
    clerk.open("/sign-in")
    clerk.press("F8")
    clerk.page.wait_for_selector(".wrong")
    assert clerk.focus_is_on(".wrong")
    clerk.press("Tab")
    clerk.press("Enter")
    assert clerk.focus_is_on("#id_login")
