"""異動の入力と表示しない項目: what a clerk is not shown is on no form, and is never lost."""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

import town
from certificates.counter import take_over
from daicho.access.models import Trail
from people import Cast
from register.counter import in_stock
from web.desk import (
    HANAKO,
    MOVER,
    NEW_ADDRESS,
    TARO,
    Desk,
    Opened,
    now,
    received,
    rows,
    who,
    wrongs,
)
from web.masked import CLASSES, DOMICILE, given_away, mask, with_markers
from web.pages import form_in

pytestmark = pytest.mark.django_db

ComeIn = Callable[..., Client]
MARY = "000000000000159"
LEFT = {
    "occurred_on": "R8.11.15",
    "moved_in_notice_on": "R8.11.18",
    "confirmed_destination_prefecture": "栃木県",
    "confirmed_destination_municipality": "宇都宮市",
    "confirmed_destination_town": "架空二丁目",
}
HIS = {
    "person-0-family_name": "架空",
    "person-0-given_name": "太郎",
    "person-0-family_name_kana": "カクウ",
    "person-0-given_name_kana": "タロウ",
    "person-0-born_on": "H17.10.10",
    "person-0-sex": "1",
}
OF_REGISTER = ("registered_domicile", "family_register_head")


@pytest.fixture
def family(in_november: None, cast: Cast, tmp_path: Path) -> None:
    """花子, 太郎 and MARY, with the items that may be hidden."""
    take_over(cast, town.write(tmp_path, with_markers()))


@pytest.fixture
def masked(cast: Cast) -> None:
    """The clerk is shown none of the items that may be hidden."""
    mask(cast.clerk, *CLASSES)


def nothing_of_it(page: str) -> None:
    assert given_away(page, *CLASSES) == []


def codes(page: str) -> set[str]:
    return set(re.findall(r"<code>([^<]+)</code>", page))


def as_colleague(cast: Cast, come_in: ComeIn, work: str, record_id: UUID, basis: str) -> Desk:
    """The desk of the supervisor, to whom everything is shown."""
    client = come_in(cast.supervisor, Client(raise_request_exception=False))
    reception_id = received(cast.supervisor, work, basis)
    return Desk(client, reverse("counter:change", args=[reception_id, record_id]))


# -- Corrections -----------------------------------------------------------------------------------


def test_a_correction_offers_only_what_is_shown_and_keeps_the_rest(
    desk: Opened, masked: None
) -> None:
    hanako = who(HANAKO)
    before = now(hanako, *OF_REGISTER, "resident_record_code")
    at = desk("corrected", hanako, "ex_officio")
    page = at.open()
    nothing_of_it(page)
    typed = form_in(page).typed
    assert not {*OF_REGISTER, "household_too"} & set(typed)
    page, sheet = at.to_sheet(occurred_on="R8.11.10", given_name="花代", why="corrected_error")
    nothing_of_it(page)
    assert at.send(sheet, "record", accept=sheet.ticks).status_code == 302
    assert now(hanako, "given_name") == ("花代",)
    assert now(hanako, *OF_REGISTER, "resident_record_code") == before


def test_a_field_that_the_page_does_not_have_corrects_nothing(desk: Opened, masked: None) -> None:
    hanako = who(HANAKO)
    at = desk("corrected", hanako, "ex_officio")
    typed = {"occurred_on": "R8.11.10", "given_name": "花代", "why": "corrected_error"}
    made_up = {"registered_domicile": "福島県郡山市別所一番地", "household_too": "on"}
    assert at.record(**typed, **made_up).status_code == 302
    assert now(hanako, "registered_domicile") == (DOMICILE,)


def test_the_history_that_a_correction_writes_is_not_read_on_the_sheet_of_its_cancelling(
    desk: Opened, cast: Cast
) -> None:
    hanako = who(HANAKO)
    at = desk("corrected", hanako, "ex_officio")
    typed = {"occurred_on": "R8.11.10", "why": "corrected_error", "given_name": "花代"}
    page, sheet = at.to_sheet(**typed, registered_domicile="福島県郡山市隠町一番地")
    assert f"修正前本籍 {DOMICILE}" in page, "to whom it is shown"
    assert at.send(sheet, "record", accept=sheet.ticks).status_code == 302
    mask(cast.clerk, "family_register")
    page, _ = desk("cancelled", hanako, "ex_officio").to_sheet()
    assert "花子" in page
    nothing_of_it(page.replace("隠町", ""))
    assert "隠町一番地" not in page


# -- Entries ---------------------------------------------------------------------------------------


def test_what_is_typed_from_the_paper_is_ones_own_to_see(desk: Opened, cast: Cast) -> None:
    mask(cast.clerk, "family_register", "record_code", "residence_status")
    at = desk("moved_in")
    assert "表示しない設定のため、届書などから入力します" in at.open()
    page, sheet = at.to_sheet(**MOVER)
    assert MOVER["person-0-registered_domicile"] in page, "it is what the sheet is checked for"
    assert at.send(sheet, "record", accept=sheet.ticks).status_code == 302
    ((mover,),) = rows(
        "SELECT record_id FROM register_current WHERE resident_record_code = '24727059608'"
    )
    assert now(mover, "registered_domicile") == (MOVER["person-0-registered_domicile"],)
    shown = at.client.get(reverse("counter:person", args=["change", mover])).content.decode()
    assert MOVER["person-0-registered_domicile"] not in shown, "recorded, it is the register's"


def test_a_blank_that_the_law_does_not_allow_leads_to_its_field(desk: Opened, cast: Cast) -> None:
    mask(cast.clerk, "family_register")
    at = desk("moved_in")
    answer = at.send(form_in(at.open()), "check", **{**MOVER, "person-0-registered_domicile": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "std1-1-6.blank" in codes(page)
    assert 'href="#id_person-0-registered_domicile"' in page


def test_a_mover_with_a_number_is_for_a_colleague_who_may_type_it(
    desk: Opened, cast: Cast, come_in: ComeIn
) -> None:
    mask(cast.clerk, "individual_number")
    at = desk("moved_in")
    opened = form_in(at.open())
    assert "person-0-individual_number" not in opened.typed
    typed = {**MOVER, "person-0-individual_number": "111111111118"}
    answer = at.send(opened, "check", **typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "access.item_masked" in codes(page)
    assert "「個人番号」は、この操作者には表示しない設定になっています" in page
    assert at.send(form_in(page), "keep").status_code == 302
    colleague = Desk(come_in(cast.supervisor, Client()), at.address)
    assert form_in(colleague.open()).typed["person-0-given_name"] == "𠮷子"
    number = {"person-0-individual_number": "111111111118"}
    assert colleague.record(**number).status_code == 302


def test_who_comes_from_abroad_has_no_number_to_type(desk: Opened, cast: Cast) -> None:
    mask(cast.clerk, "individual_number")
    in_stock("24727059608")
    typed = {**MOVER, "whence": "abroad", "evidence": "", "person-0-resident_record_code": ""}
    page, _ = desk("moved_in").to_sheet(**typed)
    assert "access.item_masked" not in page


def test_a_child_takes_nothing_unseen_from_the_household(desk: Opened, masked: None) -> None:
    in_stock("24727059608")
    at = desk("born", who(HANAKO), "ex_officio")
    page = at.open()
    nothing_of_it(page)
    assert form_in(page).typed["person-0-family_name"] == "架空"
    child = {
        "occurred_on": "R8.11.10",
        "person-0-given_name": "三郎",
        "person-0-given_name_kana": "サブロウ",
        "person-0-sex": "1",
        "person-0-relationship": "子",
    }
    answer = at.send(form_in(page), "check", **child)
    assert "std1-1-6.blank" in codes(answer.content.decode()), "what is not known is not entered"
    of_paper = {"person-0-registered_domicile": "新潟県架空市一番地"}
    of_paper["person-0-family_register_head"] = "架空　花子"
    page, _ = at.to_sheet(**child, **of_paper)
    nothing_of_it(page)
    assert "新潟県架空市一番地" in page


# -- Returns ---------------------------------------------------------------------------------------


def has_left(desk: Opened, record_id: UUID) -> Desk:
    """Who left, and the blank form of a moving-in."""
    assert desk("move_in_notice_received", record_id, "notice").record(**LEFT).status_code == 302
    return desk("moved_in")


def returning(at: Desk, record_id: UUID, **typed: str) -> str:
    """The page after the 除票 was chosen for the first who enters."""
    blank = dict.fromkeys(
        ("registered_domicile", "family_register_head", "resident_record_code"), ""
    )
    said = {**MOVER, **{f"person-0-{one}": "" for one in blank}, **HIS, "occurred_on": "R8.11.20"}
    answer = at.send(form_in(at.open()), f"rejoin:0:{record_id}", **{**said, **typed})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_return_keeps_what_the_closed_record_has_and_says_so(desk: Opened, cast: Cast) -> None:
    taro = who(TARO)
    of_closed = now(taro, *OF_REGISTER, "resident_record_code")
    at = has_left(desk, taro)
    mask(cast.clerk, *CLASSES)
    page = returning(at, taro)
    nothing_of_it(page)
    answer = at.send(form_in(page), "check")
    page = answer.content.decode()
    assert answer.status_code == 200, page
    nothing_of_it(page)
    sheet = form_in(page)
    assert "access.unseen_kept" in sheet.ticks
    assert "「戸籍の表示」は、入力がないため、除票のとおりに記載します" in page
    assert at.send(sheet, "record", accept=[]).status_code == 422, "never silently"
    assert at.send(sheet, "record", accept=sheet.ticks).status_code == 302
    assert now(taro, *OF_REGISTER, "resident_record_code") == of_closed
    assert now(taro, "state", "individual_number_state") == ("living", "held")


def test_what_is_typed_of_who_returns_wins_over_the_closed_record(desk: Opened, cast: Cast) -> None:
    taro = who(TARO)
    at = has_left(desk, taro)
    mask(cast.clerk, *CLASSES)
    own = {"person-0-registered_domicile": "新潟県架空市一番地"}
    own["person-0-family_register_head"] = "架空　太郎"
    page = at.send(form_in(returning(at, taro, **own)), "check").content.decode()
    nothing_of_it(page)
    assert "新潟県架空市一番地" in page
    assert "「戸籍の表示」は、入力がないため" not in page
    sheet = form_in(page)
    assert at.send(sheet, "record", accept=sheet.ticks).status_code == 302
    assert now(taro, *OF_REGISTER) == tuple(own.values())


def test_to_whom_all_is_shown_nothing_is_filled_in_at_the_door(desk: Opened) -> None:
    taro = who(TARO)
    at = has_left(desk, taro)
    page = returning(at, taro)
    assert DOMICILE in page, "the form itself has it, to be edited"
    typed = form_in(page)
    blank = {"person-0-registered_domicile": ""}
    answer = at.send(typed, "check", **blank)
    assert "std1-1-6.blank" in codes(answer.content.decode())


# -- Findings --------------------------------------------------------------------------------------


def test_an_alert_of_an_unseen_item_is_answered_without_its_content(
    desk: Opened, cast: Cast
) -> None:
    mary = who(MARY)
    typed = {"occurred_on": "R8.11.10", **NEW_ADDRESS, "into": "own"}
    page, _ = desk("moved_within", mary).to_sheet(**typed)
    assert "令和8年10月3日" in page, "the last day of the stay, to whom it is shown"
    mask(cast.clerk, "residence_status")
    at = desk("moved_within", mary)
    page, sheet = at.to_sheet(**typed)
    nothing_of_it(page)
    assert "「在留資格等」に、確かめる点があります" in page
    assert at.send(sheet, "record", accept=sheet.ticks).status_code == 302
    assert now(mary, "residence_card_number", "nationality") == ("AB12345678CD", "フィリピン")


def test_a_refusal_about_an_unseen_item_hands_the_change_over(
    desk: Opened, cast: Cast, tmp_path: Path
) -> None:
    blank = town.hanako(
        address_number="000000000000175",
        household_number="000000000000256",
        individual_number="",
        individual_number_state="none",
        resident_record_code="",
        registered_domicile="",
    )
    take_over(cast, town.write(tmp_path, [blank], "more.csv"))
    person = who("000000000000175")
    mask(cast.clerk, "family_register")
    at = desk("corrected", person, "ex_officio")
    typed = {"occurred_on": "R8.11.10", "given_name": "花代", "why": "corrected_error"}
    answer = at.send(form_in(at.open()), "check", **typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "access.unseen_refuses" in codes(page)
    assert not [one for one in wrongs(page) if "本籍" in one]


# -- Drafts ----------------------------------------------------------------------------------------


def test_a_draft_with_unseen_items_is_not_opened_and_not_lost(
    desk: Opened, cast: Cast, come_in: ComeIn
) -> None:
    at = desk("moved_in")
    assert at.send(form_in(at.open()), "keep", **MOVER).status_code == 302
    mask(cast.supervisor, "family_register")
    colleague = come_in(cast.supervisor, Client(raise_request_exception=False))
    answer = colleague.get(at.address)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "「戸籍の表示」は、この操作者には表示しない設定になっています" in page
    assert MOVER["person-0-registered_domicile"] not in page
    assert Trail.objects.latest("id").finding == "access.item_masked"
    assert rows("SELECT count(*) FROM register_draft") == [(1,)]
    assert rows("SELECT count(*) FROM register_editlease") == [(0,)], "nobody waits for him"


def test_ones_own_draft_of_an_entry_is_gone_on_with(desk: Opened, cast: Cast) -> None:
    mask(cast.clerk, "family_register")
    at = desk("moved_in")
    assert at.send(form_in(at.open()), "keep", **MOVER).status_code == 302
    opened = form_in(at.open()).typed
    assert opened["person-0-registered_domicile"] == MOVER["person-0-registered_domicile"]


def test_a_correction_that_was_typed_before_the_setting_is_for_a_colleague(
    desk: Opened, cast: Cast
) -> None:
    at = desk("corrected", who(HANAKO), "ex_officio")
    typed = {"registered_domicile": "新潟県架空市一番地", "why": "corrected_ex_officio"}
    assert at.send(form_in(at.open()), "keep", **typed).status_code == 302
    mask(cast.clerk, "family_register")
    answer = at.client.get(at.address)
    assert answer.status_code == 403, "the form has no field for it: it would be lost"
    assert "新潟県架空市一番地" not in answer.content.decode()


@pytest.mark.parametrize("kind", ["moved_within", "moved_out", "died", "declared_missing"])
@pytest.mark.parametrize("number", [HANAKO, MARY])
def test_a_change_loses_nothing_that_is_not_shown(
    desk: Opened, masked: None, kind: str, number: str
) -> None:
    person = who(number)
    columns = (*OF_REGISTER, "resident_record_code", "residence_card_number", "nationality")
    before = now(person, *columns)
    basis = "ex_officio" if kind in ("died", "declared_missing") else "notification"
    typed = {"occurred_on": "R8.11.10", "where": "abroad", **NEW_ADDRESS, f"who-{person}": "on"}
    at = desk(kind, person, basis)
    nothing_of_it(at.open())
    page, sheet = at.to_sheet(**typed)
    nothing_of_it(page)
    answer = at.send(sheet, "record", accept=sheet.ticks)
    assert answer.status_code == 302, answer.content.decode()
    assert now(person, *columns) == before


def test_who_is_back_by_a_cancellation_has_all_that_was_there(desk: Opened, masked: None) -> None:
    hanako = who(HANAKO)
    columns = (*OF_REGISTER, "resident_record_code", "state")
    before = now(hanako, *columns)
    typed = {"occurred_on": "R8.11.1", f"who-{hanako}": "on"}
    assert desk("died", hanako, "ex_officio").record(**typed).status_code == 302
    at = desk("cancelled", hanako, "ex_officio")
    page, sheet = at.to_sheet()
    assert "花子" in page
    nothing_of_it(page)
    assert at.send(sheet, "record", accept=sheet.ticks).status_code == 302
    assert now(hanako, *columns) == before
