"""証明の画面: who may have what, that only a POST gives a file, and what is told after it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from certificates.counter import (
    HANAKO,
    MARY,
    MEGUMI,
    NUMBERS,
    TARO,
    asked_for,
    open_counter,
    rows,
    signing,
    text,
    who,
)
from people import Cast
from web.certifying import at, page, send

pytestmark = pytest.mark.django_db

ComeIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def counter(few_live_here: None, cast: Cast, tmp_path: Path) -> Iterator[None]:
    with signing(tmp_path / "key"):
        open_counter(cast, tmp_path)
        yield


def test_the_dialogue_holds_what_the_request_asked_for(cast: Cast, come_in: ComeIn) -> None:
    reception = asked_for(cast.clerk, asked=("relationship",), copy_count=2)
    shown = page(come_in(cast.clerk).get(at("certificate", reception, HANAKO)))
    assert 'value="relationship" id="id_asked_0" checked' in shown
    assert 'name="copy_count" value="2"' in shown
    assert shown.count('name="persons"') == 2
    assert "在留資格" not in shown, "nobody of this household has it"


def test_the_check_tells_item_by_item_what_is_shown_and_why(cast: Cast, come_in: ComeIn) -> None:
    reception = asked_for(cast.clerk, asked=("relationship",))
    response = send(
        come_in(cast.clerk), "certificate", reception, HANAKO, TARO, asked=["relationship"]
    )
    shown = page(response)
    assert "【省略】" in shown
    assert "住民基本台帳法第12条第5項" in shown
    assert "まだ発行していません" in shown
    assert rows("SELECT count(*) FROM certificates_issue") == [(0,)]
    assert rows("SELECT count(*) FROM access_trail WHERE number_seen") == [(0,)]


def test_printing_answers_the_file_itself(cast: Cast, come_in: ComeIn) -> None:
    reception = asked_for(cast.clerk)
    response = send(come_in(cast.clerk), "print", reception, HANAKO, TARO)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "no-store"
    assert "-C001-P001-001.pdf" in response["Content-Disposition"]
    assert response["Content-Disposition"].isascii()
    assert "架空花子" in text(response.content)


def test_no_address_that_is_opened_gives_a_file(cast: Cast, come_in: ComeIn) -> None:
    reception = asked_for(cast.clerk)
    client = come_in(cast.clerk)
    assert client.get(at("print", reception, HANAKO)).status_code == 405
    assert rows("SELECT count(*) FROM certificates_issue") == [(0,)]


def test_a_form_sent_twice_issues_once_and_says_so(cast: Cast, come_in: ComeIn) -> None:
    client, reception = come_in(cast.clerk), asked_for(cast.clerk)
    number = str(uuid4())
    assert send(client, "print", reception, HANAKO, request_id=number).status_code == 200
    again = page(send(client, "print", reception, HANAKO, request_id=number), 422)
    assert "すでに証明書を1通発行しています" in again
    assert rows("SELECT count(*) FROM certificates_issue") == [(1,)]


def test_what_was_issued_is_listed_and_may_be_spoiled(cast: Cast, come_in: ComeIn) -> None:
    client, reception = come_in(cast.clerk), asked_for(cast.clerk)
    send(client, "print", reception, HANAKO)
    listed = page(client.get(at("issued", reception, HANAKO)))
    assert "郡山市 C001 P001 001" in listed
    assert re.search(r">令和\d+年\d+月\d+日 \d\d:\d\d</time>", listed), "when, in 和暦"
    ((issue_id,),) = rows("SELECT issue_id FROM certificates_issue")
    spoil = at("spoil", reception, HANAKO, issue_id)
    assert client.post(spoil, {"reason": "nothing"}).status_code == 404
    assert client.post(spoil, {"reason": "misprint"}).status_code == 302
    after = page(client.get(at("issued", reception, HANAKO)))
    assert "書損</b>(印刷の不良)" in after
    assert "発行し直す" in after
    assert f'name="replaces" value="{issue_id}"' in after


def test_each_copy_is_issued_by_itself(cast: Cast, come_in: ComeIn) -> None:
    client, reception = come_in(cast.clerk), asked_for(cast.clerk)
    send(client, "print", reception, HANAKO, copy_count="2")
    assert "2/2部目" in page(client.get(at("issued", reception, HANAKO)))
    send(client, "print", reception, HANAKO, copy_count="2", copy_no="2")
    assert "部目)" not in page(client.get(at("issued", reception, HANAKO)))
    found = rows("SELECT number, copy_no FROM certificates_issue ORDER BY copy_no")
    assert [(number[-3:], copy_no) for number, copy_no in found] == [("001", 1), ("002", 2)]


@pytest.mark.parametrize("person", [MEGUMI, MARY])
def test_a_protected_person_is_refused_without_a_word_why(
    cast: Cast, come_in: ComeIn, person: str
) -> None:
    client, reception = come_in(cast.clerk), asked_for(cast.clerk)
    for name in ("certificate", "print"):
        told = page(send(client, name, reception, person), 422)
        # the words alone: in a token of the form any two letters may stand together
        refusal = re.sub("<[^>]*>", "", told[told.index('class="wrong') :])
        assert "この請求による証明書は、交付できません。" in refusal
        for betrayed in ("支援", "抑止", "保護", "DV"):
            assert betrayed not in refusal
    found = rows(
        "SELECT DISTINCT finding, subject_count FROM access_trail WHERE event = 'issue_refused'"
    )
    assert found == [("std5-1.withheld", 1)]


def test_a_protection_past_its_last_day_is_asked_about_before_anything_is_issued(
    cast: Cast, come_in: ComeIn
) -> None:
    rows(
        "INSERT INTO register_protectivemeasure (record_id, provisional, from_on, until_on)"
        " SELECT record_id, false, '2020-01-01', '2020-12-31' FROM register_current"
        " WHERE address_number = %s RETURNING id",
        HANAKO,
    )
    client, reception = come_in(cast.clerk), asked_for(cast.clerk)
    code = "std3-4.protection_ended"
    assert f'name="accept" value="{code}"' in page(send(client, "certificate", reception, HANAKO))
    told = page(send(client, "print", reception, HANAKO), 422)
    assert "期間が終了し、延長されていない方" in told
    assert rows("SELECT count(*) FROM certificates_issue") == [(0,)]
    assert send(client, "print", reception, HANAKO, accept=[code]).status_code == 200


def test_a_number_stands_there_only_on_request(cast: Cast, come_in: ComeIn) -> None:
    client, reception = come_in(cast.clerk), asked_for(cast.clerk, asked=("individual_number",))
    without = send(client, "print", reception, HANAKO)
    shown = send(client, "print", reception, HANAKO, asked=["individual_number"])
    assert NUMBERS[HANAKO] not in text(without.content)
    assert NUMBERS[HANAKO] in text(shown.content)
    found = rows(
        "SELECT event, purpose FROM access_trail WHERE number_seen ORDER BY id",
    )
    purpose = "certificate.individual_number"
    assert found == [("vault_get", purpose), ("issue", purpose)]


def test_a_copy_with_a_number_that_an_agent_asks_for_is_posted(cast: Cast, come_in: ComeIn) -> None:
    reception = asked_for(
        cast.clerk,
        capacity="agent",
        principal_name="架空　花子",
        authority=("letter",),
        asked=("individual_number",),
    )
    client = come_in(cast.clerk)
    asked = ["individual_number"]
    assert "本人の住所に郵送します" in page(
        send(client, "certificate", reception, HANAKO, asked=asked)
    )
    send(client, "print", reception, HANAKO, asked=asked)
    assert rows("SELECT posted_to_principal FROM certificates_issue") == [(True,)]
    assert "郵送してください" in page(client.get(at("issued", reception, HANAKO)))


def test_a_third_party_never_gets_a_number(cast: Cast, come_in: ComeIn) -> None:
    reception = asked_for(cast.clerk, capacity="third_party", reason="債権の回収")
    client = come_in(cast.clerk)
    told = page(send(client, "print", reception, HANAKO, asked=["individual_number"]), 422)
    assert "個人番号を記載できません" in told
    assert rows("SELECT count(*) FROM access_trail WHERE number_seen") == [(0,)]


@pytest.mark.parametrize("name", ["certificate", "print"])
def test_what_was_not_asked_for_is_refused_before_it_is_issued(
    cast: Cast, come_in: ComeIn, name: str
) -> None:
    client, reception = come_in(cast.clerk), asked_for(cast.clerk, asked=("relationship",))
    asked = ["relationship", "individual_number", "record_code"]
    told = page(send(client, name, reception, HANAKO, asked=asked), 422)
    assert "個人番号の記載は、この受付では求められていません" in told
    assert "住民票コードの記載は、この受付では求められていません" in told
    assert "続柄の記載は、この受付では求められていません" not in told
    assert rows("SELECT count(*) FROM access_trail WHERE number_seen") == [(0,)]
    assert rows("SELECT count(*) FROM certificates_issue") == [(0,)]


def test_who_asks_as_another_is_asked_about_before_anything_is_issued(
    cast: Cast, come_in: ComeIn
) -> None:
    client, reception = come_in(cast.clerk), asked_for(cast.clerk, visitor_name="全然　別人")
    code = "brra12.visitor_not_certified"
    told = page(send(client, "certificate", reception, HANAKO))
    assert f'name="accept" value="{code}"' in told
    assert "一致しません" in page(send(client, "print", reception, HANAKO), 422)
    two = {"copy_count": "2", "accept": [code]}
    assert send(client, "print", reception, HANAKO, **two).status_code == 200
    after = page(client.get(at("issued", reception, HANAKO)))
    assert f'name="accept" value="{code}"' in after, "not asked again for the next copy"


@pytest.mark.parametrize("copy_no", ["0", "-1", "2", "7", "x", "٣", "9" * 5000])
def test_no_copy_is_made_beyond_those_asked_for(cast: Cast, come_in: ComeIn, copy_no: str) -> None:
    client, reception = come_in(cast.clerk), asked_for(cast.clerk, copy_count=1)
    for name in ("certificate", "print"):
        told = page(send(client, name, reception, HANAKO, copy_no=copy_no), 422)
        assert "書損を除いて1部まで" in told
    assert rows("SELECT count(*) FROM certificates_issue") == [(0,)]


def test_one_reception_gives_as_many_copies_as_it_says(cast: Cast, come_in: ComeIn) -> None:
    client, reception = come_in(cast.clerk), asked_for(cast.clerk, copy_count=2)
    assert send(client, "print", reception, HANAKO).status_code == 200
    assert "すでに発行しています" in page(send(client, "print", reception, HANAKO), 422)
    assert send(client, "print", reception, HANAKO, TARO).status_code == 200
    more = send(client, "print", reception, HANAKO, form="individual_copy")
    assert "書損を除いて2部まで" in page(more, 422)
    assert rows("SELECT count(*) FROM certificates_issue") == [(2,)]


def test_only_what_was_spoiled_is_replaced(cast: Cast, come_in: ComeIn) -> None:
    client, reception = come_in(cast.clerk), asked_for(cast.clerk, copy_count=1)
    send(client, "print", reception, HANAKO)
    ((issue_id,),) = rows("SELECT issue_id FROM certificates_issue")
    replaces = {"replaces": str(issue_id)}
    told = page(send(client, "print", reception, HANAKO, **replaces), 422)
    assert "この受付の書損にありません" in told
    client.post(at("spoil", reception, HANAKO, issue_id), {"reason": "misprint"})
    assert send(client, "print", reception, HANAKO, **replaces).status_code == 200
    assert send(client, "print", reception, HANAKO, **replaces).status_code == 422
    assert rows("SELECT count(*) FROM certificates_issue") == [(2,)]


@pytest.mark.parametrize("number", ["00000000150", "0", "100", "9" * 5000, "٣", "一"])
def test_copies_are_a_short_number(cast: Cast, come_in: ComeIn, number: str) -> None:
    client, reception = come_in(cast.clerk), asked_for(cast.clerk)
    told = page(send(client, "certificate", reception, HANAKO, copy_count=number), 422)
    assert "部数は1から99まで" in told


@pytest.mark.parametrize("name", ["certificate", "issued", "issue_history"])
def test_who_serves_no_resident_sees_no_certificate(cast: Cast, come_in: ComeIn, name: str) -> None:
    reception = asked_for(cast.clerk)
    for player in (cast.auditor, cast.clerk_of_another_office):
        client = come_in(player, Client())
        assert client.get(at(name, reception, HANAKO)).status_code in (403, 404)


def test_an_issue_of_another_reception_cannot_be_spoiled(cast: Cast, come_in: ComeIn) -> None:
    client, reception = come_in(cast.clerk), asked_for(cast.clerk)
    send(client, "print", reception, HANAKO)
    ((issue_id,),) = rows("SELECT issue_id FROM certificates_issue")
    other = at("spoil", asked_for(cast.clerk), HANAKO, issue_id)
    assert client.post(other, {"reason": "misprint"}).status_code == 404
    assert rows("SELECT count(*) FROM certificates_spoiled") == [(0,)]


def test_somebody_of_another_household_is_no_choice(cast: Cast, come_in: ComeIn) -> None:
    client, reception = come_in(cast.clerk), asked_for(cast.clerk)
    more = [str(who(HANAKO)), str(who(MARY))]
    for name in ("certificate", "print"):
        assert send(client, name, reception, HANAKO, persons=more).status_code == 422
    assert rows("SELECT count(*) FROM certificates_issue") == [(0,)]


@pytest.mark.parametrize(
    "persons",
    [[], ["nobody"], [str(uuid4())]],
    ids=["nobody chosen", "no id at all", "an id of nobody"],
)
def test_a_made_up_person_is_not_printed(cast: Cast, come_in: ComeIn, persons: list[str]) -> None:
    client, reception = come_in(cast.clerk), asked_for(cast.clerk)
    told = page(send(client, "print", reception, HANAKO, persons=persons), 422)
    assert "発行していません" in told
    assert at("certificate", reception, HANAKO) in told
    assert rows("SELECT count(*) FROM certificates_issue") == [(0,)]


def test_who_is_named_twice_stands_on_the_paper_once(cast: Cast, come_in: ComeIn) -> None:
    client, reception = come_in(cast.clerk), asked_for(cast.clerk)
    twice = [str(who(HANAKO))] * 2
    assert send(client, "print", reception, HANAKO, persons=twice).status_code == 200
    assert rows("SELECT cardinality(record_ids) FROM certificates_issue") == [(1,)]


def test_the_history_of_a_person_tells_every_issue(cast: Cast, come_in: ComeIn) -> None:
    client, reception = come_in(cast.clerk), asked_for(cast.clerk)
    send(client, "print", reception, HANAKO, TARO)
    told = page(client.get(at("issue_history", reception, TARO)))
    assert "P001 001" in told
    assert "窓口 花" in told
    assert "まだ発行していません" in page(client.get(at("issue_history", reception, MARY)))


def test_no_name_stands_in_a_log(
    cast: Cast, come_in: ComeIn, caplog: pytest.LogCaptureFixture
) -> None:
    client, reception = come_in(cast.clerk), asked_for(cast.clerk, asked=("individual_number",))
    send(client, "certificate", reception, HANAKO)
    send(client, "print", reception, HANAKO, asked=["individual_number"])
    assert "花子" not in caplog.text
    assert NUMBERS[HANAKO] not in caplog.text
