"""行政区: in a city that has wards a record is of the ward that its address lies in."""

import pytest
from django.conf import LazySettings

import town
from web.desk import HANAKO, MOVER, TARO, Opened, now, rows, who
from web.pages import form_in

pytestmark = pytest.mark.django_db

NAKA = "141046"
IN_NAKA = {
    "address_prefecture": "神奈川県",
    "address_municipality": "横浜市中区",
    "address_town": "架空町",
    "address_lot": "２番２号",
}


@pytest.fixture
def yokohama(settings: LazySettings) -> None:
    settings.MUNICIPALITY = "141003"


def _ward(record_code: str) -> list[tuple[str]]:
    return rows("SELECT ward FROM register_current WHERE resident_record_code = %s", record_code)


@pytest.mark.usefixtures("yokohama")
def test_who_moves_in_is_of_the_ward_of_the_address(desk: Opened) -> None:
    assert desk("moved_in").record(**{**MOVER, **IN_NAKA}).status_code == 302
    assert _ward("24727059608") == [(NAKA,)], "not of that of the clerk's office"
    assert rows("SELECT count(*) FROM register_household WHERE ward = %s", NAKA) == [(1,)]


@pytest.mark.usefixtures("yokohama")
def test_who_moves_to_another_ward_is_of_that_ward(desk: Opened) -> None:
    taro = who(TARO)
    typed = {**IN_NAKA, "occurred_on": "R8.11.10", "into": "new", f"as-{taro}": "世帯主"}
    assert desk("moved_within", taro).record(**typed).status_code == 302
    assert now(taro, "ward", "address_municipality") == (NAKA, "横浜市中区")
    assert rows("SELECT ward FROM register_current WHERE record_id = %s", taro) == [(NAKA,)]
    assert now(who(HANAKO), "ward") == (town.WARD,)


@pytest.mark.usefixtures("yokohama")
def test_who_joins_a_household_by_its_number_is_of_its_ward(desk: Opened) -> None:
    assert desk("moved_in").record(**{**MOVER, **IN_NAKA}).status_code == 302
    ((number,),) = rows("SELECT number FROM register_household WHERE ward = %s", NAKA)
    taro = who(TARO)
    typed = {"occurred_on": "R8.11.10", "into": "other", "household_number": number}
    assert desk("moved_within", taro).record(**typed, **{f"as-{taro}": "同居人"}).status_code == 302
    assert now(taro, "ward", "household_number") == (NAKA, number)


@pytest.mark.usefixtures("yokohama")
@pytest.mark.parametrize("kind", ["moved_in", "moved_within"])
def test_an_address_that_tells_no_ward_is_asked_for_it(desk: Opened, kind: str) -> None:
    taro = who(TARO)
    own = {"occurred_on": "R8.11.10", "into": "new", f"as-{taro}": "世帯主"}
    typed = MOVER if kind == "moved_in" else own
    at = desk(kind) if kind == "moved_in" else desk(kind, taro)
    without = {**typed, **IN_NAKA, "address_municipality": "横浜市"}
    answer = at.send(form_in(at.open()), "check", **without)
    assert answer.status_code == 422
    assert "区まで入力してください" in answer.content.decode()


def test_in_a_city_without_wards_nothing_changes(desk: Opened) -> None:
    taro = who(TARO)
    typed = {**IN_NAKA, "occurred_on": "R8.11.10", "into": "new", f"as-{taro}": "世帯主"}
    assert desk("moved_within", taro).record(**typed).status_code == 302
    assert now(taro, "ward") == (town.WARD,)


def test_a_special_moving_in_is_closed_after_its_days(desk: Opened) -> None:
    typed = {**MOVER, "evidence": "message", "planned_on": "R8.9.1"}
    at = desk("moved_in")
    answer = at.send(form_in(at.open()), "check", **typed)
    assert answer.status_code == 422
    assert "特例による転入届をすることができません" in answer.content.decode()


def test_a_special_moving_in_without_the_planned_day_asks(desk: Opened) -> None:
    typed = {**MOVER, "evidence": "message", "occurred_on": "R8.11.15"}
    page, sheet = desk("moved_in").to_sheet(**typed)
    assert "brra24-2.planned_unknown" in sheet.ticks
    assert "転出証明書情報の転出の予定年月日を入力してください" in page


def test_a_national_does_not_become_a_foreign_resident(desk: Opened) -> None:
    at = desk("moved_in")
    answer = at.send(form_in(at.open()), "check", **{**MOVER, "whence": "here", "evidence": ""})
    assert answer.status_code == 422
    assert "中長期在留者等となった届出に含まれています" in answer.content.decode()


@pytest.mark.usefixtures("yokohama")
def test_a_ward_is_shown_by_its_name(desk: Opened) -> None:
    at = desk("moved_in")
    page, _ = at.to_sheet(**{**MOVER, **IN_NAKA})
    assert "<dt>区</dt><dd>横浜市中区</dd>" in page
