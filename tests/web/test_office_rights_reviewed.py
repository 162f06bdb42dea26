"""所属の操作権限の点検: a line of the review, signed by nobody who has it or gave it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from daicho.access import clock, operating, permits
from daicho.access.models import (
    OfficeRight,
    Position,
    Responsible,
    Right,
    RightsReviewLine,
    Trail,
)
from daicho.access.people import positions
from daicho.access.permits import system_permit
from people import Cast
from web.office_rights import acting, bare, office_has
from web.test_people import page, sent
from web.test_people_reviews import SIGNING, begun

ComeIn = Callable[..., Client]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]


@pytest.fixture
def above(cast: Cast, come_in: ComeIn) -> Client:
    """A responsible above the manager, of another office, who has no right in the reviewed one."""
    place = Position.objects.create(code="T1", title="市民部長", since=clock.today())
    Responsible.objects.create(role="juki_net.responsible", position=place, since=clock.today())
    who = cast.clerk_of_another_office
    permit = system_permit("operators", clock.today(), uuid4())
    positions.hold(permit, place.pk, who.operator.pk, clock.today(), "人事第1号")
    return come_in(who, Client())


def said(review_id: int, ending: OfficeRight | None = None) -> dict[str, str]:
    """Every line kept, but for that of the office where it is to end."""
    typed = {"request_id": str(uuid4())}
    for line in RightsReviewLine.objects.filter(review=review_id):
        is_ending = ending is not None and line.office_right == ending
        typed[f"decision-{line.pk}"] = "end" if is_ending else "keep"
        typed[f"reason-{line.pk}"] = "全員には要らない" if is_ending else ""
    return typed


def test_signed_the_right_of_the_office_ends_for_all_at_once(cast: Cast, above: Client) -> None:
    right = office_has("001", "clerk")
    bare(cast.clerk)
    review = begun(above)
    assert "所属の全員" in page(above, "review", review.pk)
    address = reverse("console:review", args=[review.pk])
    assert above.post(address, said(review.pk, right) | SIGNING).status_code == 302
    assert acting(cast.clerk).posts == frozenset()
    right.refresh_from_db()
    assert right.until == date(2026, 11, 21)
    assert Trail.objects.filter(event="office_right_changed", detail__what="ended").count() == 1
    assert "所属の全員" in page(above, "review", review.pk)


def test_whoever_is_of_the_office_neither_decides_nor_signs_for_it(
    cast: Cast, come_in: ComeIn
) -> None:
    office_has("001", "clerk")
    Right.objects.filter(operator=cast.security_manager.operator).delete()
    client = come_in(cast.security_manager, Client())
    review = begun(client)
    text = page(client, "review", review.pk)
    line = RightsReviewLine.objects.exclude(office_right=None).get()
    assert "自分の権限がある点検には、署名できません" in text
    assert f'name="decision-{line.pk}"' not in text
    for typed in (SIGNING, {"do": "decide"}):
        address = reverse("console:review", args=[review.pk])
        response = client.post(address, said(review.pk) | typed)
        assert response.status_code == 422
        assert "access.not_of_oneself" in response.content.decode()
    review.refresh_from_db()
    assert review.signed_at is None


def test_who_gave_it_to_the_office_does_not_sign(cast: Cast, above: Client) -> None:
    office_has("001", "clerk")
    OfficeRight.objects.update(given_by=cast.clerk_of_another_office.operator)
    review = begun(above)
    address = reverse("console:review", args=[review.pk])
    response = above.post(address, said(review.pk) | SIGNING)
    assert response.status_code == 422
    assert "access.not_by_giver" in response.content.decode()


def test_given_while_the_review_is_open_it_is_looked_at_too(
    cast: Cast, above: Client, come_in: ComeIn
) -> None:
    review = begun(above)
    address = reverse("console:review", args=[review.pk])
    typed = said(review.pk)
    admin = come_in(cast.administrator, Client())
    given = {"post": "vaccination", "since": "R9.4.1", "until": ""}
    assert sent(admin, "give_to_office", "001", **given).status_code == 302
    response = above.post(address, typed | SIGNING)
    assert "access.review_undecided" in response.content.decode()
    assert "予防接種" in response.content.decode()
    assert above.post(address, said(review.pk) | SIGNING).status_code == 302


def test_an_office_with_such_a_right_alone_is_reviewed_too(cast: Cast, above: Client) -> None:
    Right.objects.filter(office__code="201").delete()
    right = office_has("201", "national_pension")
    long_before = datetime(2026, 9, 30, 3, tzinfo=UTC)
    OfficeRight.objects.filter(pk=right.pk).update(given_at=long_before)
    permit = permits.permit(cast.administrator.acting(), "console.municipality", clock.today())
    (told,) = operating.of_people(permit)
    assert told.what.startswith("国保年金課: 令和8年9月30日まで")
    assert "国保年金課" in page(above, "reviews")
    review = begun(above, "201")
    address = reverse("console:review", args=[review.pk])
    assert above.post(address, said(review.pk) | SIGNING).status_code == 302
    assert not operating.of_people(permit)
