"""開示請求: received by one, decided by another, within its clock; what is held back stays back."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client

from daicho.access import clock
from daicho.access.models import DisclosureRequest, DisclosureStep, Trail, TrailSubjects
from daicho.certificates.reading import normal_form
from daicho.terms.dates import wareki
from people import Cast
from web.desk import HANAKO, rows, who
from web.disclosing import (
    BY_GUARDIAN,
    RECORD,
    act,
    ago,
    asked,
    came,
    get,
    of_uses,
    post,
    printed,
    protect,
    used,
)
from web.emergencies import says

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("two_live_here")]

ComeIn = Callable[..., Client]


@pytest.fixture
def clerk(cast: Cast, come_in: ComeIn) -> Client:
    return come_in(cast.clerk)


@pytest.fixture
def supervisor(cast: Cast, come_in: ComeIn) -> Client:
    return come_in(cast.supervisor, Client())


def told(event: str) -> list[dict[str, object]]:
    return [one.detail for one in Trail.objects.filter(event=event).order_by("id")]


def test_the_log_of_uses_is_asked_for_decided_by_another_and_printed(
    cast: Cast, clerk: Client, supervisor: Client
) -> None:
    used(cast.clerk_of_another_office, "look")
    page = get(clerk, "person", came(cast.clerk), who(HANAKO))
    assert "開示請求を入力する" in says(page)
    number = asked(clerk, cast.clerk, of_uses())
    assert "決定を待つ開示請求が1件" in says(get(supervisor, "home"))
    assert "あと30日" in says(get(clerk, "disclosures"))
    assert post(clerk, "give_disclosure", number).status_code == 422, "nothing before a decision"
    assert act(clerk, number, "decide", outcome="full").status_code == 403
    assert "東行政センター" in says(get(supervisor, "disclosure", number))
    assert act(supervisor, number, "decide", outcome="full").status_code == 302
    letter = printed(clerk, number)
    for words in ("保有個人情報開示決定通知書", "架空花子様", "東行政センター", "審査請求"):
        assert normal_form(words) in letter
    assert "支所" not in letter, "the office is named, who looked is not"
    assert "通知書を印刷し、開示した" in says(get(clerk, "disclosure", number))
    assert told("disclosure_requested")[0]["what"] == "asked"
    assert told("disclosure_decided") == [
        {"disclosure": number, "outcome": "full", "kind": "use_log"}
    ]
    given = Trail.objects.get(event="disclosure_given")
    assert (given.detail["pages"], given.detail["form"]) == (
        letter.count("\f") + 1,
        "disclosure_notice",
    )
    assert TrailSubjects.objects.get(trail=given).record_ids == [who(HANAKO)]
    assert says(get(clerk, "disclosures")).count("開示請求を受けた") == 0


def test_who_received_it_does_not_decide_also_as_supervisor(
    cast: Cast, supervisor: Client, come_in: ComeIn
) -> None:
    number = asked(supervisor, cast.supervisor, of_uses())
    refused = act(supervisor, number, "decide", outcome="full")
    assert (refused.status_code, "pipa82.own" in says(refused)) == (422, True)
    assert "第82条第1項" in says(refused)
    assert Trail.objects.get(event="disclosure_refused").finding == "pipa82.own"
    assert not DisclosureStep.objects.exists()
    other = come_in(cast.security_manager, Client())
    assert act(other, number, "decide", outcome="full").status_code == 302


def test_the_clock_stands_still_while_something_is_mended(
    cast: Cast, clerk: Client, supervisor: Client, come_in: ComeIn
) -> None:
    number = asked(clerk, cast.clerk, of_uses())
    typed = {"until_on": ago(-18).isoformat(), "reason": "代理人の別が書かれていない"}
    assert act(clerk, number, "mending", **typed).status_code == 302
    assert "pipa77.mending" in says(act(supervisor, number, "decide", outcome="full"))
    due = wareki(ago(-40))
    with clock.fixed(clock.now() + timedelta(days=10)):
        later = come_in(cast.clerk, Client())
        assert f"{due} あと30日(補正を待つ間" in says(get(later, "disclosures"))
        assert act(later, number, "mended").status_code == 302
        assert "pipa77.not_mending" in says(act(later, number, "mended"))
    with clock.fixed(clock.now() + timedelta(days=39)):
        later = come_in(cast.clerk, Client())
        assert f"{due} あと1日" in says(get(later, "disclosures")), "it goes on"
        more = {"days": "31", "reason": "記録が多い"}
        assert "pipa83.days" in says(act(later, number, "extend", **more))
        assert act(later, number, "extend", **{**more, "days": "10"}).status_code == 302
        assert "pipa83.extended" in says(act(later, number, "extend", **more))
        assert "あと11日" in says(get(later, "disclosures"))


def test_what_is_overdue_stands_out_in_words(cast: Cast, clerk: Client) -> None:
    asked(clerk, cast.clerk, of_uses(), received_on=ago(33))
    assert "期限を3日過ぎています" in says(get(clerk, "disclosures"))
    assert "うち1件は期限を過ぎています" in says(get(clerk, "home"))


def test_what_is_held_back_is_seen_by_the_decider_and_is_on_no_sheet(
    cast: Cast, clerk: Client, supervisor: Client
) -> None:
    used(cast.clerk_of_another_office, "look")
    used(cast.clerk_of_another_division, "refused", "std3-1.change_suppressed")
    number = asked(clerk, cast.clerk, of_uses())
    assert "国保年金課" in says(get(supervisor, "disclosure", number))
    assert "国保年金課" not in says(get(clerk, "disclosure", number))
    assert "pipa79.not_full" in says(act(supervisor, number, "decide", outcome="full"))
    assert "pipa82.no_ground" in says(act(supervisor, number, "decide", outcome="partial"))
    decision = {"outcome": "partial", "grounds": ["administration"], "reason": "監査に係る"}
    assert act(supervisor, number, "decide", **decision).status_code == 302
    letter = printed(clerk, number)
    assert normal_form("東行政センター") in letter
    assert normal_form("国保年金課") not in letter
    assert normal_form("第78条第1項第7号") in letter
    assert normal_form("部分開示") in letter


def test_the_decider_leaves_rows_out_with_a_ground(
    cast: Cast, clerk: Client, supervisor: Client
) -> None:
    used(cast.clerk_of_another_office, "look")
    used(cast.clerk_of_another_division, "look")
    number = asked(clerk, cast.clerk, of_uses())
    decision = {"outcome": "partial", "grounds": ["other_person"]}
    nothing = act(supervisor, number, "decide", **decision)
    assert "pipa79.nothing_left_out" in says(nothing)
    page = says(get(supervisor, "disclosure", number))
    row = re.search(r'name="left_out" value="(\d+)"(?:(?!<tr>).)*国保年金課', page)
    assert row is not None
    decision["left_out"] = [row[1]]
    assert "pipa79.not_full" in says(
        act(supervisor, number, "decide", outcome="full", left_out=[row[1]])
    )
    assert act(supervisor, number, "decide", **decision).status_code == 302
    letter = printed(clerk, number)
    assert normal_form("東行政センター") in letter
    assert normal_form("国保年金課") not in letter
    assert normal_form("第78条第1項第2号") in letter


def test_a_refusal_to_say_whether_there_is_anything_says_nothing_else(
    cast: Cast, clerk: Client, supervisor: Client
) -> None:
    protect(who(HANAKO))
    used(cast.clerk_of_another_office, "look")
    number = asked(clerk, cast.clerk, of_uses(), **BY_GUARDIAN)
    assert "代理人からの請求" in says(get(supervisor, "disclosure", number))
    assert "pipa78.unconfirmed" in says(act(supervisor, number, "decide", outcome="full"))
    decision = {"outcome": "existence_refused", "grounds": ["harm"], "reason": "支援措置がある"}
    assert act(supervisor, number, "decide", **decision).status_code == 302
    letter = printed(clerk, number)
    assert normal_form("第81条") in letter
    for words in ("支援措置", "第78条", "害する", "東行政センター", "存否"):
        assert normal_form(words) not in letter


def test_the_record_itself_is_disclosed_as_it_stands(
    cast: Cast, clerk: Client, supervisor: Client
) -> None:
    number = asked(clerk, cast.clerk, RECORD)
    assert act(supervisor, number, "decide", outcome="full").status_code == 302
    letter = printed(clerk, number)
    record = rows(
        "SELECT resident_record_code FROM register_current WHERE record_id = %s", who(HANAKO)
    )
    assert normal_form("架空　花子") in letter
    assert str(record[0][0]) not in letter, "number and code are given by 12条 alone"
    assert act(clerk, number, "withdraw").status_code == 422


def test_sent_twice_each_step_is_taken_once(cast: Cast, clerk: Client, supervisor: Client) -> None:
    again, reception_id = str(uuid4()), came(cast.clerk)
    sent = [
        post(clerk, "ask_disclosure", reception_id, who(HANAKO), **of_uses(), request_id=again)
        for _ in range(2)
    ]
    assert {one.status_code for one in sent} == {302}
    row = DisclosureRequest.objects.get()
    other = post(clerk, "ask_disclosure", reception_id, who(HANAKO), **of_uses())
    assert "pipa77.asked" in says(other), "another form under the same 受付"
    decision = {"outcome": "full", "request_id": str(uuid4())}
    for _ in range(2):
        assert act(supervisor, row.pk, "decide", **decision).status_code == 302
    other = post(clerk, "give_disclosure", row.pk, request_id=decision["request_id"])
    assert "pipa82.request_used" in says(other), "no paper leaves under another step's number"
    for _ in range(2):
        printed(clerk, row.pk, request_id=again)
    taken = DisclosureStep.objects.order_by("id").values_list("what", flat=True)
    assert list(taken) == ["decided", "given"]
    papers = [one["issue_number"] for one in told("disclosure_given")]
    assert papers == [f"{row.pk}-1"] * 2, "each paper that leaves is trailed"


def test_nobody_of_another_ward_opens_it(
    cast: Cast, clerk: Client, come_in: ComeIn, settings: LazySettings
) -> None:
    number = asked(clerk, cast.clerk, of_uses())
    settings.MUNICIPALITY = "141003"
    rows("UPDATE access_office SET ward = '141046' WHERE code = '101' RETURNING id")
    branch = come_in(cast.clerk_of_another_office, Client())
    assert "disclosure-requests/" not in says(get(branch, "disclosures")).partition("<table")[2]
    theirs, nobodys = get(branch, "disclosure", number), get(branch, "disclosure", number + 1)
    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert act(branch, number, "withdraw").status_code == 404
    assert post(branch, "give_disclosure", number).status_code == 404
    other = come_in(cast.clerk_of_another_division, Client())
    assert get(other, "disclosure", number).status_code == 403


def test_a_third_party_is_refused_with_the_article(cast: Cast, clerk: Client) -> None:
    form = get(clerk, "receive", "disclosure_request")
    assert 'value="same_household"' not in says(form)
    typed = {"basis": "request", "visitor_name": "架空　次郎", "capacity": "third_party"}
    refused = post(clerk, "receive", "disclosure_request", **typed)
    assert refused.status_code == 422
    typed |= {"capacity": "agent", "received_on": ago(0).isoformat()}
    papers = {"identity": "passport", "authority": "letter", "principal_name": "架空　花子"}
    whole = {**typed, **papers, "visitor_address": "架空町一丁目１番１号"}
    said = says(post(clerk, "receive", "disclosure_request", **typed))
    assert "第76条第2項" in said
    assert "第77条第2項" in said
    taken = post(clerk, "receive", "disclosure_request", **whole)
    assert taken.status_code == 302
    assert taken["Location"].startswith("/inquiry/"), "to whom it is about"
