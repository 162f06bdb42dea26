"""異動の入力の約束: what every form keeps to; nothing typed is lost, nothing is recorded twice."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from daicho.terms import relationships
from daicho.web.counter.changing.parts import RELATIONSHIPS
from people import Cast
from web.desk import HANAKO, MOVER, TARO, Opened, now, received, rows, suppress, who
from web.pages import form_in

pytestmark = pytest.mark.django_db


def test_a_refusal_by_law_shows_the_form_with_everything_typed(desk: Opened) -> None:
    at = desk("moved_in")
    typed = {**MOVER, "occurred_on": "R9.1.1"}  # to come: only a moving-out may be
    answer = at.send(form_in(at.open()), "check", **typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "登録できません。入力した内容は残っています" in page
    kept = form_in(page).typed
    assert {name: kept[name] for name in typed} == typed


def test_an_alert_is_asked_until_it_is_ticked(desk: Opened) -> None:
    late = {**MOVER, "occurred_on": "R8.9.1"}
    at = desk("moved_in")
    page, sheet = at.to_sheet(**late)
    assert "14日を過ぎた届出" in page
    asked = at.send(sheet, "record")
    assert asked.status_code == 422
    assert "まだ登録していません" in asked.content.decode()
    again = form_in(asked.content.decode())
    assert at.send(again, "record", accept=again.ticks).status_code == 302


def test_the_sheet_sent_twice_is_recorded_once(desk: Opened) -> None:
    at = desk("died", who(TARO), "ex_officio")
    _, sheet = at.to_sheet(occurred_on="R8.11.1")
    once, again = (at.send(sheet, "record", accept=sheet.ticks) for _ in range(2))
    assert once.status_code == again.status_code == 302
    assert len(rows("SELECT id FROM register_recordedchange WHERE kind = 'died'")) == 1


def test_who_was_changed_meanwhile_is_not_overwritten(desk: Opened) -> None:
    taro = who(TARO)
    at = desk("died", taro, "ex_officio")
    _, sheet = at.to_sheet(occurred_on="R8.11.1")
    correction = {"occurred_on": "R8.11.10", "given_name": "太朗", "why": "corrected_error"}
    assert desk("corrected", taro, "ex_officio").record(**correction).status_code == 302
    answer = at.send(sheet, "record", accept=sheet.ticks)
    assert answer.status_code == 422
    assert "ほかの操作者がこの住民の記載を変えました" in answer.content.decode()
    assert now(taro, "state") == ("living",)


def test_a_slip_made_up_gives_no_number(desk: Opened) -> None:
    at = desk("moved_in")
    forged = {**MOVER, "person-0-slip": "WyIxIl0:1abc:x", "household_slip": "IjEi:1abc:x"}
    _, sheet = at.to_sheet(**forged)
    assert sheet.typed["person-0-slip"] != forged["person-0-slip"]
    assert sheet.typed["household_slip"] != forged["household_slip"]


def test_hostile_names_of_fields_are_no_error(desk: Opened) -> None:
    at = desk("died", who(TARO), "ex_officio")
    odd = {
        "seen-x": "1",
        f"seen-{uuid4()}": "99999999999",
        "person_count": "1000",
    }
    assert at.send(form_in(at.open()), "remove:99", **odd).status_code == 200
    assert at.send(form_in(at.open()), "remove:x", **odd).status_code == 200
    assert at.send(form_in(at.open()), "rejoin:0:x").status_code in (200, 404)
    assert at.send(form_in(at.open()), "nothing", occurred_on="<b>").status_code == 422


@pytest.mark.parametrize("count", ["9" * 5000, "-1", "１", "x"])
def test_a_count_of_persons_made_up_is_no_error(desk: Opened, count: str) -> None:
    at = desk("moved_in")
    answer = at.send(form_in(at.open()), "edit", person_count=count)
    assert answer.status_code == 200
    assert form_in(answer.content.decode()).typed["person_count"] in ("1", "8")


@pytest.mark.parametrize("do", ["keep", "check", "record", "add"])
@pytest.mark.parametrize("name", ["note", "x\0y"])
def test_characters_that_cannot_be_kept_are_told_and_taken_out(
    desk: Opened, do: str, name: str
) -> None:
    at = desk("moved_in")
    answer = at.send(form_in(at.open()), do, **{**MOVER, name: "前\0後"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "記録できない文字がありました" in page
    typed = form_in(page).typed
    assert "\0" not in repr(typed)
    assert typed["note"] == ("前後" if name == "note" else "")
    assert typed["person-0-given_name"] == MOVER["person-0-given_name"]
    assert rows("SELECT * FROM register_draft") == []


def test_a_draft_is_opened_on_the_page_it_was_typed_on(desk: Opened) -> None:
    hanako, taro = who(HANAKO), who(TARO)
    at = desk("corrected", hanako, "ex_officio")
    typed = {"given_name": "花代", "why": "corrected_error", "opened_from": str(taro)}
    assert at.send(form_in(at.open()), "keep", **typed).status_code == 302
    other = at.client.get(at.address.replace(str(hanako), str(taro)))
    assert other.status_code == 302
    assert other.headers["Location"] == at.address
    opened = at.open()
    assert "仮登録した内容を開きました" in opened
    assert form_in(opened).typed["given_name"] == "花代"
    assert "opened_from" not in form_in(opened).typed


def test_a_draft_typed_on_a_blank_form_is_opened_there(desk: Opened) -> None:
    at = desk("moved_in")
    assert at.send(form_in(at.open()), "keep", **MOVER).status_code == 302
    other = at.client.get(f"{at.address}{who(TARO)}")
    assert other.status_code == 302
    assert other.headers["Location"] == at.address


def test_what_is_recorded_is_not_kept_as_a_draft_again(desk: Opened) -> None:
    at = desk("died", who(TARO), "ex_officio")
    _, sheet = at.to_sheet(occurred_on="R8.11.1")
    assert at.send(sheet, "record", accept=sheet.ticks).status_code == 302
    answer = at.send(sheet, "keep")
    assert answer.status_code == 422
    assert "仮登録はしていません" in answer.content.decode()
    assert rows("SELECT * FROM register_draft") == []


def test_every_relationship_that_is_offered_may_be_entered() -> None:
    assert [relationships.parse(word).text for word in RELATIONSHIPS] == list(RELATIONSHIPS)


def test_a_draft_is_kept_without_the_number_and_opened_again(desk: Opened) -> None:
    at = desk("moved_in")
    typed = {**MOVER, "person-0-individual_number": "111111111118"}
    assert at.send(form_in(at.open()), "keep", **typed).status_code == 302
    opened = at.open()
    assert "仮登録した内容を開きました" in opened
    kept = form_in(opened).typed
    assert kept["person-0-given_name"] == "𠮷子"
    assert kept["person-0-individual_number"] == ""
    assert at.record(**{"person-0-individual_number": "111111111118"}).status_code == 302
    assert rows("SELECT * FROM register_draft") == []


def test_another_clerk_waits_while_one_types(
    desk: Opened, cast: Cast, come_in: Callable[..., Client]
) -> None:
    taro = who(TARO)
    desk("died", taro, "ex_officio").open()
    other = come_in(cast.supervisor, Client(raise_request_exception=False))
    reception_id = received(cast.supervisor, "moved_within")
    answer = other.get(reverse("counter:change", args=[reception_id, taro]))
    assert answer.status_code == 409
    assert "ほかの操作者が" in answer.content.decode()


def test_who_left_once_comes_back_under_the_same_number(desk: Opened) -> None:
    taro = who(TARO)
    leaving = {
        "occurred_on": "R8.11.15",
        "moved_in_notice_on": "R8.11.18",
        "confirmed_destination_prefecture": "栃木県",
        "confirmed_destination_municipality": "宇都宮市",
        "confirmed_destination_town": "架空二丁目",
    }
    assert desk("move_in_notice_received", taro, "notice").record(**leaving).status_code == 302
    at = desk("moved_in")
    typed = {**MOVER, "occurred_on": "R8.11.20", "person-0-resident_record_code": "98765432103"}
    answer = at.send(form_in(at.open()), "check", **typed)
    page = answer.content.decode()
    assert answer.status_code == 422, "found by the code, they are no new person"
    assert "この人の再転入とする" in page
    back = at.send(form_in(page), f"rejoin:0:{taro}").content.decode()
    assert "再転入・宛名番号 000000000000116" in back
    assert "除票で異なる項目" in back
    form = form_in(back)
    assert form.typed["person-0-given_name"] == MOVER["person-0-given_name"], "typed wins"
    his = {"family_name": "架空", "given_name": "太郎", "born_on": "H17.10.10", "sex": "1"}
    form.typed |= {f"person-0-{name}": text for name, text in his.items()}
    checked = at.send(form, "check")
    assert checked.status_code == 200, checked.content.decode()
    sheet = form_in(checked.content.decode())
    assert at.send(sheet, "record", accept=sheet.ticks).status_code == 302
    assert rows(
        "SELECT address_number, residence_no FROM register_current WHERE record_id = %s", taro
    ) == [(TARO, 2)]


def test_a_remark_stands_beside_the_history(desk: Opened) -> None:
    hanako = who(HANAKO)
    at = desk("corrected", hanako, "ex_officio")
    at.address = at.address.replace("/change/", "/remark/")
    page = at.open()
    assert "架空" in page, "what the older system brought along"
    seen = {"seen": "1", "text": "郵便物は勤務先へ"}
    assert at.client.post(at.address, seen).status_code == 302
    again = at.client.post(at.address, {**seen, "text": "別の文"})
    assert again.status_code == 422, "somebody wrote since the page was opened"
    assert "別の文" in again.content.decode()
    assert now(hanako, "history_no") == (1,)
    assert "備考の入力" in page
    assert re.search(r">令和\d+年\d+月\d+日 \d\d:\d\d</time>", at.open()), "when it was written"


def test_a_change_of_whom_it_is_held_back_is_refused(desk: Opened) -> None:
    taro = who(TARO)
    suppress(taro, "error")
    at = desk("died", taro, "ex_officio")
    answer = at.send(form_in(at.open()), "check", occurred_on="R8.11.1")
    assert answer.status_code == 422
    assert "std3-1.change_suppressed<" in answer.content.decode()
    assert now(taro, "state") == ("living",)


def test_a_change_that_asks_for_care_is_asked_and_may_go_on(desk: Opened) -> None:
    taro = who(TARO)
    suppress(taro, "alert")
    at = desk("died", taro, "ex_officio")
    page, sheet = at.to_sheet(occurred_on="R8.11.1")
    assert "異動の入力に注意を要する人がいます" in page
    assert at.send(sheet, "record", accept=sheet.ticks).status_code == 302


def test_a_remark_of_whom_to_heed_is_asked_and_nothing_typed_is_lost(desk: Opened) -> None:
    taro = who(TARO)
    suppress(taro, "alert")
    at = desk("corrected", taro, "ex_officio")
    at.address = at.address.replace("/change/", "/remark/")
    seen = {"seen": "1", "text": "郵便物は勤務先へ"}
    answer = at.client.post(at.address, seen)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "まだ登録していません。" in page
    assert "異動の入力に注意を要する人がいます" in page
    assert 'value="郵便物は勤務先へ"' in page
    first, _help = re.findall(r"<(\w+) [^>]*autofocus", page)
    assert first == "input", "on what is asked"
    ((code),) = re.findall(r'name="accept" value="([^"]+)"', page)
    assert at.client.post(at.address, {**seen, "accept": code}).status_code == 302
    assert rows("SELECT text FROM register_remark WHERE record_id = %s ORDER BY remark_no", taro)[
        -1
    ] == ("郵便物は勤務先へ",)


def test_only_the_last_change_in_force_is_offered_for_cancelling(desk: Opened) -> None:
    taro = who(TARO)
    page = desk("cancelled", taro, "ex_officio").open()
    assert "取り消せる異動はありません" in page
    assert "移行した記載と、取消しそのものは、取り消せません" in page
    desk("died", taro, "ex_officio").record(occurred_on="R8.11.1")
    at = desk("cancelled", taro, "ex_officio")
    assert at.open().count("履歴番号") == 1
    assert at.record().status_code == 302
    assert "取り消せる異動はありません" in desk("cancelled", taro, "ex_officio").open()


def test_one_of_two_who_moves_makes_a_household_unless_said_otherwise(desk: Opened) -> None:
    form = form_in(desk("moved_within", who(TARO)).open())
    assert form.typed["into"] == "new"
    assert f"who-{who(HANAKO)}" not in form.typed
