"""受け付ける: by keyboard alone, from the first screen to the person and back to the list."""

from pathlib import Path

import pytest

import town
from daicho.access import clock
from daicho.access.permits import permit
from daicho.register import importing
from journeys.conftest import Clerk

pytestmark = [pytest.mark.browser, pytest.mark.durable]


@pytest.fixture
def at_the_counter(clerk: Clerk, tmp_path: Path) -> Clerk:
    """A clerk who sits at a counter of a town with a few residents."""
    moving = permit(clerk.live.cast.system_operator.acting(), "data.migration", clock.today())
    file = town.write(tmp_path, town.few())
    importing.run(moving, file, ward=town.WARD, trial=False, keep_refusals=lambda _: None)
    clerk.sit_down(clerk.live.cast.clerk)
    return clerk


def _receive(clerk: Clerk, work: str) -> None:
    """Choose a work by its number on the first screen."""
    clerk.press(work)
    clerk.press_and_wait("Enter")
    assert clerk.focus_is_on("#id_capacity")


def test_a_clerk_receives_a_visitor_and_opens_the_person(at_the_counter: Clerk) -> None:
    clerk = at_the_counter
    clerk.is_sound("home")
    _receive(clerk, "2")
    clerk.is_sound("reception-new")
    clerk.press_and_wait("F8")
    assert "資格が選ばれていません" in clerk.reads()
    clerk.is_sound("reception-wrong")
    clerk.tab_to("#id_capacity")
    clerk.press("ArrowDown", "Tab")
    clerk.type("架空　花子")
    clerk.press_and_wait("F8")
    assert "まだ受け付けていません" in clerk.reads()
    clerk.is_sound("reception-alert")
    clerk.tab_to("#accept-1")
    clerk.press("Space")
    clerk.press_and_wait("F8")
    assert clerk.focus_is_on("#id_kana")
    assert "転居の受付・記載" in clerk.reads()
    clerk.type("カクウ ハナコ")
    clerk.press_and_wait("Enter")
    assert clerk.focus_is_on("[data-hit]")
    clerk.press_and_wait("Enter")
    assert "転居を入力する" in clerk.reads()
    clerk.is_sound("person-under-reception")
    clerk.press_and_wait("F2")
    assert "受付中" in clerk.reads()
    assert "架空　花子" not in clerk.reads()
    clerk.is_sound("home-with-receptions")


def test_a_clerk_takes_the_same_visitor_on_to_a_certificate(at_the_counter: Clerk) -> None:
    clerk = at_the_counter
    _receive(clerk, "2")
    clerk.press("ArrowDown", "Tab")
    clerk.type("架空　花子")
    clerk.tab_to("#id_identity")
    clerk.press("ArrowDown")
    clerk.press_and_wait("F8")
    clerk.press_and_wait("F2")
    clerk.press("1")
    _receive(clerk, "0")
    clerk.press_and_wait("F9")
    assert "と同じ人の受付です" in clerk.reads()
    clerk.tab_to("#id_capacity")
    clerk.press("ArrowDown")
    clerk.is_sound("reception-request")
    clerk.tab_to("#id_visitor_address")
    clerk.type("架空町一丁目１番１号")
    clerk.press_and_wait("F8")
    assert "住民票の写し等の交付" in clerk.reads()
    clerk.tab_to(".purpose a")
    clerk.press_and_wait("Enter")
    assert "証明書の請求" in clerk.reads()
    clerk.is_sound("reception")
    clerk.tab_to("#id_reason")
    clerk.type("請求の取下げ")
    clerk.press("Enter")
    assert clerk.focus_is_on("[name=how]")
    clerk.press_and_wait("Enter")
    assert "この受付は終わっています" in clerk.reads()
    clerk.press_and_wait("F2")
    clerk.press_and_wait("F9")
    assert "仮登録はありません" in clerk.reads()
    clerk.is_sound("drafts")
