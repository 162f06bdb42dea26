"""異動の入力を失わない: a second clerk, a draft of another, a return and a refusal keep it all."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from daicho.access import clock
from people import Cast
from register.counter import in_stock
from web.desk import MOVER, TARO, Desk, Opened, now, received, rows, two, who, wrongs
from web.pages import form_in

pytestmark = pytest.mark.django_db

LEFT = {
    "occurred_on": "R8.11.15",
    "moved_in_notice_on": "R8.11.18",
    "confirmed_destination_prefecture": "栃木県",
    "confirmed_destination_municipality": "宇都宮市",
    "confirmed_destination_town": "架空二丁目",
}
CORRECTION = {"occurred_on": "R8.11.10", "given_name": "太朗", "why": "corrected_error"}


@pytest.fixture
def colleague(cast: Cast, come_in: Callable[..., Client]) -> Client:
    """The browser of another operator of the same office."""
    return come_in(cast.supervisor, Client(raise_request_exception=False))


def taken_by_another(cast: Cast, colleague: Client, record_id: UUID) -> None:
    """The lease of the first has ended, and another operator has opened a form."""
    rows("UPDATE register_editlease SET until_at = '2026-11-22 02:00+00' RETURNING 1")
    reception_id = received(cast.supervisor, "moved_within")
    opened = colleague.get(reverse("counter:change", args=[reception_id, record_id]))
    assert opened.status_code == 200


# -- A second clerk --------------------------------------------------------------------------------


@pytest.mark.parametrize("do", ["check", "record"])
def test_what_is_typed_stays_when_another_opens_the_household(
    desk: Opened, cast: Cast, colleague: Client, do: str
) -> None:
    taro = who(TARO)
    at = desk("corrected", taro, "ex_officio")
    opened = form_in(at.open())
    taken_by_another(cast, colleague, taro)
    answer = at.send(opened, do, **CORRECTION)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "審査 太郎" in page, "who types now"
    kept = form_in(page).typed
    assert {name: kept[name] for name in CORRECTION} == CORRECTION
    assert now(taro, "given_name") == ("太郎",)


def test_what_is_typed_can_still_be_kept_as_a_draft(
    desk: Opened, cast: Cast, colleague: Client
) -> None:
    at = desk("corrected", who(TARO), "ex_officio")
    opened = form_in(at.open())
    taken_by_another(cast, colleague, who(TARO))
    assert at.send(opened, "keep", **CORRECTION).status_code == 302
    assert rows("SELECT typed->>'given_name' FROM register_draft") == [("太朗",)]


def test_a_repeat_of_what_is_recorded_gets_its_result_whoever_types_now(
    desk: Opened, cast: Cast, colleague: Client
) -> None:
    at = desk("corrected", who(TARO), "ex_officio")
    _, sheet = at.to_sheet(**CORRECTION)
    assert at.send(sheet, "record", accept=sheet.ticks).status_code == 302
    taken_by_another(cast, colleague, who(TARO))
    again = at.send(sheet, "record", accept=sheet.ticks)
    assert again.status_code == 302
    assert again.headers["Location"].endswith("?told=recorded")


# -- A draft of another ----------------------------------------------------------------------------


def test_a_draft_kept_by_another_is_overwritten_knowingly_or_not_at_all(
    desk: Opened, cast: Cast, colleague: Client
) -> None:
    at = desk("moved_in")
    first = form_in(at.open())
    theirs = Desk(colleague, at.address)
    assert theirs.send(form_in(theirs.open()), "keep", note="二人目の文").status_code == 302
    answer = at.send(first, "keep", **MOVER)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "審査 太郎が令和8年11月22日 12:00に仮登録した内容があります" in page
    assert rows("SELECT typed->>'note' FROM register_draft") == [("二人目の文",)]
    kept = form_in(page)
    assert {name: kept.typed[name] for name in MOVER} == MOVER
    assert at.send(kept, "keep").status_code == 302
    assert form_in(at.open()).typed["person-0-given_name"] == "𠮷子"


def test_a_draft_that_was_opened_is_kept_anew(desk: Opened) -> None:
    at = desk("moved_in")
    assert at.send(form_in(at.open()), "keep", **MOVER).status_code == 302
    opened = form_in(at.open())
    _, sheet = at.to_sheet()
    back = form_in(at.send(sheet, "edit").content.decode())
    with clock.fixed(datetime(2026, 11, 22, 3, tzinfo=UTC) + timedelta(minutes=1)):
        assert at.send(back, "keep", note="一").status_code == 302
    assert at.send(opened, "keep", note="二").status_code == 409, "the page is older than the draft"
    assert rows("SELECT typed->>'note', typed ? 'draft_seen' FROM register_draft") == [
        ("一", False)
    ]


@pytest.mark.parametrize("made_up", ["x", "2026-11-22", "2026-11-22T12:00:00", "9" * 5000])
def test_a_moment_made_up_overwrites_nothing(desk: Opened, made_up: str) -> None:
    at = desk("moved_in")
    assert at.send(form_in(at.open()), "keep", note="一").status_code == 302
    answer = at.send(form_in(at.open()), "keep", note="二", draft_seen=made_up)
    assert answer.status_code == 409


# -- A return --------------------------------------------------------------------------------------


def test_what_was_typed_wins_over_the_closed_record_and_is_told(desk: Opened) -> None:
    taro = who(TARO)
    assert desk("move_in_notice_received", taro, "notice").record(**LEFT).status_code == 302
    at = desk("moved_in")
    typed = {
        **MOVER,
        "person-0-family_name": "架空",
        "person-0-given_name": "",
        "person-0-born_on": "H17.10.10",
        "person-0-previous_address_postal_code": "",
    }
    page = at.send(form_in(at.open()), f"rejoin:0:{taro}", **typed).content.decode()
    kept = form_in(page).typed
    assert kept["person-0-given_name"] == "太郎", "what was blank comes from the 除票"
    for name in ("registered_domicile", "family_register_head", "previous_address_town"):
        assert kept[f"person-0-{name}"] == MOVER[f"person-0-{name}"], name
    assert kept["person-0-previous_address_code"] == "", "an address goes as a whole"
    told = re.findall(r'<tr><th scope="row">(.+?)</th><td>(.*?)</td><td>(.*?)</td></tr>', page)
    labels = {label for label, _, _ in told}
    assert {"本籍", "筆頭者", "性別"} <= labels
    assert not labels & {"氏", "名", "生年月日"}, "the same day, however it is written"
    assert ("性別", "男", "女") in told


def test_the_previous_address_of_the_former_residence_is_not_taken_over(desk: Opened) -> None:
    taro = who(TARO)
    assert desk("move_in_notice_received", taro, "notice").record(**LEFT).status_code == 302
    at = desk("moved_in")
    page = at.send(form_in(at.open()), f"rejoin:0:{taro}").content.decode()
    assert form_in(page).typed["person-0-previous_address_town"] == ""
    assert form_in(page).typed["person-0-given_name"] == "太郎"
    assert "除票で異なる項目" not in page


# -- A refusal -------------------------------------------------------------------------------------


def test_an_error_says_whose_item_it_is_and_leads_to_it(desk: Opened) -> None:
    at = desk("moved_in")
    answer = at.send(form_in(at.open()), "check", **two(resident_record_code=""))
    (line,) = wrongs(answer.content.decode())
    assert line.startswith("<b>2人目 架空 二郎:</b>")
    assert 'href="#id_person-1-resident_record_code"' in line
    assert "住民票コードが空欄です" in line


def test_an_item_that_cannot_be_read_says_whose_it_is(desk: Opened) -> None:
    at = desk("moved_in")
    answer = at.send(form_in(at.open()), "check", **two(born_on="x"))
    (line,) = wrongs(answer.content.decode())
    assert "2人目 架空 二郎 生年月日" in line
    assert 'href="#id_person-1-born_on"' in line


def test_one_wrong_day_is_told_once(desk: Opened) -> None:
    at = desk("moved_in")
    answer = at.send(form_in(at.open()), "check", **{**two(), "occurred_on": "R9.1.1"})
    found = wrongs(answer.content.decode())
    assert len(found) == 1, found
    assert 'href="#id_occurred_on"' in found[0]


def test_who_has_no_name_is_not_entered(desk: Opened) -> None:
    at = desk("moved_in")
    nameless = {**MOVER, "person-0-family_name": "", "person-0-given_name": ""}
    answer = at.send(form_in(at.open()), "check", **nameless)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "氏名がすべて空欄です" in page
    assert any('href="#id_person-0-family_name"' in line for line in wrongs(page))


# -- 個人番号 --------------------------------------------------------------------------------------


def test_the_number_is_asked_for_only_where_the_work_sees_it(desk: Opened) -> None:
    field = "person-0-individual_number"
    assert field in form_in(desk("moved_in").open()).typed
    at = desk("moved_in", None, "ex_officio")
    opened = form_in(at.open())
    assert field not in opened.typed
    answer = at.send(opened, "check", **{**MOVER, field: "111111111118"})
    kept = form_in(answer.content.decode()).typed
    assert kept["person-0-given_name"] == "𠮷子", "nothing is lost where one is sent all the same"


@pytest.mark.parametrize(
    ("number", "state", "because"),
    [("", "none", "nobody has asked for one"), ("111111111118", "held", "the vault holds it")],
)
def test_a_number_of_the_certificate_is_asked_for(
    desk: Opened, number: str, state: str, because: str
) -> None:
    at = desk("moved_in")
    page, sheet = at.to_sheet(**{**MOVER, "person-0-individual_number": number})
    assert ("個人番号が空欄の者が1人います" in page) is (number == "")
    assert at.send(sheet, "record", accept=sheet.ticks).status_code == 302
    assert rows(
        "SELECT individual_number_state FROM register_recordversion"
        " WHERE resident_record_code = %s",
        MOVER["person-0-resident_record_code"],
    ) == [(state,)], because


def test_who_comes_from_abroad_awaits_a_number(desk: Opened) -> None:
    in_stock("24727059608")
    abroad = {**MOVER, "whence": "abroad", "evidence": "", "person-0-resident_record_code": ""}
    page, _ = desk("moved_in").to_sheet(**abroad)
    assert "個人番号が空欄の者" not in page
    assert "生成待ち" in page
