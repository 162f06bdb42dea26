"""利用記録の点検: an auditor finds who looked at a person, by keyboard, and sees nobody's name."""

import pytest

from journeys.conftest import Clerk
from web.desk import HANAKO

pytestmark = [pytest.mark.browser, pytest.mark.durable]


@pytest.fixture
def looked(at_the_counter: Clerk) -> Clerk:
    """A clerk has looked for 花子 and opened her page."""
    clerk = at_the_counter
    clerk.open("/inquiry/change/")
    assert clerk.focus_is_on("#id_kana")
    clerk.type("ハナコ")
    clerk.press_and_wait("Enter")
    clerk.press_and_wait("Enter")
    assert "花子" in clerk.reads()
    return clerk


def test_an_auditor_finds_who_looked_at_a_person(looked: Clerk, colleague: Clerk) -> None:
    auditor = colleague
    auditor.sit_down(auditor.live.cast.auditor)
    auditor.press_and_wait("Shift+F8")
    assert auditor.focus_is_on("#id_person")
    auditor.is_sound("trails")

    auditor.type("架空 花子")
    auditor.press_and_wait("F8")
    assert "宛名番号は数字だけで入力してください" in auditor.reads()
    auditor.is_sound("trails-wrong")
    auditor.tab_to("#id_person")
    auditor.press("Control+a")
    auditor.type(HANAKO)
    auditor.press_and_wait("F8")
    assert "照会" in auditor.reads()
    assert "窓口 花" in auditor.reads()
    assert "架空" not in auditor.reads()
    auditor.is_sound("trails-found")

    auditor.press_and_wait("Enter")
    assert "証し" in auditor.reads()
    auditor.is_sound("trail")
    auditor.press_and_wait("F9")
    auditor.press("2")
    auditor.press_and_wait("Enter")
    assert "対象者の参照番号" in auditor.reads()
    auditor.press_and_wait("F8")
    assert "時間ごとの件数" in auditor.reads()
    auditor.is_sound("trails-of-an-operator")

    auditor.press_and_wait("F8")
    assert auditor.page.input_value("#id_login") == "clerk"
    auditor.tab_to("#id_refused")
    auditor.press("Space")
    auditor.press_and_wait("F8")
    assert "この条件に当てはまる利用はありません" in auditor.reads()
    auditor.is_sound("trails-nothing")
