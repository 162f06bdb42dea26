"""異動の入力: what a clerk types in the form of each kind becomes what is recorded."""

import json
from datetime import date

import pytest
from django.urls import reverse

import town
from web.desk import HANAKO, MOVER, NEW_ADDRESS, TARO, Opened, now, rows, who
from web.pages import form_in

pytestmark = pytest.mark.django_db


def test_a_death_is_recorded_and_leads_to_the_household(desk: Opened) -> None:
    taro = who(TARO)
    answer = desk("died", taro, "ex_officio").record(occurred_on="R8.11.1")
    assert answer.status_code == 302
    assert rows("SELECT state FROM register_current WHERE record_id = %s", taro) == [("died",)]


def test_who_was_declared_missing_is_closed_on_the_notice(desk: Opened) -> None:
    taro = who(TARO)
    typed = {"occurred_on": "R6.3.31"}
    page, _ = desk("declared_missing", taro, "notice").to_sheet(**typed)
    assert "失踪" in page
    assert "職権消除" in page
    assert desk("declared_missing", taro, "notice").record(**typed).status_code == 302
    assert now(taro, "state", "closing_reason", "closing_event_on") == (
        "closed",
        "ex_officio",
        "2024-03-31",
    )
    assert rows("SELECT basis FROM register_recordedchange WHERE kind = 'declared_missing'") == [
        ("notice",)
    ]


def test_another_number_is_asked_for_on_a_paper_with_its_reason(desk: Opened) -> None:
    taro = who(TARO)
    typed = {"occurred_on": "R8.11.1", "circumstance": "stolen"}
    form = desk("number_change_requested", taro, "request")
    page = form.send(form_in(form.open()), "check", **typed).content.decode()
    assert "理由を書いた請求書を受け取っていません" in page
    page, _ = form.to_sheet(**typed, in_writing="on")
    assert "個人番号の生成・変更の求め" in page
    assert form.record(**typed, in_writing="on").status_code == 302
    assert rows(
        "SELECT basis, body->'said'->>'ground', body->'said'->>'circumstance'"
        " FROM register_recordedchange WHERE kind = 'number_change_requested'"
    ) == [("request", "requested", "stolen")]
    again = desk("number_change_requested", taro, "ex_officio")
    page = again.send(form_in(again.open()), "check", **typed).content.decode()
    assert "新しい番号がまだ届いていません" in page
    assert 'name="in_writing"' not in again.open(), "ex officio there is no paper"
    assert now(taro, "individual_number_state") == ("held",)
    for work, tells in (("change", True), ("certificate", False)):  # which reads no history
        told = form.client.get(reverse("counter:person", args=[work, taro])).content.decode()
        assert ("変更を求めています" in told) is tells, work


def test_a_moving_in_makes_a_household_with_numbers_of_its_own(desk: Opened) -> None:
    answer = desk("moved_in").record(**MOVER)
    assert answer.status_code == 302
    ((record_id, number),) = rows(
        "SELECT record_id, household_number FROM register_current WHERE resident_record_code = %s",
        "24727059608",
    )
    assert now(record_id, "given_name", "address_lot", "resident_since_on", "ward") == (
        "𠮷子",
        "２３番７号",
        "2026-11-01",
        town.WARD,
    )
    assert len(number) == 15
    assert number != "000000000000205"


def test_a_postal_code_alone_is_no_address_before(desk: Opened) -> None:
    of = "person-0-previous_address"
    blank = {f"{of}_{part}": "" for part in ("prefecture", "municipality", "town")}
    for typed in (blank, {**blank, f"{of}_postal_code": "3200001"}):
        told, _ = desk("moved_in").to_sheet(**{**MOVER, **typed})
        assert 'value="brra7.previous_address_blank"' in told
    told, _ = desk("moved_in").to_sheet(**MOVER)
    assert 'value="brra7.previous_address_blank"' not in told


def test_a_moving_in_may_join_the_household_from_whose_page_it_was_opened(desk: Opened) -> None:
    joining = {name: text for name, text in MOVER.items() if not name.startswith("address_")}
    joining["person-0-relationship"] = "同居人"
    assert desk("moved_in", who(HANAKO)).record(**joining).status_code == 302
    found = rows(
        "SELECT household_number FROM register_current WHERE resident_record_code = %s",
        "24727059608",
    )
    assert found == [("000000000000205",)]


def test_a_number_typed_goes_to_the_vault_and_stands_in_no_row(desk: Opened) -> None:
    number = "111111111118"
    typed = {**MOVER, "person-0-individual_number": number}
    assert desk("moved_in").record(**typed).status_code == 302
    (record_id,) = rows(
        "SELECT record_id FROM register_current WHERE resident_record_code = %s", "24727059608"
    )[0]
    assert now(record_id, "individual_number_state") == ("held",)
    assert (
        rows(
            "SELECT body::text FROM register_recordedchange WHERE body::text LIKE %s", f"%{number}%"
        )
        == []
    )


def test_a_family_is_entered_block_by_block(desk: Opened) -> None:
    at = desk("moved_in")
    first = form_in(at.open())
    more = form_in(at.send(first, "add", **MOVER).content.decode())
    assert more.typed["person-1-family_name"] == "新入", "氏 is taken over"
    assert more.typed["person-1-given_name"] == ""
    assert more.typed["person-0-given_name"] == "𠮷子"
    fewer = form_in(at.send(more, "remove:0").content.decode())
    assert fewer.typed["person_count"] == "1"
    assert fewer.typed["person-0-given_name"] == ""


def test_a_moving_within_of_a_part_makes_a_household(desk: Opened) -> None:
    taro = who(TARO)
    typed = {**NEW_ADDRESS, "occurred_on": "R8.11.10", "into": "new", f"as-{taro}": "世帯主"}
    assert desk("moved_within", taro).record(**typed).status_code == 302
    assert now(taro, "address_lot", "relationship") == ("２３番７号", "世帯主")
    assert now(who(HANAKO), "address_lot") == ("１番１号",)


def test_a_part_that_moves_cannot_keep_the_number(desk: Opened) -> None:
    taro = who(TARO)
    typed = {**NEW_ADDRESS, "occurred_on": "R8.11.10", "into": "own", f"as-{taro}": "世帯主"}
    at = desk("moved_within", taro)
    answer = at.send(form_in(at.open()), "check", **typed)
    assert answer.status_code == 422
    assert "新しい世帯か既にある世帯を選んでください" in answer.content.decode()
    kept = form_in(answer.content.decode()).typed
    assert kept["address_town"] == "朝日一丁目"


def test_a_moving_out_is_planned_for_a_day_to_come(desk: Opened) -> None:
    taro = who(TARO)
    typed = {
        "occurred_on": "R8.12.20",
        "where": "domestic",
        "planned_destination_prefecture": "栃木県",
        "planned_destination_municipality": "宇都宮市",
    }
    assert desk("moved_out", taro).record(**typed).status_code == 302
    assert now(taro, "closing_event_on", "state") == ("2026-12-20", "living")


def test_a_move_in_notice_closes_who_has_not_left_yet(desk: Opened) -> None:
    taro = who(TARO)
    typed = {
        "occurred_on": "R8.11.15",
        "moved_in_notice_on": "R8.11.18",
        "confirmed_destination_prefecture": "栃木県",
        "confirmed_destination_municipality": "宇都宮市",
        "confirmed_destination_town": "架空二丁目",
    }
    assert desk("move_in_notice_received", taro, "notice").record(**typed).status_code == 302
    assert now(taro, "state", "moved_out_on") == ("moved_out", date(2026, 11, 15))


def test_a_householder_is_changed_by_saying_everybodys_relationship(desk: Opened) -> None:
    hanako, taro = who(HANAKO), who(TARO)
    typed = {"occurred_on": "R8.11.10", f"as-{hanako}": "母", f"as-{taro}": "世帯主"}
    assert desk("householder_changed", hanako).record(**typed).status_code == 302
    assert now(hanako, "relationship", "householder_name") == ("母", "架空　太郎")


def test_a_birth_takes_the_family_over_and_is_given_a_code(desk: Opened) -> None:
    rows("INSERT INTO register_recordcode (code) VALUES ('24727059608') RETURNING code")
    typed = {
        "occurred_on": "R8.11.10",
        "person-0-given_name": "実",
        "person-0-given_name_kana": "ミノル",
        "person-0-given_name_reading": "ミノル",
        "person-0-sex": "1",
    }
    page, _ = desk("born", who(HANAKO), "ex_officio").to_sheet(**typed)
    assert "登録の時に付番します" in page
    assert "24727059608" not in page, "another code may be drawn when it is recorded"
    at = desk("born", who(HANAKO), "ex_officio")
    assert at.record(**typed).status_code == 302
    ((child,),) = rows(
        "SELECT record_id FROM register_current WHERE resident_record_code = '24727059608'"
    )
    assert now(child, "family_name", "given_name", "registered_domicile", "born_on") == (
        "架空",
        "実",
        "福島県郡山市架空町一丁目１番地",
        "2026-11-10",
    )


def test_a_correction_states_only_what_was_typed_otherwise(desk: Opened) -> None:
    hanako, taro = who(HANAKO), who(TARO)
    typed = {"occurred_on": "R8.11.10", "family_name": "髙空", "why": "corrected_ex_officio"}
    assert desk("corrected", hanako, "ex_officio").record(**typed).status_code == 302
    assert now(hanako, "family_name", "given_name", "born_on") == ("髙空", "花子", "1985-05-05")
    assert now(taro, "family_name", "householder_name") == ("架空", "髙空　花子")
    ((body,),) = rows("SELECT body FROM register_recordedchange WHERE kind = 'corrected'")
    assert json.loads(body)["said"]["items"] == {str(hanako): {"family_name": "髙空"}}


def test_a_correction_of_nothing_is_told(desk: Opened) -> None:
    at = desk("corrected", who(HANAKO), "ex_officio")
    answer = at.send(form_in(at.open()), "check", occurred_on="R8.11.10")
    assert answer.status_code == 422
    assert "修正する項目がありません" in answer.content.decode()


def test_a_change_is_cancelled_from_the_history(desk: Opened) -> None:
    hanako = who(HANAKO)
    typed = {"occurred_on": "R8.11.10", "given_name": "花代", "why": "corrected_error"}
    assert desk("corrected", hanako, "ex_officio").record(**typed).status_code == 302
    ((change,),) = rows("SELECT id FROM register_recordedchange WHERE kind = 'corrected'")
    assert desk("cancelled", hanako, "ex_officio").record(cancels=str(change)).status_code == 302
    assert now(hanako, "given_name", "history_no") == ("花子", 3)


def test_what_the_import_brought_is_not_cancelled(desk: Opened) -> None:
    at = desk("cancelled", who(HANAKO), "ex_officio")
    ((change,),) = rows(
        "SELECT id FROM register_recordedchange WHERE kind = 'imported' AND %s = ANY (record_ids)",
        who(HANAKO),
    )
    answer = at.send(form_in(at.open()), "check", cancels=str(change))
    assert answer.status_code == 422
    assert "取り消せません" in answer.content.decode()
