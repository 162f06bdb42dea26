"""権限の点検の照会: how far each office is, and one review with its lines; behind a Permit."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, F

from daicho.access.models import (
    Office,
    OfficeRight,
    Operator,
    Right,
    RightsReview,
    RightsReviewLine,
)
from daicho.access.people import reviews
from daicho.access.people.registering import running, state_of
from daicho.access.permits import Permit, demand_work, look
from daicho.law.purposes import POSTS
from daicho.law.safety import reviewing
from daicho.law.safety.reviewing import Half

WHOLE_OFFICE = "所属の全員"
"""所属の権限の行の名: in the place of a person's."""
_OFFICE_FIRST = F("office_right").asc(nulls_last=True)


@dataclass(frozen=True)
class OfficeReview:
    """所属の点検の状況: of the present half, and whether an earlier one was missed."""

    office_code: str
    office: str
    rights_count: int  # rights that hold today
    review_id: int | None
    signed_at: datetime | None
    signed_by: str
    is_overdue: bool


@dataclass(frozen=True)
class Past:
    """済んだ点検: an earlier half of an office."""

    review_id: int
    office: str
    half: Half
    signed_at: datetime | None
    signed_by: str


@dataclass(frozen=True)
class Line:
    """点検の行: one right, and what was decided of it; of the whole office it has no login."""

    line_id: int
    operator_id: int | None  # None: of the whole office
    name: str
    login: str
    post: str
    since: date
    until: date | None
    state: str
    given_by: str
    decision: str
    reason: str


@dataclass(frozen=True)
class Review:
    """権限の点検: of an office in a half, with every line."""

    review_id: int
    office: str
    half: Half
    opened_at: datetime
    signed_at: datetime | None
    signed_by: str
    lines: tuple[Line, ...]
    is_own_office: bool  # does who looks belong to it, and so have what the whole office has?

    @property
    def undecided_count(self) -> int:
        """決めていない行の数."""
        return sum(not one.decision for one in self.lines)


def status(permit: Permit) -> tuple[OfficeReview, ...]:
    """点検の状況: of every office in the present half; counts only, so it leaves no trail row."""
    demand_work(permit, "reviews")
    half = reviewing.half_of(permit.on)
    rows = RightsReview.objects.filter(half=half.code).select_related("signed_by")
    own = {one.office_id: one for one in rows}
    late = {one.office_code for one in reviews.overdue(permit.on)}
    held: Counter[int] = Counter()
    for kind in (Right, OfficeRight):
        rights = kind.objects.filter(running(permit.on)).values_list("office_id")
        held.update(dict(rights.annotate(Count("id"))))
    return tuple(
        _status(one, own.get(one.pk), held[one.pk], is_overdue=one.code in late)
        for one in Office.objects.order_by("code")
        if one.pk in held or one.pk in own
    )


def _status(
    office: Office, review: RightsReview | None, rights_count: int, *, is_overdue: bool
) -> OfficeReview:
    return OfficeReview(
        office_code=office.code,
        office=office.name,
        rights_count=rights_count,
        review_id=review.pk if review else None,
        signed_at=review.signed_at if review else None,
        signed_by=review.signed_by.name if review and review.signed_by else "",
        is_overdue=is_overdue,
    )


def past(permit: Permit) -> tuple[Past, ...]:
    """点検の履歴: of earlier halves, newest first; concerns who signed only."""
    demand_work(permit, "reviews")
    half = reviewing.half_of(permit.on)
    found = RightsReview.objects.exclude(half=half.code).select_related("office", "signed_by")
    return tuple(
        Past(
            review_id=one.pk,
            office=one.office.name,
            half=reviewing.half(one.half),
            signed_at=one.signed_at,
            signed_by=one.signed_by.name if one.signed_by else "",
        )
        for one in found.order_by("-half", "office__code")
    )


def review(permit: Permit, review_id: int) -> Review | None:
    """点検: with every line; one look, trailed. None where there is none."""
    demand_work(permit, "reviews")
    found = RightsReview.objects.select_related("office", "signed_by").filter(pk=review_id).first()
    if found is None:
        return None
    rows = RightsReviewLine.objects.filter(review=found).select_related(
        "right", "right__operator", "right__given_by", "office_right", "office_right__given_by"
    )
    actor = permit.actor.operator_id if permit.actor else 0
    is_own = Operator.objects.filter(pk=actor, office=found.office_id).exists()
    with transaction.atomic():
        lines = tuple(
            _line(one, permit.on)
            for one in rows.order_by(_OFFICE_FIRST, "right__operator__login", "id")
        )
        look(permit, "people_shown", "people.review", detail={"rows": len(lines)})
    return Review(
        review_id=found.pk,
        office=found.office.name,
        half=reviewing.half(found.half),
        opened_at=found.opened_at,
        signed_at=found.signed_at,
        signed_by=found.signed_by.name if found.signed_by else "",
        lines=lines,
        is_own_office=is_own,
    )


def _line(one: RightsReviewLine, on: date) -> Line:
    right = one.right or one.office_right
    assert right is not None, "the database holds one of the two"
    holder = one.right.operator if one.right else None
    return Line(
        line_id=one.pk,
        operator_id=holder.pk if holder else None,
        name=holder.name if holder else WHOLE_OFFICE,
        login=holder.login if holder else "",
        post=POSTS.get(right.post, right.post),
        since=right.since,
        until=right.until,
        state=state_of(right.since, right.until, on),
        given_by=right.given_by.name if right.given_by else "",
        decision=one.decision,
        reason=one.reason,
    )
