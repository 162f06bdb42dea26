"""開示請求の決定: it stands on what was known, and is made again where that has changed."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from daicho.access import clock, trail
from daicho.access.models import EmergencyUse, Trail
from daicho.certificates.reading import normal_form
from people import Cast, Player
from web.desk import HANAKO, TARO, who
from web.disclosing import (
    BY_GUARDIAN,
    RECORD,
    act,
    ago,
    asked,
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


def emergency(player: Player) -> int:
    """A use in an emergency that was granted to that player; gives its number."""
    now = clock.now()
    use = EmergencyUse.objects.create(
        operator=player.operator,
        office=player.operator.office,
        purpose="emergency.life",
        reason="所在を確かめる",
        asked_at=now,
        is_granted=True,
        decided_at=now,
        until_at=now,
    )
    with transaction.atomic():
        said: dict[str, int | str] = {"use": use.pk, "what": "granted"}
        trail.write("emergency_changed", request_id=uuid4(), detail=said)
    return use.pk


def test_nobody_leaves_out_the_own_uses(cast: Cast, clerk: Client, supervisor: Client) -> None:
    used(cast.supervisor, "look")
    used(cast.clerk_of_another_office, "look")
    number = asked(clerk, cast.clerk, of_uses())
    own, other = Trail.objects.filter(door="test").order_by("id").values_list("id", flat=True)
    partial = {"outcome": "partial", "grounds": ["administration"]}
    assert "pipa82.own_use" in says(act(supervisor, number, "decide", **partial, left_out=[own]))
    none = {"outcome": "none", "grounds": ["not_held"]}
    assert "pipa82.own_use" in says(act(supervisor, number, "decide", **none))
    assert act(supervisor, number, "decide", **partial, left_out=[other]).status_code == 302


@pytest.mark.parametrize("key", ["999999999", "\x00"])
def test_a_row_that_the_sheet_has_not_leaves_nothing_out(
    cast: Cast, clerk: Client, supervisor: Client, key: str
) -> None:
    for typed in (of_uses(), RECORD):
        number = asked(clerk, cast.clerk, typed)
        decision = {"outcome": "partial", "grounds": ["other_person"], "left_out": [key]}
        refused = act(supervisor, number, "decide", **decision)
        assert "pipa79.nothing_left_out" in says(refused)


def test_what_was_decided_is_printed_and_nothing_that_came_after(
    cast: Cast, clerk: Client, supervisor: Client
) -> None:
    use = emergency(cast.clerk_of_another_office)
    used(cast.clerk_of_another_office, "look", purpose="emergency.life")
    number = asked(clerk, cast.clerk, of_uses())
    decision = {"outcome": "partial", "grounds": ["administration"]}
    assert act(supervisor, number, "decide", **decision).status_code == 302
    EmergencyUse.objects.filter(pk=use).update(reviewed_at=clock.now())
    used(cast.clerk_of_another_division, "look")
    letter = printed(clerk, number)
    assert normal_form("緊急の確認") not in letter, "held back when it was decided"
    assert normal_form("国保年金課") not in letter, "nobody has decided on it"


def test_a_measure_that_began_since_has_it_decided_again(
    cast: Cast, clerk: Client, supervisor: Client
) -> None:
    number = asked(clerk, cast.clerk, of_uses())
    full = {"outcome": "full", "request_id": str(uuid4())}
    assert act(supervisor, number, "decide", **full).status_code == 302
    again = act(supervisor, number, "decide", outcome="full")
    assert "pipa82.decided" in says(again), "once, as long as it rests on what was known"
    protect(who(HANAKO))
    assert "pipa87.marked_since" in says(post(clerk, "give_disclosure", number))
    assert "もう一度決定を受けて" in says(get(supervisor, "disclosure", number))
    assert "pipa78.unconfirmed" in says(act(supervisor, number, "decide", outcome="full"))
    none = {"outcome": "existence_refused", "grounds": ["harm"]}
    assert act(supervisor, number, "decide", **none).status_code == 302
    assert normal_form("第81条") in printed(clerk, number)
    assert "pipa82.decided" in says(act(supervisor, number, "decide", outcome="full"))


def test_a_guardian_is_told_of_whoever_lives_with_a_protected_person(
    cast: Cast, clerk: Client, supervisor: Client
) -> None:
    protect(who(TARO))  # of one household with her
    number = asked(clerk, cast.clerk, RECORD, **BY_GUARDIAN)
    assert "代理人からの請求" in says(get(supervisor, "disclosure", number))
    assert "pipa78.unconfirmed" in says(act(supervisor, number, "decide", outcome="full"))
    assert act(supervisor, number, "decide", outcome="full", confirmed="on").status_code == 302
    assert normal_form("架空　花子") in printed(clerk, number)


def test_a_mending_that_does_not_come_stands_out(
    cast: Cast, clerk: Client, come_in: ComeIn
) -> None:
    number = asked(clerk, cast.clerk, of_uses())
    typed = {"until_on": ago(-5).isoformat(), "reason": "期間が書かれていない"}
    assert act(clerk, number, "mending", **typed).status_code == 302
    for days, is_late in ((5, False), (6, True)):
        with clock.fixed(clock.now() + timedelta(days=days)):
            later = come_in(cast.clerk, Client())
            for page in (get(later, "disclosures"), get(later, "disclosure", number)):
                assert ("補正の期限を過ぎています" in says(page)) == is_late


def test_a_name_that_is_not_of_the_record_is_told_before_it_is_decided(
    cast: Cast, clerk: Client, supervisor: Client
) -> None:
    hers = asked(clerk, cast.clerk, RECORD)
    guardians = asked(clerk, cast.clerk, RECORD, **BY_GUARDIAN)
    others = asked(clerk, cast.clerk, RECORD, **{**BY_GUARDIAN, "principal_name": "架空　太郎"})
    told = [
        "記載の氏名と違います" in says(get(supervisor, "disclosure", one))
        for one in (hers, guardians, others)
    ]
    assert told == [False, False, True]
