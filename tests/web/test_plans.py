"""転出予定: who has said that they move out is marked wherever they are shown, until they have."""

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from daicho.access import clock
from daicho.access.permits import permit
from daicho.network import queries
from people import Cast
from web.desk import HANAKO, TARO, Opened, who

pytestmark = pytest.mark.django_db

LEAVING = {
    "occurred_on": "R8.12.20",
    "where": "domestic",
    "planned_destination_prefecture": "栃木県",
    "planned_destination_municipality": "宇都宮市",
    "planned_destination_postal_code": "3200000",
}
PLANNED = "転出予定 令和8年12月20日"
CERTIFICATE = "転出証明書を作る"


def shown(client: Client, name: str, work: str | UUID, record_id: UUID) -> str:
    answer = client.get(reverse(f"counter:{name}", args=[work, record_id]))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("name", ["person", "household", "history"])
def test_a_planned_moving_out_is_marked_on_every_screen(desk: Opened, name: str) -> None:
    at = desk("moved_out", who(TARO))
    assert PLANNED not in shown(at.client, name, "change", who(TARO))
    assert at.record(**LEAVING).status_code == 302
    assert PLANNED in shown(at.client, name, "change", who(TARO))


def test_a_planned_moving_out_is_marked_among_the_hits_and_the_members(desk: Opened) -> None:
    at = desk("moved_out", who(TARO))
    at.record(**LEAVING)
    sent = at.client.post(reverse("counter:search", args=["change"]), {"kana": "カクウ タロウ"})
    assert PLANNED in at.client.get(sent["Location"]).content.decode()
    assert PLANNED in shown(at.client, "household", "change", who(HANAKO))


def test_the_reason_of_a_closing_to_come_says_that_it_is_planned(desk: Opened) -> None:
    at = desk("moved_out", who(TARO))
    at.record(**LEAVING)
    page = shown(at.client, "person", "change", who(TARO))
    assert "国内転出(予定)" in page
    assert "令和8年12月20日(予定)" in page
    assert "320-0000" in page, "a postal code is shown with its hyphen"


def test_what_waits_to_be_sent_of_a_withheld_person_is_not_listed(desk: Opened, cast: Cast) -> None:
    desk("died", who(TARO), "ex_officio").record(occurred_on="R8.11.1")
    looking = permit(cast.clerk.acting(), "inquiry.change", clock.today())
    assert queries.progress(looking, who(TARO), withheld=False)
    assert queries.progress(looking, who(TARO), withheld=True) == ()


@pytest.mark.parametrize(("where", "offered"), [("domestic", True), ("abroad", False)])
def test_a_certificate_is_offered_to_who_moves_within_japan(
    desk: Opened, where: str, offered: bool
) -> None:
    at = desk("moved_out", who(TARO))
    abroad = {"occurred_on": "R8.12.20", "planned_destination_free_text": "架空国"}
    typed = LEAVING if where == "domestic" else abroad
    assert (
        at.record(**typed, **({} if where == "domestic" else {"where": where})).status_code == 302
    )
    reception_id = at.address.split("/")[2]
    assert (CERTIFICATE in shown(at.client, "person", reception_id, who(TARO))) is offered
