"""照会抑止 and the forms: what is not shown is on no sheet, and is not written back blank."""

from uuid import UUID

import pytest

from web.desk import HANAKO, MOVER, NEW_ADDRESS, TARO, Desk, Opened, now, rows, who
from web.pages import form_in

pytestmark = pytest.mark.django_db

BORN, CODE = "平成17年10月10日", "98765432103"  # of 太郎
SAID = "照会が抑止されている人がいるため、入力できません"


def withhold(record_id: UUID) -> None:
    """照会 of that person is suppressed at the level error."""
    rows(
        "INSERT INTO register_suppression (record_id, process, level, from_on)"
        " VALUES (%s, 'look', 'error', '2020-01-01') RETURNING id",
        record_id,
    )


def both_died(desk: Opened) -> Desk:
    """花子 and 太郎 closed by one change; the form that cancels it, opened from 花子's page."""
    typed = {"occurred_on": "R8.11.1", f"who-{who(TARO)}": "on"}
    assert desk("died", who(HANAKO), "ex_officio").record(**typed).status_code == 302
    return desk("cancelled", who(HANAKO), "ex_officio")


def has_left(record_id: UUID, desk: Opened) -> None:
    typed = {
        "occurred_on": "R8.11.15",
        "moved_in_notice_on": "R8.11.18",
        "confirmed_destination_prefecture": "栃木県",
        "confirmed_destination_municipality": "宇都宮市",
        "confirmed_destination_town": "架空二丁目",
    }
    assert desk("move_in_notice_received", record_id, "notice").record(**typed).status_code == 302


def test_the_sheet_shows_of_each_person_what_the_permit_shows(desk: Opened) -> None:
    at = both_died(desk)
    page, _ = at.to_sheet()
    assert BORN in page, "without a suppression the sheet shows who is back"
    assert CODE in page
    withhold(who(TARO))
    page, sheet = at.to_sheet()
    assert "太郎" in page, "who is concerned is known by name"
    assert BORN not in page
    assert CODE not in page
    assert sheet.buttons, "the cancellation itself may go on"


def test_the_sheet_keeps_the_remark_on_a_withheld_person_back(desk: Opened) -> None:
    hanako, taro = who(HANAKO), who(TARO)
    typed = {"occurred_on": "R8.11.10", "note": "架空の留意事項", f"who-{hanako}": ""}
    page, _ = desk("died", taro, "ex_officio").to_sheet(**typed)
    assert "統合記載欄" in page
    withhold(taro)
    page, _ = desk("died", taro, "ex_officio").to_sheet(**typed)
    assert "統合記載欄" not in page


def test_the_household_after_the_change_keeps_the_age_of_the_withheld_back(desk: Opened) -> None:
    at = both_died(desk)
    page, _ = at.to_sheet()
    assert "21歳" in page
    withhold(who(TARO))
    page, _ = at.to_sheet()
    assert "21歳" not in page


@pytest.mark.parametrize("kind", ["moved_within", "householder_changed"])
def test_no_relationship_is_typed_anew_of_whose_own_is_not_shown(desk: Opened, kind: str) -> None:
    hanako, taro = who(HANAKO), who(TARO)
    before = now(taro, "relationship", "history_no")
    withhold(taro)
    at = desk(kind, hanako)
    typed = {"occurred_on": "R8.11.10", **NEW_ADDRESS, "into": "own", f"who-{taro}": "on"}
    answer = at.send(form_in(at.open()), "check", **typed, **{f"who-{hanako}": "on"})
    assert answer.status_code == 422
    assert SAID in answer.content.decode()
    assert now(taro, "relationship", "history_no") == before


def test_the_members_to_choose_from_are_shown_with_their_marks(desk: Opened) -> None:
    at = desk("moved_within", who(HANAKO))
    assert "照会抑止" not in at.open()
    withhold(who(TARO))
    assert "照会抑止" in at.open(), "that no 続柄 can be typed is seen before anything is typed"


def test_who_is_shown_moves_out_of_a_household_with_one_who_is_not(desk: Opened) -> None:
    withhold(who(TARO))
    typed = {"occurred_on": "R8.11.10", **NEW_ADDRESS, "into": "new"}
    assert desk("moved_within", who(HANAKO)).to_sheet(**typed)[1].buttons


def test_the_address_of_a_withheld_household_is_asked_for_not_copied_blank(desk: Opened) -> None:
    assert desk("moved_in").record(**MOVER).status_code == 302
    ((other, number),) = rows(
        "SELECT record_id, household_number FROM register_current"
        " WHERE resident_record_code = '24727059608'"
    )
    withhold(other)
    at = desk("moved_within", who(TARO))
    typed = {"occurred_on": "R8.11.10", "into": "other", "household_number": number}
    typed[f"as-{who(TARO)}"] = "同居人"
    answer = at.send(form_in(at.open()), "check", **typed)
    assert answer.status_code == 422
    assert "この世帯の住所は、照会の抑止のため写せません" in answer.content.decode()


def test_a_withheld_record_is_not_taken_over_blank_by_a_return(desk: Opened) -> None:
    taro = who(TARO)
    has_left(taro, desk)
    withhold(taro)
    at = desk("moved_in")
    answer = at.send(form_in(at.open()), f"rejoin:0:{taro}", **MOVER)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert SAID in page
    assert form_in(page).typed["person-0-given_name"] == MOVER["person-0-given_name"]


def test_the_changes_of_a_withheld_person_are_not_listed_for_cancelling(desk: Opened) -> None:
    withhold(who(TARO))
    at = desk("cancelled", who(TARO), "ex_officio")
    page = at.open()
    assert "履歴番号1" not in page
    answer = at.send(form_in(page), "check")
    assert answer.status_code == 422
    assert SAID in answer.content.decode()


def test_a_candidate_for_a_return_is_shown_with_the_marks(desk: Opened) -> None:
    taro = who(TARO)
    has_left(taro, desk)
    rows(
        "INSERT INTO register_protectivemeasure (record_id, provisional, from_on)"
        " VALUES (%s, false, '2020-01-01') RETURNING id",
        taro,
    )
    at = desk("moved_in")
    typed = {**MOVER, "occurred_on": "R8.11.20", "person-0-resident_record_code": CODE}
    page = at.send(form_in(at.open()), "check", **typed).content.decode()
    assert "この人の再転入とする" in page
    assert "支援措置期間中" in page
