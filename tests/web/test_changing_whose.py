"""誰についての判定か: what is asked and what refuses names the person, where there are several."""

import re

import pytest

from web.desk import HANAKO, MOVER, TARO, Opened, suppress, two, who, wrongs
from web.pages import form_in

pytestmark = pytest.mark.django_db

LEAVING = {
    "occurred_on": "R8.12.20",
    "where": "domestic",
    "planned_destination_prefecture": "栃木県",
    "planned_destination_municipality": "宇都宮市",
}
LIKE_TARO = {
    "family_name": "架空",
    "given_name": "太郎",
    "family_name_kana": "カクウ",
    "given_name_kana": "タロウ",
    "born_on": "H17.10.10",
    "sex": "1",
}


def asked(page: str) -> dict[str, str]:
    """The code of each tick to the text beside it."""
    found = re.findall(r'name="accept" value="([^"]+)".*?<label[^>]*>(.*?)</label>', page, re.S)
    return {code: re.sub(r"<[^>]+>", "", text) for code, text in found}


def test_an_alert_of_the_second_who_enters_names_the_second(desk: Opened) -> None:
    page, _ = desk("moved_in").to_sheet(**two(**LIKE_TARO))
    said = asked(page)
    assert said["brra6.three_items_living"].startswith("2人目 架空 太郎: ")
    assert not said["brra22.number_not_typed"].startswith("2人目")


def test_an_alert_of_one_of_those_who_leave_names_them(desk: Opened) -> None:
    hanako, taro = who(HANAKO), who(TARO)
    suppress(taro, "alert")
    both = {**LEAVING, f"who-{hanako}": "on", f"who-{taro}": "on"}
    page, sheet = desk("moved_out", hanako).to_sheet(**both)
    assert asked(page)["std3-1.change_suppressed_alert"].startswith("架空　太郎: ")
    assert len(sheet.ticks) == len(set(sheet.ticks)), "one tick for one code"


def test_an_alert_of_the_only_person_names_nobody(desk: Opened) -> None:
    one = {**MOVER, **{f"person-0-{name}": text for name, text in LIKE_TARO.items()}}
    page, _ = desk("moved_in").to_sheet(**one)
    assert not asked(page)["brra6.three_items_living"].startswith("1人目")


def test_what_refuses_at_the_last_step_names_the_person_and_leads_to_the_field(
    desk: Opened,
) -> None:
    at = desk("moved_in")
    _, sheet = at.to_sheet(**two())
    other = {**MOVER, "person-0-resident_record_code": "24727059616"}
    assert desk("moved_in").record(**other).status_code == 302, "a colleague is quicker"
    answer = at.send(sheet, "record", accept=sheet.ticks)
    assert answer.status_code == 422
    (line,) = wrongs(answer.content.decode())
    assert line.startswith("<b>2人目 架空 二郎:</b>")
    assert 'href="#id_person-1-resident_record_code"' in line


def test_whom_a_colleague_has_changed_since_is_named_at_the_last_step(desk: Opened) -> None:
    hanako, taro = who(HANAKO), who(TARO)
    at = desk("moved_out", hanako)
    both = {**LEAVING, f"who-{hanako}": "on", f"who-{taro}": "on"}
    _, sheet = at.to_sheet(**both)
    typed = {"occurred_on": "R8.11.10", "given_name": "太朗", "why": "corrected_error"}
    assert desk("corrected", taro, "ex_officio").record(**typed).status_code == 302
    answer = at.send(sheet, "record", accept=sheet.ticks)
    (line,) = wrongs(answer.content.decode())
    assert answer.status_code == 422
    assert re.match(r"<b>架空　太(郎|朗):</b>", line)
    assert form_in(answer.content.decode()).typed["occurred_on"] == "R8.12.20"
