"""入力に戻る・申出: back from the sheet with everything typed, and a 申出 from end to end."""

from datetime import date

import pytest
from django.urls import reverse

from daicho.access import clock
from people import Cast
from web.desk import MOVER, TARO, Opened, now, received, rows, who
from web.pages import form_in

pytestmark = pytest.mark.django_db


def test_going_back_from_the_sheet_shows_the_form_with_everything_typed(desk: Opened) -> None:
    at = desk("moved_in")
    typed = {**MOVER, "person-0-individual_number": "111111111118"}
    _, sheet = at.to_sheet(**typed)
    answer = at.send(sheet, "edit")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "転入の入力" in page
    assert "登録できません" not in page, "nothing is judged on the way back"
    back = form_in(page)
    assert {name: back.typed[name] for name in typed} == typed
    assert rows("SELECT id FROM register_recordedchange WHERE kind = 'moved_in'") == []


def test_what_is_put_right_after_going_back_is_what_is_recorded(desk: Opened) -> None:
    at = desk("moved_in")
    _, sheet = at.to_sheet(**MOVER)
    back = form_in(at.send(sheet, "edit").content.decode())
    again = at.send(back, "check", **{"person-0-given_name": "吉子"})
    sheet = form_in(again.content.decode())
    assert at.send(sheet, "record", accept=sheet.ticks).status_code == 302
    ((mover,),) = rows(
        "SELECT record_id FROM register_current WHERE resident_record_code = %s",
        MOVER["person-0-resident_record_code"],
    )
    assert now(mover, "given_name", "address_town") == ("吉子", "朝日一丁目")


def test_the_day_of_an_application_is_today_unless_another_is_typed(
    desk: Opened, cast: Cast
) -> None:
    at = desk("corrected", who(TARO), "application")
    address = reverse("counter:receive", args=["corrected"])
    page = at.client.get(f"{address}?basis=application").content.decode()
    assert "申出日" in page
    assert 'value="令和8年11月22日"' in page


def test_a_correction_that_was_applied_for_is_marked_as_that(desk: Opened, cast: Cast) -> None:
    taro = who(TARO)
    at = desk("corrected", taro, "application")
    typed = {"occurred_on": "R8.11.10", "given_name": "太朗", "why": "corrected_error"}
    page, sheet = at.to_sheet(**typed)
    assert "<dt>根拠</dt><dd>申出</dd>" in page
    assert at.send(sheet, "record", accept=sheet.ticks).status_code == 302
    recorded = rows(
        "SELECT basis, received_on, article, reception_id IS NOT NULL"
        " FROM register_recordedchange WHERE kind = 'corrected'"
    )
    assert recorded == [("application", clock.today(), "BRRA 8", True)]
    assert clock.today() == date(2026, 11, 22)
    assert now(taro, "given_name", "history_no") == ("太朗", 2)
    shown = reverse("counter:history", args=[received(cast.clerk, "corrected", "ex_officio"), taro])
    page = at.client.get(shown).content.decode()
    assert "申出" in page
    assert "太朗" in page
