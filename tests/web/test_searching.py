"""照会の画面: what they demand, what they keep, what they show, and what stands in no address."""

from collections.abc import Callable
from pathlib import Path
from typing import cast as cast_to

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

import town
from daicho.access import clock
from daicho.access.models import Office
from daicho.access.permits import permit
from daicho.register import importing
from people import Cast

pytestmark = pytest.mark.django_db

ComeIn = Callable[..., Client]
CHANGE = ["change"]


@pytest.fixture(autouse=True)
def _few(cast: Cast, tmp_path: Path) -> None:
    moving = permit(cast.system_operator.acting(), "data.migration", clock.today())
    file = town.write(tmp_path, [*town.few(), *_came_back()])
    importing.run(moving, file, ward=town.WARD, trial=False, keep_refusals=lambda _: None)


def _came_back() -> list[town.Line]:
    """戻, who lived here twice and once was of 花子's household."""
    one = {
        "address_number": "000000000000167",
        "given_name": "戻",
        "given_name_kana": "モドル",
        "born_on": "1999-09-09",
        "relationship": "妹",
        "position": "3",
        "individual_number": "",
        "individual_number_state": "none",
        "resident_record_code": "",
    }
    away = {"state": "moved_out", "closing_reason": "moved_out", "closed_on": "2021-03-31"}
    alone = {
        "household_number": "000000000000256",
        "relationship": "世帯主",
        "position": "1",
        "householder_name": "架空　戻",
        "householder_name_kana": "カクウ　モドル",
    }
    back = {"occurred_on": "2022-07-01", "resident_since_on": "2022-07-01"}
    return [
        town.hanako(**one),
        town.hanako(
            **one,
            **away,
            history_no="2",
            reason="国内転出",
            occurred_on="2021-03-31",
            closing_event_on="2021-03-31",
            processed_on="2021-03-31",
        ),
        town.hanako(
            **{**one, **alone, **back},
            history_no="3",
            residence_no="2",
            address_since_on="2022-07-01",
            processed_on="2022-07-04",
        ),
    ]


def send(client: Client, work: str = "change", **typed: str) -> HttpResponse:
    return cast_to(HttpResponse, client.post(reverse("counter:search", args=[work]), typed))


def search(client: Client, work: str = "change", **typed: str) -> str:
    """The page of hits, as the browser comes to it."""
    response = send(client, work, **typed)
    assert response.status_code == 302, response.content.decode()
    return client.get(response["Location"]).content.decode()


def record_id(address_number: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record_id FROM register_current WHERE address_number = %s", [address_number]
        )
        return str(cursor.fetchone()[0])


def page(client: Client, name: str, number: str, work: str = "change", query: str = "") -> str:
    response = client.get(reverse(f"counter:{name}", args=[work, record_id(number)]) + query)
    assert response.status_code == 200
    return response.content.decode()


HANAKO, NABE, BACK = "000000000000108", "000000000000124", "000000000000167"


def test_what_was_typed_stands_in_no_address_and_in_no_log(
    cast: Cast, come_in: ComeIn, caplog: pytest.LogCaptureFixture
) -> None:
    client = come_in(cast.clerk)
    response = send(client, kana="カクウ", address_number="108")
    assert "108" not in response["Location"]
    assert "カクウ" not in response["Location"]
    assert "架空　花子" in client.get(response["Location"]).content.decode()
    assert "カクウ" not in caplog.text


def test_the_trail_names_the_kinds_of_keys_and_never_the_words(cast: Cast, come_in: ComeIn) -> None:
    search(come_in(cast.clerk), kana="カクウハナコ")
    with connection.cursor() as cursor:
        cursor.execute("SELECT detail::text, subject_count FROM access_trail WHERE event='search'")
        assert cursor.fetchall() == [('{"keys": "kana", "rows": 1}', 1)]


def test_going_back_searches_again_without_sending(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    where = send(client, kana="カクウ")["Location"]
    assert client.get(where).status_code == client.get(where).status_code == 200


def test_the_last_conditions_are_offered_to_this_operator_alone(
    cast: Cast, come_in: ComeIn
) -> None:
    client = come_in(cast.clerk)
    for kana in ("アアア", "イイイ", "ウウウ", "エエエ", "オオオ", "カカカ", "カカカ"):
        search(client, kana=kana)
    offered = client.get(reverse("counter:search", args=CHANGE)).content.decode()
    assert offered.count("直して検索") == 5
    assert "アアア" not in offered
    other = come_in(cast.supervisor, Client())
    assert "カカカ" not in other.get(reverse("counter:search", args=CHANGE)).content.decode()


def test_empty_fields_are_ticked_told_and_offered_again(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    typed = {"kana": "カクウ", "blank": ["building", "lot"]}
    response = client.post(reverse("counter:search", args=CHANGE), typed)
    assert response.status_code == 302
    assert "番地、方書" in client.get(response["Location"]).content.decode()
    again = response["Location"].rpartition("/")[2]
    page = client.get(f"{reverse('counter:search', args=CHANGE)}?edit={again}").content.decode()
    ticked = [tag for tag in page.split("<input") if "checked" in tag.partition(">")[0]]
    assert [tag.partition('value="')[2].partition('"')[0] for tag in ticked] == ["lot", "building"]


def test_a_purpose_is_offered_the_empty_fields_that_it_sees(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    change = client.get(reverse("counter:search", args=CHANGE)).content.decode()
    certificate = client.get(reverse("counter:search", args=["certificate"])).content.decode()
    assert 'value="resident_record_code"' in change
    assert 'value="resident_record_code"' not in certificate
    sent = {"kana": "カクウ", "blank": "resident_record_code"}
    assert send(client, "certificate", **sent).status_code == 422


def test_a_city_without_wards_asks_for_none(cast: Cast, come_in: ComeIn) -> None:
    page = come_in(cast.clerk).get(reverse("counter:search", args=CHANGE)).content.decode()
    assert 'name="ward"' not in page


def test_the_ward_is_that_of_the_office_until_another_is_chosen(
    cast: Cast, come_in: ComeIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "MUNICIPALITY", "141305")
    Office.objects.filter(code="001").update(ward="141313")
    client = come_in(cast.clerk)
    page = client.get(reverse("counter:search", args=CHANGE)).content.decode()
    assert page.count("川崎市") == 7
    assert '<option value="141313" selected>川崎市川崎区</option>' in page
    found = search(client, kana="カクウハナコ", ward="141313")
    assert "該当する人はいません" in found
    assert "川崎市川崎区" in found
    assert "架空　花子" in search(client, kana="カクウハナコ", ward="")


def test_conditions_that_are_no_longer_kept_are_asked_for_again(
    cast: Cast, come_in: ComeIn
) -> None:
    client = come_in(cast.clerk)
    where = send(client, kana="カクウ")["Location"]
    stranger = come_in(cast.supervisor, Client())
    response = stranger.get(where, follow=True)
    assert "前の検索条件は残っていません" in response.content.decode()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"kana": "%"}, "「%」は検索に使えません"),
        ({"kana": " "}, "検索する条件が足りません"),
        ({"kanji": "架" * 10_000}, "100文字以内"),
        ({"kanji": "<script>alert(1)</script>"}, "「&lt;」は検索に使えません"),
        ({"kanji": "架\u0001空"}, "U+0001"),
    ],
)
def test_bad_input_is_told_and_kept_in_the_form(
    cast: Cast, come_in: ComeIn, typed: dict[str, str], told: str
) -> None:
    response = send(come_in(cast.clerk), **typed)
    assert response.status_code == 422
    text = response.content.decode()
    assert told in text
    assert "<script>alert" not in text


@pytest.mark.parametrize("player", ["auditor", "system_operator"])
@pytest.mark.parametrize("name", ["search", "person", "household", "history", "as_of"])
def test_who_has_not_this_work_gets_the_article(
    cast: Cast, come_in: ComeIn, player: str, name: str
) -> None:
    client = come_in(getattr(cast, player))
    args = CHANGE if name == "search" else [*CHANGE, record_id(HANAKO)]
    response = client.get(reverse(f"counter:{name}", args=args))
    assert response.status_code == 403
    assert "住民基本台帳法第36条の2第1項" in response.content.decode()
    assert "架空" not in response.content.decode()


@pytest.mark.parametrize("name", ["history", "as_of"])
def test_the_inquiry_for_certificates_does_not_look_back(
    cast: Cast, come_in: ComeIn, name: str
) -> None:
    client = come_in(cast.clerk)
    args = ["certificate", record_id(HANAKO)]
    assert client.get(reverse(f"counter:{name}", args=args)).status_code == 403


def test_what_the_purpose_does_not_see_says_so(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    assert "12345678903" in page(client, "person", HANAKO)
    shown = page(client, "person", HANAKO, "certificate")
    assert "12345678903" not in shown
    assert "この事務では表示しません" in shown
    assert "123456789018" not in page(client, "person", HANAKO)


def test_a_protected_person_is_marked_on_every_screen(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    assert "支援措置期間中" in search(client, kanji="渡辺")
    for name in ("person", "household", "history"):
        assert "支援措置期間中" in page(client, name, NABE), name


@pytest.mark.parametrize(
    ("until_on", "told"),
    [
        ("2026-11-21", "支援措置の期間が終了(延長なし)"),
        ("2026-12-12", "支援措置の期間が1か月以内に終了"),
    ],
)
def test_a_protection_that_ends_or_has_ended_is_told_on_every_screen(
    cast: Cast, come_in: ComeIn, until_on: str, told: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO register_protectivemeasure (record_id, provisional, from_on, until_on)"
            " SELECT record_id, false, '2025-12-01', %s FROM register_current"
            " WHERE address_number = %s",
            [until_on, HANAKO],
        )
    client = come_in(cast.clerk)
    assert told in search(client, address_number=HANAKO)
    for name in ("person", "household", "history"):
        assert told in page(client, name, HANAKO), name


def test_removed_members_are_shown_when_asked_for(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    plain = page(client, "household", HANAKO)
    assert "架空　戻" not in plain
    assert "除かれた人も表示(1人)" in plain
    shown = page(client, "household", HANAKO, query="?left")
    assert "架空　戻" in shown
    assert "国内転出" in shown


def test_two_residences_are_two_histories(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    now = page(client, "history", BACK)
    assert "履歴番号 3" in now
    assert "履歴番号 1" not in now
    assert "ほかの居住" in now
    args = [*CHANGE, record_id(BACK), 1]
    before = client.get(reverse("counter:residence", args=args)).content.decode()
    assert "履歴番号 1" in before
    assert "履歴番号 2" in before
    assert "履歴番号 3" not in before


def test_a_day_asked_for_stands_as_a_day(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    where = reverse("counter:as_of", args=[*CHANGE, record_id(HANAKO)])
    response = client.post(where, {"day": "令和3年1月1日"})
    assert response["Location"] == f"{where}?day=2021-01-01"
    assert "１番１号" in client.get(response["Location"]).content.decode()
    assert client.post(where, {"day": "いつか"}).status_code == 422


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("?day=1800-01-01", "明治6年以後の日を入力してください"),
        ("?day=nothing", "日付として読めません"),
        ("?day=2026-01-01&known_on=9999-12-31", "今日までの日を入力してください"),
        ("?day=9999-12-31&known_on=1800-01-01", "明治6年以後の日を入力してください"),
        ("?day=", "時点の日を入力してください"),
    ],
)
def test_a_day_that_cannot_be_read_is_said_so(
    cast: Cast, come_in: ComeIn, asked: str, said: str
) -> None:
    where = reverse("counter:as_of", args=["change", record_id(HANAKO)])
    answer = come_in(cast.clerk).get(where + asked)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_day_far_to_come_is_answered(cast: Cast, come_in: ComeIn) -> None:
    assert "令和7981年" in page(come_in(cast.clerk), "as_of", HANAKO, query="?day=9999-12-31")


def test_a_city_without_wards_shows_no_ward(cast: Cast, come_in: ComeIn) -> None:
    text = page(come_in(cast.clerk), "person", HANAKO)
    assert "<dt>区</dt>" not in text
    assert "<dd>072036</dd>" not in text


def test_the_rarer_conditions_stand_open_where_one_is_used(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    where = reverse("counter:search", args=["change"])
    assert "<details>" in client.get(where).content.decode()
    assert "<details open>" in send(client, relationship="子").content.decode()


def test_the_as_of_view_is_an_extension_with_a_switch(
    cast: Cast, come_in: ComeIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = come_in(cast.clerk)
    monkeypatch.setattr(settings, "EXTENSIONS", "none")
    args = [*CHANGE, record_id(HANAKO)]
    assert client.get(reverse("counter:as_of", args=args)).status_code == 404
    assert "時点 <kbd>" not in page(client, "person", HANAKO)


@pytest.mark.parametrize("work", ["nothing", "console"])
def test_a_work_that_is_none_is_no_screen(cast: Cast, come_in: ComeIn, work: str) -> None:
    assert come_in(cast.clerk).get(f"/inquiry/{work}/").status_code == 404
