"""権限の点検: each half someone who gave none of them looks at an office's rights, and signs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Min

from daicho.access import clock
from daicho.access.models import (
    Office,
    OfficeRight,
    Operator,
    Right,
    RightsReview,
    RightsReviewLine,
)
from daicho.access.office_rights import giving as to_offices
from daicho.access.people import rights
from daicho.access.people.registering import NotThere, not_over, refuse, running, step
from daicho.access.permits import Permit, demand_work, look
from daicho.law.rule import Finding
from daicho.law.safety import giving, reviewing

EVENT = "review_changed"
KEEP, END = "keep", "end"


@dataclass(frozen=True)
class Decision:
    """行の判断: keep or end a right, and why; `is_new` where it differs from what was shown."""

    decision: str
    reason: str
    is_new: bool = True


@dataclass(frozen=True)
class Overdue:
    """期限を過ぎた点検: of which office, and what the law says of it."""

    office_code: str
    office: str
    finding: Finding


def open_for(permit: Permit, office_code: str) -> int:
    """点検を始める: of the present half for an office, with every right that holds or is planned.

    Gives the review; the one already opened where there is one.
    """
    demand_work(permit, "review")
    half = reviewing.half_of(permit.on)
    with step(permit, EVENT, "reviews.open"):
        office = Office.objects.select_for_update().filter(code=office_code).first()
        if office is None:
            raise NotThere(office_code)
        review, is_new = RightsReview.objects.get_or_create(
            office=office, half=half.code, defaults={"opened_at": clock.now()}
        )
        _list(review, permit.on)
        if is_new:
            _trail(permit, review, "opened")
    return review.pk


def _list(review: RightsReview, on: date) -> None:
    """The rights that stand in no line yet: what was given meanwhile is looked at too."""
    if review.signed_at is not None or reviewing.of_this_half(review.half, on=on) is not None:
        return
    lines = RightsReviewLine.objects.filter(review=review)
    there = lines.exclude(right=None).values("right")
    missing = Right.objects.filter(not_over(on), office=review.office).exclude(pk__in=there)
    of_office = OfficeRight.objects.filter(not_over(on), office=review.office)
    of_office = of_office.exclude(pk__in=lines.exclude(office_right=None).values("office_right"))
    RightsReviewLine.objects.bulk_create(
        [
            *(RightsReviewLine(review=review, right=one) for one in missing.order_by("id")),
            *(
                RightsReviewLine(review=review, office_right=one)
                for one in of_office.order_by("id")
            ),
        ]
    )


def decide(permit: Permit, review_id: int, decisions: Mapping[int, Decision]) -> None:
    """判断: what is to become of the rights of some lines; nothing ends before the signature.

    What somebody else decided meanwhile stays, where this decision is not new. Refused for one's
    own right, and in a review of another half.
    """
    demand_work(permit, "review")
    with step(permit, EVENT, "reviews.decide") as is_new:
        review = _held(review_id)
        if is_new:
            count = _decide(permit, review, decisions)
            _trail(permit, review, "decided", rows=count)


def _decide(permit: Permit, review: RightsReview, decisions: Mapping[int, Decision]) -> int:
    """Save what is new; gives how many lines."""
    refuse(
        [
            reviewing.may_sign(0, review.signed_at is not None, on=permit.on),
            reviewing.of_this_half(review.half, on=permit.on),
        ]
    )
    new = [line_id for line_id, said in decisions.items() if said.is_new]
    rows = RightsReviewLine.objects.filter(review=review, pk__in=new)
    lines = list(rows.select_related("right"))
    refuse([_not_of_oneself(permit, review, lines)])
    for line in lines:
        said = decisions[line.pk]
        line.decision, line.reason = said.decision, said.reason
    RightsReviewLine.objects.bulk_update(lines, ["decision", "reason"])
    return len(lines)


def _not_of_oneself(
    permit: Permit, review: RightsReview, lines: Iterable[RightsReviewLine]
) -> Finding | None:
    """What the office has, each of its people has, whoever is excluded of it just now."""
    assert permit.actor is not None, "who reviews is a person"
    signer = permit.actor.operator_id
    holders = {line.right.operator_id for line in lines if line.right is not None}
    if any(line.right is None for line in lines):
        its = Operator.objects.filter(pk=signer, office=review.office_id)
        holders.update(its.values_list("pk", flat=True))
    return giving.not_of_oneself(signer, holders, on=permit.on)


def sign(permit: Permit, review_id: int, decisions: Mapping[int, Decision]) -> None:
    """署名: of these decisions, every line as shown; all that is to end ends at once.

    Refused to who gave or has one of the rights, and where a line was decided anew meanwhile.
    """
    demand_work(permit, "review")
    assert permit.actor is not None, "who signs is a person"
    with transaction.atomic():  # kept where the signature is refused for it: it must be seen
        _list(_held(review_id), permit.on)
    with step(permit, EVENT, "reviews.sign") as is_new:
        review = _held(review_id)
        if not is_new:
            return
        _decide(permit, review, decisions)
        rows = RightsReviewLine.objects.filter(review=review)
        lines = list(rows.select_related("right", "office_right", "office_right__office"))
        refuse(_hindering(permit, review, lines, decisions))
        for line in lines:
            if line.decision == END:
                _end(permit, line, permit.on - timedelta(days=1))
        review.signed_by_id, review.signed_at = permit.actor.operator_id, clock.now()
        review.save(update_fields=["signed_by", "signed_at"])
        ended = sum(line.decision == END for line in lines)
        _trail(permit, review, "signed", rows=ended)


def _end(permit: Permit, line: RightsReviewLine, last_on: date) -> None:
    if line.right is not None:
        rights.close(permit, line.right, last_on)
    if line.office_right is not None:
        to_offices.close(permit, line.office_right, last_on)


def _hindering(
    permit: Permit,
    review: RightsReview,
    lines: list[RightsReviewLine],
    decisions: Mapping[int, Decision],
) -> list[Finding | None]:
    assert permit.actor is not None, "who signs is a person"
    undecided = sum(not line.decision or _is_unseen(line, decisions) for line in lines)
    given = [it for line in lines for it in (line.right, line.office_right) if it is not None]
    givers = [it.given_by_id for it in given if it.given_by_id is not None]
    return [
        reviewing.may_sign(undecided, review.signed_at is not None, on=permit.on),
        giving.not_by_giver(permit.actor.operator_id, givers, on=permit.on),
        _not_of_oneself(permit, review, lines),
    ]


def _is_unseen(line: RightsReviewLine, decisions: Mapping[int, Decision]) -> bool:
    """Does the line say something else than what was shown to who signs?"""
    said = decisions.get(line.pk)
    return said is None or (said.decision, said.reason) != (line.decision, line.reason)


def overdue(on: date) -> tuple[Overdue, ...]:
    """期限を過ぎた所属: whose rights were not signed for in time; names no person."""
    oldest: dict[int, datetime] = {}
    for kind in (Right, OfficeRight):
        given = kind.objects.filter(running(on)).values_list("office").annotate(Min("given_at"))
        for office, at in given:
            oldest[office] = min(at, oldest.get(office, at))
    signed = dict(RightsReview.objects.values_list("office").annotate(Max("signed_at")))
    offices = Office.objects.in_bulk(oldest)
    found = [
        (offices[office], _overdue(given_at, signed.get(office), on))
        for office, given_at in oldest.items()
    ]
    return tuple(Overdue(one.code, one.name, it) for one, it in found if it is not None)


def _overdue(given_at: datetime, signed_at: datetime | None, on: date) -> Finding | None:
    signed_on = _day(signed_at) if signed_at else None
    return reviewing.review_overdue(_day(given_at), signed_on, on=on)


def _day(at: datetime) -> date:
    return at.astimezone(clock.TOKYO).date()


def _held(review_id: int) -> RightsReview:
    found = RightsReview.objects.select_for_update(of=("self",)).select_related("office")
    review = found.filter(pk=review_id).first()
    if review is None:
        raise NotThere(review_id)
    return review


def _trail(permit: Permit, review: RightsReview, what: str, rows: int = 0) -> None:
    detail: dict[str, int | str] = {
        "office": review.office.code,
        "half": review.half,
        "rows": rows,
        "what": what,
    }
    look(permit, EVENT, f"people.reviews.{what}", detail=detail)
