"""窓口の一日: from sign-in to sign-out with the keyboard alone."""

import pytest

from daicho.access.models import Trail
from journeys.conftest import Clerk
from people import PASSWORD, Player

pytestmark = [pytest.mark.browser, pytest.mark.durable]

NEW = "another-horse-battery"


def test_a_clerk_signs_in_sees_the_day_and_signs_out(clerk: Clerk) -> None:
    clerk.open("/")
    assert clerk.focus_is_on("#id_login")
    clerk.is_sound("sign-in")
    clerk.sign_in(clerk.live.cast.clerk)
    assert "今いる端末(市民課)" in clerk.reads()
    assert clerk.focus_is_on("[value=C001]")
    clerk.is_sound("terminal")
    clerk.press_and_wait("F8")
    assert "端末を一つ選んでください。" in clerk.reads()
    assert clerk.focus_is_on(".wrong")
    clerk.is_sound("terminal-wrong")
    clerk.tab_to("[value=C001]")
    clerk.press("Space", "ArrowDown", "ArrowUp")
    clerk.press_and_wait("Enter")
    assert "窓口の今日" in clerk.reads()
    assert "窓口1番" in clerk.reads()
    assert "住民基本台帳法第22条第1項" in clerk.reads()
    clerk.is_sound("counter-home")
    clerk.press_and_wait("F3")
    assert "決定や開示を待つ開示請求はありません" in clerk.reads()
    clerk.press_and_wait("F9")
    clerk.press_and_wait("Shift+F9")
    assert "サインアウトしました。" in clerk.reads()
    clerk.is_sound("signed-out")
    clerk.open("/")
    assert "サインイン" in clerk.page.title()


def test_the_next_morning_the_terminal_is_already_chosen(clerk: Clerk) -> None:
    clerk.sit_down_by_keys(clerk.live.cast.clerk)
    clerk.press_and_wait("Shift+F9")
    clerk.sign_in(clerk.live.cast.clerk)
    assert clerk.focus_is_on("[value=C001]:checked")
    clerk.press_and_wait("Enter")
    assert "窓口の今日" in clerk.reads()


def test_whom_a_journey_finds_there_has_come_in_as_by_keys(clerk: Clerk, colleague: Clerk) -> None:
    cast = clerk.live.cast
    clerk.sit_down_by_keys(cast.clerk)
    colleague.sit_down(cast.supervisor)
    assert clerk.page.url == colleague.page.url
    assert _cookies(clerk) == _cookies(colleague)
    assert _trailed(cast.clerk) == _trailed(cast.supervisor) != []


def _cookies(clerk: Clerk) -> set[tuple[object, ...]]:
    said = ("name", "domain", "path", "httpOnly", "secure", "sameSite")
    return {tuple(one.get(name) for name in said) for one in clerk.page.context.cookies()}


def _trailed(player: Player) -> list[tuple[str, str]]:
    rows = Trail.objects.filter(operator=player.operator).order_by("id")
    return [(row.event, row.terminal) for row in rows]


def test_the_password_is_changed_with_each_broken_rule_named(clerk: Clerk) -> None:
    clerk.sit_down(clerk.live.cast.clerk)
    clerk.tab_to("a[href='/password']")
    clerk.press_and_wait("Enter")
    assert clerk.focus_is_on("#id_present")
    clerk.is_sound("password")
    for typed in (PASSWORD, "short", "other"):
        clerk.type(typed)
        clerk.press("Tab")
    clerk.press_and_wait("F8")
    assert "12 文字以上" in clerk.reads()
    assert "今のパスワードを入力してください。" not in clerk.reads()
    assert clerk.focus_is_on(".wrong")
    clerk.is_sound("password-wrong")
    clerk.tab_to("#id_present")
    for typed in (PASSWORD, NEW, NEW):
        clerk.type(typed)
        clerk.press("Tab")
    clerk.press_and_wait("F8")
    assert "パスワードを変更しました。" in clerk.reads()
    clerk.is_sound("counter-home-told")


def test_the_console_in_its_normal_and_its_locked_state(clerk: Clerk) -> None:
    for _ in range(5):
        clerk.open("/sign-in")
        assert clerk.focus_is_on("#id_login")
        clerk.type(clerk.live.cast.auditor.login)
        clerk.press("Tab")
        clerk.type("wrong-wrong-wrong")
        clerk.press_and_wait("Enter")
    clerk.is_sound("sign-in-wrong")
    clerk.sit_down(clerk.live.cast.system_operator)
    clerk.press_and_wait("F4")
    assert "停止中の操作者" in clerk.reads()
    assert clerk.live.cast.auditor.login in clerk.reads()
    clerk.is_sound("console-home")
    clerk.press_and_wait("F2")
    assert "窓口の今日" in clerk.reads()
    clerk.press_and_wait("Shift+F3")
    assert "データの持出し" in clerk.page.title()


def test_pages_that_say_no(clerk: Clerk) -> None:
    clerk.sit_down(clerk.live.cast.clerk)
    clerk.open("/console/")
    assert "利用できない事務です" in clerk.reads()
    clerk.is_sound("not-permitted")
    clerk.press_and_wait("F2")
    clerk.open("/nowhere")
    assert "画面が見つかりません" in clerk.reads()
    clerk.is_sound("not-found")
    clerk.open("/sign-out")
    clerk.is_sound("method-not-allowed")
    clerk.open("/terminal")
    assert clerk.focus_is_on("[name=terminal]")
    clerk.page.context.clear_cookies(name="csrftoken")
    clerk.press_and_wait("F8")
    clerk.is_sound("form-token")
