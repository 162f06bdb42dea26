"""緊急の利用の守り: a grant stays in its office, and nothing is rewritten without being told."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from daicho.access import acting, clock, operating, permits, policy
from daicho.access.emergencies import asking, proofs, queries
from daicho.access.models import EmergencyUse, Holding, Presence, Right, Terminal, Trail
from people import LONG_AGO, Cast
from web.emergencies import (
    LIFE,
    asked,
    decided,
    get,
    goes_by,
    newest,
    post,
    reviewed,
    says,
    steps,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]
ComeIn = Callable[..., Client]
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


@pytest.fixture
def on_the_day() -> Iterator[None]:
    with clock.fixed(NOW):
        yield


@pytest.fixture
def clerk(cast: Cast, come_in: ComeIn) -> Client:
    return come_in(cast.clerk)


@pytest.fixture
def supervisor(cast: Cast, come_in: ComeIn) -> Client:
    return come_in(cast.supervisor, Client())


@pytest.fixture
def manager(cast: Cast, come_in: ComeIn) -> Client:
    return come_in(cast.security_manager, Client())


@pytest.fixture
def over(clerk: Client, supervisor: Client) -> EmergencyUse:
    """A use that was granted and has come to its end."""
    use = asked(clerk)
    decided(supervisor, use)
    goes_by(use, hours=1)
    return use


# -- Where it holds --------------------------------------------------------------------------------


def test_a_grant_of_one_office_opens_nothing_in_another(
    cast: Cast, clerk: Client, supervisor: Client
) -> None:
    decided(supervisor, asked(clerk))
    branch = Terminal.objects.get(code="B101")
    Right.objects.create(
        operator=cast.clerk.operator,
        office=branch.office,
        post="clerk",
        since=LONG_AGO,
        given_at=clock.now(),
    )
    elsewhere = acting.actor(cast.clerk.operator, branch.code, uuid4())
    assert elsewhere.office == branch.office.code
    assert elsewhere.granted == frozenset()
    assert asking.running(elsewhere) is None
    at_home = cast.clerk.acting()
    assert at_home.granted == {"emergency.life"}
    assert asking.running(at_home) is not None


# -- The page that asks by itself ------------------------------------------------------------------


def _seen(cast: Cast) -> Presence:
    return Presence.objects.get(operator=cast.clerk.operator)


def test_a_page_that_asks_by_itself_keeps_nobody_from_being_locked(
    cast: Cast, clerk: Client
) -> None:
    use = asked(clerk)
    address = reverse("console:emergency_state", args=[use.pk])
    assert f'hx-get="{address}"' in says(get(clerk, "emergency", use.pk))
    before = _seen(cast).seen_at
    for minute in range(1, 5):
        with clock.fixed(NOW + timedelta(minutes=minute)):
            state = clerk.get(address)
        assert state.status_code == 200
        assert f"残り{30 - minute}分" in state.content.decode()
        assert _seen(cast).seen_at == before
    with clock.fixed(NOW + timedelta(minutes=policy.sign_in().idle_minutes)):
        assert clerk.get(address).status_code == 423
    assert _seen(cast).locked_at is not None


def test_what_a_person_opens_is_noted_still(cast: Cast, clerk: Client) -> None:
    use = asked(clerk)
    with clock.fixed(NOW + timedelta(minutes=2)):
        get(clerk, "emergency", use.pk)
    assert _seen(cast).seen_at == NOW + timedelta(minutes=2)


def test_the_page_that_asks_is_told_of_the_grant_and_of_the_end_of_the_session(
    cast: Cast, clerk: Client, supervisor: Client
) -> None:
    use = asked(clerk)
    decided(supervisor, use)
    state = says(get(clerk, "emergency_state", use.pk))
    assert "13:00まで利用できます。" in state
    assert reverse("console:end_emergency", args=[use.pk]) in state
    assert get(supervisor, "emergency_state", use.pk).status_code == 404
    Presence.objects.filter(operator=cast.clerk.operator).update(session_digest=b"\0" * 32)
    assert get(clerk, "emergency_state", use.pk).status_code == 403


# -- What was written ------------------------------------------------------------------------------


def _warned(cast: Cast) -> dict[str, str]:
    permit = permits.permit(cast.security_manager.acting(), "emergency.review", clock.today())
    return {one.code: one.what for one in operating.of_people(permit)}


def test_what_stands_as_it_was_written_is_not_called_altered(
    cast: Cast, manager: Client, over: EmergencyUse
) -> None:
    assert reviewed(manager, over, outcome="improper", note="理由に合わない").status_code == 302
    over.refresh_from_db()
    assert proofs.altered(over) == ()
    assert "証しと合いません" not in says(get(manager, "emergency", over.pk))
    assert "access.emergency_altered" not in _warned(cast)


@pytest.mark.parametrize(
    ("column", "value", "step", "told"),
    [
        ("reason", "別の理由", "asked", "求めたときの理由と違います"),
        ("purpose", "emergency.disaster", "asked", "求めたときの理由と違います"),
        ("terminal", "B101", "asked", "求めたときの理由と違います"),
        ("is_granted", False, "decided", "決めたときの内容と違います"),
        ("outcome", "proper", "reviewed", "点検したときの結果と違います"),
        ("note", "", "reviewed", "点検したときの結果と違います"),
        ("reviewed_at", None, "reviewed", "点検したときの結果と違います"),
    ],
)
def test_what_was_rewritten_past_the_program_is_told_in_red(
    cast: Cast,
    manager: Client,
    over: EmergencyUse,
    column: str,
    value: object,
    step: str,
    told: str,
) -> None:
    reviewed(manager, over, outcome="improper", note="理由に合わない検索がある")
    EmergencyUse.objects.filter(pk=over.pk).update(**{column: value})
    over.refresh_from_db()
    assert proofs.altered(over) == (step,)
    page = says(get(manager, "emergency", over.pk))
    assert told in page
    assert 'role="alert"' in page
    assert "記録1件" in _warned(cast)["access.emergency_altered"]


def test_what_is_gone_or_came_without_a_step_is_told(cast: Cast, over: EmergencyUse) -> None:
    EmergencyUse.objects.create(
        operator=over.operator,
        office=over.office,
        purpose="emergency.life",
        reason="誰も求めていない",
        asked_at=clock.now(),
    )
    assert proofs.altered(newest()) == ("asked",)
    assert proofs.altered_count() == 1
    EmergencyUse.objects.filter(pk=over.pk).update(reason="別の理由")
    assert proofs.altered_count() == 2


# -- Numbers of requests ---------------------------------------------------------------------------


def test_a_number_used_before_does_not_pass_for_another_step(
    cast: Cast, clerk: Client, supervisor: Client
) -> None:
    number = str(uuid4())
    use = asked(clerk, request_id=number)
    assert post(clerk, "end_emergency", use.pk, request_id=number).status_code == 302
    use.refresh_from_db()
    assert use.ended_at is not None
    own = asked(supervisor, request_id=number)
    assert own.pk != use.pk
    assert steps().what == ["asked", "withdrawn", "asked"]


def test_a_denial_with_the_number_of_a_grant_is_no_repeat(
    clerk: Client, supervisor: Client
) -> None:
    use, number = asked(clerk), str(uuid4())
    decided(supervisor, use, request_id=number)
    again = decided(supervisor, use, "deny", request_id=number)
    assert again.status_code == 422
    assert "access.emergency_decided" in says(again)


# -- How many --------------------------------------------------------------------------------------


def _asked_before(cast: Cast, count: int, **facts: object) -> None:
    EmergencyUse.objects.bulk_create(
        EmergencyUse(
            **{
                "operator": cast.clerk.operator,
                "office": cast.clerk.operator.office,
                "purpose": "emergency.life",
                "reason": "前の求め",
                "asked_at": NOW - timedelta(hours=2),
                **facts,
            }
        )
        for _ in range(count)
    )


@pytest.mark.parametrize(
    ("hours_ago", "is_refused"), [(2, True), (13, False)], ids=["today", "the day before"]
)
def test_one_person_asks_so_often_a_day(
    cast: Cast, clerk: Client, hours_ago: int, is_refused: bool
) -> None:
    _asked_before(cast, 10, asked_at=NOW - timedelta(hours=hours_ago))
    response: HttpResponse = post(clerk, "ask_emergency", **LIFE)
    assert ("access.emergency_too_many" in says(response)) is is_refused
    assert (response.status_code == 422) is is_refused


def test_what_was_not_granted_waits_for_no_review(
    cast: Cast, clerk: Client, supervisor: Client, manager: Client
) -> None:
    use = asked(clerk)
    decided(supervisor, use, "deny")
    permit = permits.permit(cast.security_manager.acting(), "emergency.review", clock.today())
    assert queries.to_review(permit) == ()
    assert [one.use_id for one in queries.past(permit)] == [use.pk]


def test_what_does_not_concern_a_person_takes_no_place_among_the_past(
    cast: Cast, over: EmergencyUse
) -> None:
    elsewhere = cast.clerk_of_another_office.operator
    _asked_before(cast, queries.PAST_MOST, operator=elsewhere, office=elsewhere.office)
    supervising = permits.permit(cast.supervisor.acting(), "emergency.decide", clock.today())
    assert [one.use_id for one in queries.past(supervising)] == [over.pk]
    reviewing = permits.permit(cast.security_manager.acting(), "emergency.review", clock.today())
    found = queries.past(reviewing)
    assert len(found) == queries.PAST_MOST
    assert over.pk not in {one.use_id for one in found}, "it waits for the review"


# -- Who would review ------------------------------------------------------------------------------


def test_who_decides_is_told_that_nobody_could_review(
    cast: Cast, clerk: Client, supervisor: Client, manager: Client
) -> None:
    use, told = asked(clerk), "点検できる者がほかにいません"
    assert told not in says(get(supervisor, "emergency", use.pk))
    borne = Holding.objects.exclude(operator=cast.security_manager.operator)
    borne.update(until=clock.today() - timedelta(days=1))
    posts = ["security_manager", "security_responsible"]
    Right.objects.filter(post__in=posts).exclude(operator=cast.security_manager.operator).delete()
    assert told not in says(get(supervisor, "emergency", use.pk)), "the manager reviews"
    assert told in says(get(manager, "emergency", use.pk))
    assert Trail.objects.filter(event="emergency_refused").count() == 0
