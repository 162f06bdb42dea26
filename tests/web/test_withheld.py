"""表示しない人の画面: what an inquiry shows of who is withheld, and what it always says to all."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from people import Cast, Player
from web.desk import HANAKO, TARO, received, rows, who
from web.test_changing_withheld import withhold

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("family")]

ComeIn = Callable[..., Client]
ALONE, BESIDE = "宛名番号だけで検索したときに見つかります", "並べて表示しません"
NONE_LEADS = "世帯主未設定"
THEIRS = "national_health_insurance"


def _page(client: Client, screen: str, work: str, *of: UUID) -> str:
    return client.get(reverse(f"counter:{screen}", args=[work, *of])).content.decode()


def _found(client: Client, work: str, **typed: str) -> str:
    sent = client.post(reverse("counter:search", args=[work]), typed, follow=True)
    return sent.content.decode()


def _protect(record_id: UUID) -> None:
    rows(
        "INSERT INTO register_protectivemeasure (record_id, provisional, from_on)"
        " VALUES (%s, false, '2020-01-01') RETURNING id",
        record_id,
    )


@pytest.mark.parametrize(("player", "work"), [("clerk", "change"), ("other", THEIRS)])
def test_how_who_is_withheld_is_found_is_always_said(
    cast: Cast, come_in: ComeIn, player: str, work: str
) -> None:
    asks: Player = cast.clerk if player == "clerk" else cast.clerk_of_another_division
    client = come_in(asks)
    assert ALONE in _page(client, "search", work)
    assert ("支援措置の対象者は" in _page(client, "search", work)) is (player == "other")
    by_birth = {"kana": "タロウ", "born_from": "H17.10.10"}
    assert "1人" in _found(client, work, **by_birth)
    (withhold if player == "clerk" else _protect)(who(TARO))
    page = _found(client, work, **by_birth)
    assert "該当する人はいません" in page
    assert ALONE in page
    assert "1人" in _found(client, work, kana="タロウ")


def test_an_inquiry_lists_nobody_beside_who_is_withheld(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    before = _page(client, "household", "change", who(HANAKO))
    assert BESIDE in before, "it is said whoever lives there"
    assert "太郎" in before
    withhold(who(TARO))
    assert "太郎" not in _page(client, "household", "change", who(HANAKO))
    of_his = _page(client, "household", "change", who(TARO))
    assert "花子" not in of_his
    assert "世帯番号 0" not in of_his
    assert NONE_LEADS not in of_his


def test_a_reception_lists_the_whole_household(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    withhold(who(TARO))
    work = str(received(cast.clerk, "moved_within", "notification"))
    page = _page(client, "household", work, who(HANAKO))
    assert "太郎" in page
    assert BESIDE not in page


def test_another_division_is_not_told_that_the_householder_is_missing(
    cast: Cast, come_in: ComeIn
) -> None:
    client = come_in(cast.clerk_of_another_division)
    _protect(who(HANAKO))
    for screen in ("household", "person"):
        page = _page(client, screen, THEIRS, who(TARO))
        assert "太郎" in page
        assert "花子" not in page
        assert NONE_LEADS not in page
