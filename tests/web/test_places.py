"""住所の入力補助の画面: what fills an address, what is left as typed, and what is never sent."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

import town
from daicho.access import clock
from daicho.access.permits import permit
from daicho.register import importing
from daicho.web.counter.places.completing import complete, filled, is_address
from people import Cast

ComeIn = Callable[..., Client]
OF = "person-0-previous_address"


def typed(**parts: str) -> dict[str, str]:
    return {f"{OF}_{part}": text for part, text in parts.items()}


def fills(said: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(f"{OF}_"): text for name, text in said.items()}


ASAHI = {"prefecture": "福島県", "municipality": "郡山市", "town": "朝日"}


@pytest.mark.parametrize(
    ("said", "expected", "told", "because"),
    [
        ({"postal_code": "963-8601"}, ASAHI, "「福島県郡山市朝日」を入れました", "all are blank"),
        (
            {"postal_code": "９６３８６０１", "prefecture": "福島県"},
            {"municipality": "郡山市", "town": "朝日"},
            "入れました",
            "what is there already stays",
        ),
        (
            {"postal_code": "9638601", **ASAHI, "town": "朝日一丁目"},
            {},
            "合っています",
            "a town typed on",
        ),
        (
            {"postal_code": "4980000", "prefecture": "三重県"},
            {"municipality": "桑名郡木曽岬町"},
            "入れました",
            "the prefecture says which of two",
        ),
        ({"postal_code": "1010032"}, None, "丁目と番地", "the clerk adds the 丁目"),
        ({"postal_code": "9999999"}, {}, "辞書にありません", "no such code"),
        ({"postal_code": "12"}, {}, "7桁で入力", "too short"),
        ({"postal_code": "　"}, {}, "", "nothing was typed"),
        ({"postal_code": "9638601", "free_text": "架空国"}, {}, "自由入力欄", "one or the other"),
        ({}, {}, "", "no field at all"),
    ],
)
def test_a_postal_code_fills_what_is_blank(
    said: dict[str, str], expected: dict[str, str] | None, told: str, because: str
) -> None:
    found = complete(typed(**said), OF)
    assert not found.candidates, because
    assert told in found.told, because
    if expected is not None:
        assert fills(found.fills) == expected, because


def test_what_differs_is_left_and_can_be_replaced_by_choice() -> None:
    found = complete(typed(postal_code="9638601", prefecture="栃木県"), OF)
    assert not found.fills
    assert "違います。そのままにしました" in found.told
    (only,) = found.candidates
    assert fills(only.fills) == ASAHI


def test_several_places_are_offered_and_none_is_filled() -> None:
    found = complete(typed(postal_code="4980000"), OF)
    assert [one.text for one in found.candidates] == ["愛知県弥富市", "三重県桑名郡木曽岬町"]
    assert not found.fills
    assert found.candidates[0].then == f"{OF}_town"


def test_of_two_towns_the_one_that_was_typed_is_meant() -> None:
    said = typed(postal_code="4520961", town="春日宮重町1", prefecture="愛知県")
    found = complete(said, OF)
    assert "春日宮重町" in found.told
    assert fills(found.fills) == {"municipality": "清須市"}


def test_a_building_that_was_typed_stays() -> None:
    found = complete(typed(postal_code="1006001", building="架空ビル"), OF)
    assert "building" not in fills(found.fills)
    assert fills(complete(typed(postal_code="1006001"), OF).fills)["building"] == "霞が関ビル１階"


def test_without_scripts_what_all_places_share_is_filled_and_they_are_named() -> None:
    said, told = filled(typed(postal_code="4520961"), OF)
    assert fills(said) == {"prefecture": "愛知県", "municipality": "清須市"}
    assert "春日" in told
    assert "など" in told
    assert filled(typed(postal_code="9638601", prefecture="栃木県"), OF)[0] == {}
    assert fills(filled(typed(postal_code="9638601"), OF)[0]) == ASAHI


@pytest.mark.parametrize(
    ("of", "is_one"),
    [
        ("address", True),
        ("person-0-previous_address", True),
        ("mover-12-confirmed_destination", True),
        ("", False),
        ("registered_domicile", False),
        ("address_postal_code", False),
        ('x" onload="-address', False),
        ("a-" * 100 + "address", False),
    ],
)
def test_only_the_fields_of_an_address_are_completed(of: str, is_one: bool) -> None:
    assert is_address(of) == is_one
    if not is_one:
        assert filled({f"{of}_postal_code": "9638601"}, of) == ({}, "")


def _drawn(address: str, **more: object) -> str:
    names = ("postal_code", "prefecture", "municipality", "town", "lot", "building")
    form = forms.Form()
    for name in names:
        form.fields[f"{address}_{name}"] = forms.CharField(label=name)
    group = SimpleNamespace(address=address, title="転入前住所", fields=list(form))
    return render_to_string("counter/places/address.html", {"group": group, **more})


def test_only_the_fields_of_the_address_leave_a_form() -> None:
    drawn = _drawn(OF)
    sent = drawn.partition('hx-params="')[2].partition('"')[0].split(",")
    assert set(sent) >= {"csrfmiddlewaretoken", "of", f"{OF}_postal_code"}
    assert all(name.startswith(f"{OF}_") for name in sent[2:])
    assert f'value="postal:{OF}"' in drawn
    assert "data-buildings" not in drawn


def test_the_buildings_of_a_lot_are_asked_for_the_new_address_alone() -> None:
    work = SimpleNamespace(code="change")
    assert "data-buildings" in _drawn("person-0-address", work=work)
    assert "data-buildings" not in _drawn(OF, work=work)


@pytest.mark.django_db
def test_the_answer_is_a_fragment_that_names_the_fields(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    response = client.post(reverse("counter:postal"), {"of": OF, **typed(postal_code="9638601")})
    text = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in text
    assert f'<data data-fill="{OF}_municipality" value="郡山市">' in text
    assert f'data-then="{OF}_lot"' in text
    response = client.post(reverse("counter:postal"), {"of": OF, **typed(postal_code="4980000")})
    assert response.content.decode().count("data-choice") == 2


@pytest.mark.django_db
def test_what_is_asked_stands_in_no_address_no_log_and_no_trail(
    cast: Cast, come_in: ComeIn, caplog: pytest.LogCaptureFixture
) -> None:
    client = come_in(cast.clerk)
    before = _trail_rows()
    client.post(reverse("counter:postal"), {"of": OF, **typed(postal_code="9638601")})
    assert "9638601" not in caplog.text
    assert _trail_rows() == before


def _trail_rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_trail")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["postal", "buildings"])
def test_what_is_no_address_of_a_form_is_no_screen(cast: Cast, come_in: ComeIn, name: str) -> None:
    client = come_in(cast.clerk)
    where = reverse(f"counter:{name}", args=["change"] if name == "buildings" else [])
    assert client.post(where, {"of": "individual_number"}).status_code == 404
    assert client.get(where).status_code == 405


@pytest.mark.django_db
def test_a_stranger_and_a_form_of_another_site_get_nothing(cast: Cast, come_in: ComeIn) -> None:
    assert Client().post(reverse("counter:postal"), {"of": OF}).status_code >= 400
    strict = come_in(cast.clerk)
    strict.handler.enforce_csrf_checks = True
    assert strict.post(reverse("counter:postal"), {"of": OF}).status_code == 403


@pytest.mark.django_db
def test_the_buildings_of_a_lot_are_offered_under_the_work_at_hand(
    cast: Cast, come_in: ComeIn, tmp_path: Path
) -> None:
    moving = permit(cast.system_operator.acting(), "data.migration", clock.today())
    lines = [town.hanako(address_building="カクウ荘１０１号")]
    file = town.write(tmp_path, lines)
    importing.run(moving, file, ward=town.WARD, trial=False, keep_refusals=lambda _: None)
    said = {"of": "address", "address_town": "架空町一丁目", "address_lot": "1-1"}
    where = reverse("counter:buildings", args=["change"])
    client = come_in(cast.clerk)
    assert '<option value="カクウ荘"></option>' in client.post(where, said).content.decode()
    auditor = come_in(cast.auditor, Client())
    assert auditor.post(where, said).status_code == 403
