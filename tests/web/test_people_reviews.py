"""権限の点検: half by half, by someone who gave none of the rights; what is to end ends."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from daicho.access import clock, operating, permits
from daicho.access.models import (
    Office,
    Position,
    Responsible,
    Right,
    RightsReview,
    RightsReviewLine,
    Trail,
)
from daicho.access.people import positions
from daicho.access.permits import system_permit
from people import Cast
from web.test_people import GIVEN, act, page, sent

ComeIn = Callable[..., Client]


@pytest.fixture
def on_the_day() -> Iterator[None]:
    with clock.fixed(datetime(2026, 11, 22, 3, tzinfo=UTC)):
        yield


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]


@pytest.fixture
def manager(cast: Cast, come_in: ComeIn) -> Client:
    """One who holds no right in the office: the role alone, by the position."""
    Right.objects.filter(operator=cast.security_manager.operator).delete()
    return come_in(cast.security_manager, Client())


def begun(client: Client, office: str = "001") -> RightsReview:
    assert sent(client, "open_review", office).status_code == 302
    return RightsReview.objects.get(office__code=office)


def decided(
    client: Client, review: RightsReview, ending: tuple[Right, ...] = (), **typed: str
) -> HttpResponse:
    said: dict[str, str] = {}
    for line in RightsReviewLine.objects.filter(review=review):
        is_ending = line.right in ending
        said[f"decision-{line.pk}"] = "end" if is_ending else "keep"
        said[f"reason-{line.pk}"] = "担当を離れた" if is_ending else ""
    response = client.post(
        reverse("console:review", args=[review.pk]),
        {"request_id": str(uuid4()), **said, **typed},
    )
    assert isinstance(response, HttpResponse)
    return response


SIGNING = {"do": "sign", "sure": "on"}


def right_of(login: str) -> Right:
    return Right.objects.get(operator__login=login)


def test_signed_what_is_to_end_ends_at_once(cast: Cast, manager: Client) -> None:
    review = begun(manager)
    assert decided(manager, review, (right_of("clerk"),), **SIGNING).status_code == 302
    assert "clerk" not in cast.clerk.acting().posts
    assert "supervisor" in cast.supervisor.acting().posts
    review.refresh_from_db()
    assert review.signed_by == cast.security_manager.operator
    last = Trail.objects.filter(event="review_changed").latest("id")
    assert last.detail == {"office": "001", "half": "2026-2", "rows": 1, "what": "signed"}
    assert "署名済み" in page(manager, "reviews")


def test_before_the_signature_nothing_ends(cast: Cast, manager: Client) -> None:
    review = begun(manager)
    decided(manager, review, (right_of("clerk"),), do="decide")
    assert "clerk" in cast.clerk.acting().posts
    assert 'value="担当を離れた"' in page(manager, "review", review.pk)


def test_who_gave_a_right_does_not_sign_for_it(
    cast: Cast, manager: Client, come_in: ComeIn
) -> None:
    act(come_in(cast.administrator, Client()), cast.clerk, "give", **GIVEN)
    Right.objects.filter(post="euc_operator").update(given_by=cast.security_manager.operator)
    review = begun(manager)
    response = decided(manager, review, (), **SIGNING)
    assert response.status_code == 422
    assert "access.not_by_giver" in response.content.decode()
    review.refresh_from_db()
    assert review.signed_at is None


def test_a_line_without_a_decision_is_not_signed_for(cast: Cast, manager: Client) -> None:
    review = begun(manager)
    typed = {"request_id": str(uuid4()), **SIGNING}
    response = manager.post(reverse("console:review", args=[review.pk]), typed)
    assert "access.review_undecided" in response.content.decode()


def test_a_right_given_while_the_review_is_open_is_looked_at_too(
    cast: Cast, manager: Client, come_in: ComeIn
) -> None:
    review = begun(manager)
    decided(manager, review, (), do="decide")
    act(come_in(cast.administrator, Client()), cast.clerk, "give", **GIVEN)
    lines = RightsReviewLine.objects.filter(review=review)
    before = lines.count()
    response = decided(manager, review, (), **SIGNING)
    assert "access.review_undecided" in response.content.decode()
    assert "EUC" in response.content.decode(), "what was given meanwhile is shown"
    assert lines.count() == before + 1
    assert decided(manager, review, (), **SIGNING).status_code == 302


@pytest.mark.parametrize(("typed", "told"), [({"do": "sign"}, "確かめたら印"), (SIGNING, "理由")])
def test_an_end_without_reason_and_a_signature_without_tick_are_told(
    cast: Cast, manager: Client, typed: dict[str, str], told: str
) -> None:
    review = begun(manager)
    line = RightsReviewLine.objects.filter(review=review).first()
    assert line is not None
    said = {f"decision-{line.pk}": "end" if "sure" in typed else "keep"}
    response = manager.post(reverse("console:review", args=[review.pk]), {**said, **typed})
    assert response.status_code == 422
    assert told in response.content.decode()


def test_what_is_signed_is_not_changed(cast: Cast, manager: Client) -> None:
    review = begun(manager)
    decided(manager, review, (), **SIGNING)
    response = decided(manager, review, (right_of("clerk"),), do="decide")
    assert response.status_code == 422
    assert "access.review_signed" in response.content.decode()


@pytest.mark.parametrize("who", ["administrator", "auditor"])
def test_others_look_but_do_not_review(
    cast: Cast, come_in: ComeIn, manager: Client, who: str
) -> None:
    review = begun(manager)
    client = come_in(getattr(cast, who), Client())
    assert "署名する" not in page(client, "review", review.pk)
    assert sent(client, "open_review", "001").status_code == 403
    assert decided(client, review, (), **SIGNING).status_code == 403


def test_a_half_that_passed_without_a_signature_is_told(cast: Cast, manager: Client) -> None:
    long_before = datetime(2026, 9, 30, 3, tzinfo=UTC)
    Right.objects.filter(office__code="001").update(given_at=long_before)
    permit = permits.permit(cast.administrator.acting(), "console.municipality", clock.today())
    (told,) = operating.of_people(permit)
    assert told.code == "access.review_overdue"
    assert told.what.startswith("市民課: 令和8年9月30日まで")
    assert "前の半期の期限を過ぎています" in page(manager, "reviews")
    decided(manager, begun(manager), (), **SIGNING)
    assert not operating.of_people(permit)


# -- One's own right -------------------------------------------------------------------------------


def test_who_has_a_right_neither_decides_nor_signs_for_it(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.security_manager, Client())
    review = begun(client)
    for typed in (SIGNING, {"do": "decide"}):
        response = decided(client, review, (), **typed)
        assert response.status_code == 422
        assert "access.not_of_oneself" in response.content.decode()
    review.refresh_from_db()
    assert review.signed_at is None
    assert not RightsReviewLine.objects.filter(review=review).exclude(decision="").exists()


def test_who_has_a_right_decides_the_others_and_is_told_who_must_sign(
    cast: Cast, come_in: ComeIn
) -> None:
    client = come_in(cast.security_manager, Client())
    review = begun(client)
    text = page(client, "review", review.pk)
    assert "自分の権限がある点検には、署名できません" in text
    assert "上の責任者" in text
    own = RightsReviewLine.objects.get(review=review, right=right_of("kacho"))
    assert f'name="decision-{own.pk}"' not in text
    other = RightsReviewLine.objects.get(review=review, right=right_of("clerk"))
    said = {f"decision-{other.pk}": "keep", "do": "decide", "request_id": str(uuid4())}
    assert client.post(reverse("console:review", args=[review.pk]), said).status_code == 302
    other.refresh_from_db()
    assert other.decision == "keep"


def test_the_responsible_above_signs_where_the_manager_has_a_right(
    cast: Cast, come_in: ComeIn
) -> None:
    place = Position.objects.create(code="T1", title="市民部長", since=clock.today())
    Responsible.objects.create(role="juki_net.responsible", position=place, since=clock.today())
    above = cast.clerk_of_another_office
    permit = system_permit("operators", clock.today(), uuid4())
    positions.hold(permit, place.pk, above.operator.pk, clock.today(), "人事第1号")
    client = come_in(above, Client())
    assert decided(client, begun(client), (), **SIGNING).status_code == 302


# -- What others decided, and other halves ---------------------------------------------------------


def stale(review: RightsReview, line: RightsReviewLine, *, do: str, **sure: str) -> dict[str, str]:
    """What a page sends that was drawn when every line was kept but this one was blank."""
    sent = {"request_id": str(uuid4()), "do": do, **sure}
    for one in RightsReviewLine.objects.filter(review=review):
        said = "" if one == line else "keep"
        sent |= {f"decision-{one.pk}": said, f"was-decision-{one.pk}": said}
    return sent


def test_a_page_drawn_earlier_does_not_blank_what_was_decided_since(
    cast: Cast, manager: Client
) -> None:
    review = begun(manager)
    decided(manager, review, (right_of("clerk"),), do="decide")
    line = RightsReviewLine.objects.get(review=review, right=right_of("clerk"))
    address = reverse("console:review", args=[review.pk])
    assert manager.post(address, stale(review, line, do="decide")).status_code == 302
    line.refresh_from_db()
    assert (line.decision, line.reason) == ("end", "担当を離れた")


def test_nobody_signs_for_what_was_decided_anew_without_seeing_it(
    cast: Cast, manager: Client
) -> None:
    review = begun(manager)
    decided(manager, review, (right_of("clerk"),), do="decide")
    line = RightsReviewLine.objects.get(review=review, right=right_of("clerk"))
    address = reverse("console:review", args=[review.pk])
    sent = stale(review, line, do="sign", sure="on")
    sent |= {f"decision-{line.pk}": "keep", f"was-decision-{line.pk}": "keep"}
    response = manager.post(address, sent)
    assert response.status_code == 422
    assert "ほかの者が決め直した" in response.content.decode()
    assert 'value="担当を離れた"' in response.content.decode(), "what is there now is shown"
    review.refresh_from_db()
    assert review.signed_at is None


def test_a_half_that_is_over_is_neither_decided_nor_signed(cast: Cast, manager: Client) -> None:
    office = Office.objects.get(code="001")
    past = RightsReview.objects.create(office=office, half="2026-1", opened_at=clock.now())
    RightsReviewLine.objects.create(review=past, right=right_of("clerk"))
    assert "署名する" not in page(manager, "review", past.pk)
    for typed in (SIGNING, {"do": "decide"}):
        response = decided(manager, past, (), **typed)
        assert response.status_code == 422
        assert "access.review_past_half" in response.content.decode()
    assert RightsReviewLine.objects.get(review=past).decision == ""


def test_the_halves_before_are_kept(cast: Cast, manager: Client) -> None:
    office = Office.objects.get(code="101")
    RightsReview.objects.create(office=office, half="2025-2", opened_at=clock.now())
    text = page(manager, "reviews")
    assert "令和7年度下半期" in text
    assert "署名されないまま" in text
