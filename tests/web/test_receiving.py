"""受付の画面: what each basis asks, where a reception leads, and who may open what under it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from typing import cast as cast_to
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from daicho.access import clock
from daicho.register.receiving import drafts, receptions, taking
from people import Cast
from receptions import VISITOR, day_of, permit_under, received
from web.pages import Forms

pytestmark = pytest.mark.django_db

ComeIn = Callable[..., Client]
COMPLETE = {
    "basis": "notification",
    "capacity": "principal",
    "visitor_name": VISITOR,
    "identity": "driving_licence",
}
REQUEST = {
    "basis": "request",
    "capacity": "agent",
    "visitor_name": VISITOR,
    "visitor_address": "架空町一丁目１番１号",
    "identity": "passport",
    "principal_name": "架空　太郎",
    "authority": "letter",
    "asked": ["individual_number", "relationship"],
    "copy_count": "２",
}


@pytest.fixture
def hanako(few_live_here: None) -> UUID:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record_id FROM register_current WHERE address_number = '000000000000108'"
        )
        return UUID(str(cursor.fetchone()[0]))


def send(client: Client, work: str = "moved_within", **typed: Any) -> HttpResponse:
    form = {"request_id": str(uuid4()), "received_on": "令和8年11月1日", **typed}
    return cast_to(HttpResponse, client.post(reverse("counter:receive", args=[work]), form))


def under(response: HttpResponse) -> str:
    """The reception whose number stands in the address that a reception leads to."""
    assert response.status_code == 302, response.content.decode()
    return str(response["Location"]).split("/")[-2]


def page(client: Client, name: str, *args: object, query: str = "") -> str:
    response = client.get(reverse(f"counter:{name}", args=args) + query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_a_reception_leads_to_the_search_under_its_own_purpose(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    text = page(client, "search", under(send(client, **COMPLETE)))
    assert "転居の受付・記載" in text
    assert "転居</b>" in text
    assert "本人</b>" in text
    assert VISITOR not in text


def test_a_moving_in_leads_to_the_blank_form(cast: Cast, come_in: ComeIn) -> None:
    response = send(come_in(cast.clerk), "moved_in", **COMPLETE)
    reception_id = under(response)
    assert response["Location"] == reverse("counter:change", args=[reception_id])


def test_a_double_press_is_one_reception(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    number = str(uuid4())
    first = send(client, **COMPLETE | {"request_id": number})
    assert under(send(client, **COMPLETE | {"request_id": number})) == under(first)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"visitor_name": ""}, "住民基本台帳法第27条"),
        ({"capacity": ""}, "資格が選ばれていません"),
        ({"capacity": "agent"}, "委任状"),
        ({"received_on": "令和99年1月1日"}, "届出日"),
        ({"visitor_name": "架\u0001空"}, "U+0001"),
        ({"visitor_name": "あ" * 201}, "200文字以内"),
        ({"principal_name": "123456789018"}, "個人番号"),
        ({"capacity": "neighbour"}, "一覧から選んでください"),
    ],
)
def test_what_is_missing_is_told_with_what_was_typed(
    cast: Cast, come_in: ComeIn, typed: dict[str, str], told: str
) -> None:
    response = send(come_in(cast.clerk), **COMPLETE | {"visitor_phone": "0242"} | typed)
    assert response.status_code == 422
    text = response.content.decode()
    assert told in text
    assert 'value="0242"' in text


def test_an_alert_is_ticked_before_the_reception_is_recorded(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    without = COMPLETE | {"identity": ""}
    asked = send(client, **without)
    assert asked.status_code == 422
    assert "住民異動届受理通知" in asked.content.decode()
    assert under(send(client, **without, accept="brra27.identity"))


def test_a_request_keeps_what_is_specially_asked(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    text = page(client, "reception", under(send(client, "certificate", **REQUEST)))
    for said in ("個人番号", "世帯主・続柄", "2部", "本人に送付", "委任状", "任意代理人"):
        assert said in text, said


@pytest.mark.parametrize(
    ("work", "basis", "asks", "does_not_ask"),
    [
        ("moved_within", "notification", "届出日", "利用の目的"),
        ("moved_within", "ex_officio", "職権による理由", "本人確認"),
        ("move_in_notice_received", "notice", "文書番号", "資格"),
        ("certificate", "request", "利用の目的", "届出日"),
        ("corrected", "application", "申出日", "部数"),
    ],
)
def test_each_basis_asks_what_it_needs(
    cast: Cast, come_in: ComeIn, work: str, basis: str, asks: str, does_not_ask: str
) -> None:
    text = page(come_in(cast.clerk), "receive", work, query=f"?basis={basis}")
    assert asks in text
    assert f">{does_not_ask}</label>" not in text


def typed_in(text: str) -> dict[str, str]:
    """What stands in the reception form of that page."""
    parser = Forms()
    parser.feed(text)
    (found,) = [one for one in parser.forms if "basis" in one.typed]
    return found.typed


def test_going_over_to_another_basis_and_back_loses_nothing_typed(
    cast: Cast, come_in: ComeIn
) -> None:
    client = come_in(cast.clerk)
    typed = COMPLETE | {"visitor_phone": "0242", "received_on": "R8.11.3"}
    over = send(client, **typed, switch_to="ex_officio")
    assert over.status_code == 200
    there = typed_in(over.content.decode())
    assert there["basis"] == "ex_officio"
    assert not receptions.latest_of(day_of(cast.clerk)), "nothing is recorded"
    there["reason"] = "実態調査"
    back = send(client, **there | {"switch_to": "notification"})
    here = typed_in(back.content.decode())
    assert {name: here[name] for name in typed} == typed
    again = typed_in(send(client, **here | {"switch_to": "ex_officio"}).content.decode())
    assert again["reason"] == "実態調査"
    assert under(send(client, **here)), "what came back can be sent"


def test_the_items_asked_for_stay_ticked(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    text = send(client, "certificate", **REQUEST, switch_to="request").content.decode()
    for item in ("individual_number", "relationship"):
        assert re.search(rf'value="{item}"[^>]* checked', text), item


def test_a_basis_that_is_none_is_not_gone_over_to(cast: Cast, come_in: ComeIn) -> None:
    assert send(come_in(cast.clerk), **COMPLETE, switch_to="notice").status_code == 404


@pytest.mark.parametrize("address", ["nothing", "moved_in?basis=notice", "certificate?basis=x"])
def test_a_work_or_basis_that_is_none_is_no_screen(
    cast: Cast, come_in: ComeIn, address: str
) -> None:
    assert come_in(cast.clerk).get(f"/reception/new/{address}").status_code == 404


@pytest.mark.parametrize("player", ["auditor", "system_operator"])
def test_who_serves_no_resident_receives_nobody(cast: Cast, come_in: ComeIn, player: str) -> None:
    client = come_in(getattr(cast, player))
    assert send(client, **COMPLETE).status_code == 403
    assert client.get(reverse("counter:drafts")).status_code == 403
    assert "受け付けます" not in page(client, "home")


def test_the_next_reception_of_the_same_visitor_takes_over_who_it_is(
    cast: Cast, come_in: ComeIn
) -> None:
    client = come_in(cast.clerk)
    first = under(send(client, **COMPLETE))
    offered = page(client, "receive", "certificate")
    assert f"after={first}" in offered
    assert f"{VISITOR} さんの次の受付" in offered
    taken_over = page(client, "receive", "certificate", query=f"?after={first}")
    assert f'value="{VISITOR}"' in taken_over
    second = under(send(client, "certificate", **REQUEST, previous=first))
    found = receptions.reception(cast.clerk.acting(), UUID(second))
    assert found is not None
    assert found.previous_id == UUID(first)


def test_the_first_screen_names_who_came_only_when_asked(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    send(client, **COMPLETE)
    assert VISITOR not in page(client, "home")
    assert VISITOR in page(client, "home", query="?visitors")


def test_the_visitor_of_another_office_is_not_taken_over(cast: Cast, come_in: ComeIn) -> None:
    elsewhere = received(cast.clerk_of_another_office).reception_id
    client = come_in(cast.clerk)
    assert VISITOR not in page(client, "receive", "certificate", query=f"?after={elsewhere}")
    second = under(send(client, **COMPLETE, previous=str(elsewhere)))
    found = receptions.reception(cast.clerk.acting(), UUID(second))
    assert found is not None
    assert found.previous_id is None


def test_the_screens_of_a_person_work_under_a_reception(
    cast: Cast, come_in: ComeIn, hanako: UUID
) -> None:
    client = come_in(cast.clerk)
    work = under(send(client, **COMPLETE))
    client.post(reverse("counter:search", args=[work]), {"kana": "カクウ"})
    for name in ("person", "household", "history", "as_of"):
        text = page(client, name, work, hanako)
        assert reverse("counter:change", args=[work, hanako]) in text
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT purpose, article FROM access_trail WHERE event = 'look'")
        assert cursor.fetchall() == [("change.moved_within", "BRRA 23")]


def test_a_certificate_enters_no_change_and_looks_at_no_history(
    cast: Cast, come_in: ComeIn, hanako: UUID
) -> None:
    client = come_in(cast.clerk)
    work = under(send(client, "certificate", **REQUEST))
    assert "を入力する" not in page(client, "person", work, hanako)
    history = reverse("counter:history", args=[work, hanako])
    assert client.get(history).status_code == 403


@pytest.mark.parametrize("name", ["person", "household", "history", "search"])
def test_a_reception_of_another_office_opens_nothing(
    cast: Cast, come_in: ComeIn, hanako: UUID, name: str
) -> None:
    elsewhere = received(cast.clerk_of_another_office).reception_id
    client = come_in(cast.clerk)
    args = [elsewhere] if name == "search" else [elsewhere, hanako]
    assert client.get(reverse(f"counter:{name}", args=args)).status_code == 404
    assert client.get(reverse("counter:reception", args=[elsewhere])).status_code == 404


def test_a_withdrawn_reception_opens_nobody(cast: Cast, come_in: ComeIn, hanako: UUID) -> None:
    client = come_in(cast.clerk)
    work = under(send(client, **COMPLETE))
    where = reverse("counter:reception", args=[work])
    assert client.post(where, {"how": "withdrawn", "reason": " "}).status_code == 422
    assert client.post(where, {"how": "withdrawn", "reason": "来庁者の都合"}).status_code == 302
    assert "取下げ" in page(client, "reception", work)
    refused = client.get(reverse("counter:person", args=[work, hanako]))
    assert refused.status_code == 403
    assert "受付は終わっている" in refused.content.decode()


def test_a_reception_cannot_be_said_to_be_issued_by_hand(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    where = reverse("counter:reception", args=[under(send(client, **COMPLETE))])
    assert client.post(where, {"how": "issued", "reason": "手で"}).status_code == 404


def test_an_answered_reception_closes_with_the_day(
    cast: Cast, come_in: ComeIn, hanako: UUID
) -> None:
    with clock.fixed(datetime(2026, 11, 20, 3, tzinfo=UTC)):
        client = come_in(cast.clerk)
        found = received(cast.clerk, "certificate", basis="request")
        its = permit_under(cast.clerk, found)
        taking.end(its, found.reception_id, "issued")
        page(client, "person", found.reception_id, hanako)
    with clock.fixed(datetime(2026, 11, 21, 3, tzinfo=UTC)):
        at = reverse("counter:person", args=[found.reception_id, hanako])
        assert come_in(cast.clerk).get(at).status_code == 403


def test_the_first_screen_lists_the_works_and_the_receptions_of_the_day(
    cast: Cast, come_in: ComeIn
) -> None:
    client = come_in(cast.clerk)
    elsewhere = received(cast.clerk_of_another_office, "moved_within").reception_id
    own = received(cast.supervisor).number
    text = page(client, "home")
    for work in ("転入", "転居", "転出", "世帯変更", "証明書の請求"):
        assert f"</kbd> {work}</a>" in text
    assert own in text
    assert "審査 太郎" in text
    assert str(elsewhere) not in text
    assert VISITOR not in text


def test_the_drafts_of_the_office_lead_to_their_receptions(cast: Cast, come_in: ComeIn) -> None:
    found = received(cast.clerk)
    drafts.keep(permit_under(cast.clerk, found), found, "moved_within", {"a": "b"}, [uuid4()])
    text = page(come_in(cast.supervisor), "drafts")
    assert reverse("counter:reception", args=[found.reception_id]) in text
    assert "1人" in text


def test_a_name_stands_in_no_address_and_in_no_log(
    cast: Cast, come_in: ComeIn, caplog: pytest.LogCaptureFixture
) -> None:
    client = come_in(cast.clerk)
    response = send(client, **COMPLETE | {"visitor_name": "渡邉　一意"})
    assert "渡邉" not in response["Location"]
    page(client, "reception", under(response))
    assert "渡邉" not in caplog.text
