"""住民票コードの変更等の画面: what is typed, what the sheet shows, and what is printed."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast as cast_to
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.urls import reverse

from certificates.counter import signing, text
from daicho.access.models import Trail
from daicho.certificates import certifiers
from register.entering import code
from web.desk import HANAKO, TARO, Desk, Opened, now, rows, who
from web.pages import form_in

pytestmark = pytest.mark.django_db

TYPED = "24727059608"
TAROS = "98765432103"
CODE = "resident_record_code"
ASKED = {"in_writing": "on"}


@pytest.fixture(autouse=True)
def counter(tmp_path: Path) -> Iterator[None]:
    certifiers.ensure_made_up("郡山市", "福島県")
    with signing(tmp_path / "key"):
        yield


def _stock() -> str:
    fresh = code(7_000_000_002)
    rows("INSERT INTO register_recordcode (code) VALUES (%s) RETURNING code", fresh)
    return fresh


def _reception(at: Desk) -> UUID:
    return UUID(at.address.split("/")[-2])


def _print(at: Desk, record_id: UUID, **more: str) -> HttpResponse:
    address = reverse("counter:code_notice", args=[_reception(at), record_id])
    return cast_to(HttpResponse, at.client.post(address, {"request_id": str(uuid4()), **more}))


def test_on_request_nobody_chooses_the_code(desk: Opened) -> None:
    fresh, taro = _stock(), who(TARO)
    at = desk("record_code_changed", taro, "request")
    assert f'name="{CODE}"' not in at.open()
    page, _ = at.to_sheet(**ASKED)
    assert TAROS in page
    assert "登録の時に付番します" in page
    assert fresh not in page
    assert at.record(**ASKED).status_code == 302
    assert now(taro, CODE, "reason") == (fresh, "record_code_changed")


def test_without_the_paper_of_the_request_nothing_is_recorded(desk: Opened) -> None:
    _stock()
    at = desk("record_code_changed", who(TARO), "request")
    answer = at.send(form_in(at.open()), "check")
    assert answer.status_code == 422
    assert "変更請求書を受け取っていません" in answer.content.decode()


def test_a_mistake_is_corrected_by_the_code_that_is_typed(desk: Opened) -> None:
    taro = who(TARO)
    at = desk("record_code_changed", taro, "ex_officio")
    page, _ = at.to_sheet(**{CODE: TYPED})
    assert TYPED in page
    assert at.record(**{CODE: TYPED}).status_code == 302
    assert now(taro, CODE, "reason") == (TYPED, "record_code_corrected")


def test_a_code_with_a_wrong_check_digit_is_told_at_its_field(desk: Opened) -> None:
    at = desk("record_code_changed", who(TARO), "ex_officio")
    answer = at.send(form_in(at.open()), "check", **{CODE: "24727059600"})
    assert answer.status_code == 422
    assert "検査数字が合いません" in answer.content.decode()


def test_only_the_person_or_a_legal_representative_is_received(desk: Opened) -> None:
    at = desk("record_code_changed", who(TARO), "request")
    page = at.client.get(reverse("counter:receive", args=["record_code_changed"]))
    shown = page.content.decode()
    assert "法定代理人" in shown
    assert "任意代理人" not in shown


def test_the_notice_follows_the_recording_and_is_printed_again(desk: Opened) -> None:
    fresh, taro = _stock(), who(TARO)
    at = desk("record_code_changed", taro, "request")
    answer = at.record(**ASKED)
    household = at.client.get(answer["Location"]).content.decode()
    assert "住民票コード変更通知票を印刷する" in household
    made = _print(at, taro)
    assert made.status_code == 200, made.content.decode()[:3000]
    assert made["Content-Type"] == "application/pdf"
    said = text(made.content)
    assert "住民票コード変更通知票" in said
    assert fresh in said
    assert TAROS not in said, "who finds the paper learns no second code"
    assert "架空太郎" in said
    person = reverse("counter:person", args=[_reception(at), taro])
    assert "住民票コード変更通知票を印刷する" in at.client.get(person).content.decode()
    assert _print(at, taro).status_code == 200
    found = rows(
        "SELECT form, shows_record_code FROM certificates_issue WHERE %s = ANY (record_ids)", taro
    )
    assert found == [("record_code_change_notice", True)] * 2
    trailed = Trail.objects.filter(event="issue")
    assert [one.detail["form"] for one in trailed] == ["record_code_change_notice"] * 2
    assert fresh not in str([one.detail for one in Trail.objects.all()])


def test_the_correction_has_a_notice_of_its_own(desk: Opened) -> None:
    taro = who(TARO)
    at = desk("record_code_changed", taro, "ex_officio")
    at.record(**{CODE: TYPED})
    assert "住民票コード修正通知票" in text(_print(at, taro).content)


def test_a_newborn_is_told_the_first_code(desk: Opened) -> None:
    fresh = _stock()
    typed = {
        "occurred_on": "R8.11.10",
        "person-0-given_name": "実",
        "person-0-given_name_kana": "ミノル",
        "person-0-given_name_reading": "ミノル",
        "person-0-sex": "1",
    }
    at = desk("born", who(HANAKO), "notice")
    answer = at.record(**typed)
    household = at.client.get(answer["Location"]).content.decode()
    assert "住民票コード通知票を印刷する" in household
    ((child,),) = rows(
        "SELECT record_id FROM register_current WHERE resident_record_code = %s", fresh
    )
    said = text(_print(at, child).content)
    assert "住民票コード通知票" in said
    assert fresh in said


def test_who_brought_a_code_along_is_told_nothing_new(desk: Opened) -> None:
    taro = who(TARO)
    at = desk("record_code_changed", taro, "ex_officio")
    person = reverse("counter:person", args=[_reception(at), taro])
    assert "通知票を印刷する" not in at.client.get(person).content.decode()
    answer = _print(at, taro)
    assert answer.status_code == 422
    assert "通知票はありません" in answer.content.decode()
    assert rows("SELECT count(*) FROM certificates_issue") == [(0,)]


def test_of_whom_no_certificate_is_issued_no_notice_is(desk: Opened) -> None:
    taro = who(TARO)
    at = desk("record_code_changed", taro, "ex_officio")
    at.record(**{CODE: TYPED})
    rows(
        "INSERT INTO register_suppression (record_id, process, level, from_on)"
        " VALUES (%s, 'certificate', 'error', '2020-01-01') RETURNING id",
        taro,
    )
    answer = _print(at, taro)
    assert answer.status_code == 422
    assert TYPED not in answer.content.decode()


def test_a_household_without_a_change_of_code_offers_no_notice(desk: Opened) -> None:
    at = desk("record_code_changed", who(TARO), "ex_officio")
    page = at.client.get(reverse("counter:household", args=[_reception(at), who(HANAKO)]))
    assert not re.search("通知票を印刷", page.content.decode())
