"""行為者: who acts, from where, in which request."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from daicho.access import clock
from daicho.access.models import Operator, Terminal, Trail


@dataclass(frozen=True)
class Actor:
    """An operator at a terminal during one request: codes only, no names."""

    operator_id: int
    office: str
    office_kind: str
    post: str
    ward: str
    terminal: str
    request_id: UUID


def actor(operator: Operator, terminal: str, request_id: UUID) -> Actor:
    """The actor of a request; `terminal` is a code of the operator's own office, or blank."""
    office = operator.office
    return Actor(
        operator_id=operator.pk,
        office=office.code,
        office_kind=office.kind,
        post=operator.post,
        ward=office.ward,
        terminal=terminal,
        request_id=request_id,
    )


def terminals_of(operator: Operator) -> tuple[Terminal, ...]:
    """The terminals in use in the operator's office, in the order of their codes."""
    in_use = Terminal.objects.filter(office=operator.office_id, retired_on=None)
    return tuple(in_use.order_by("code"))


def terminal_of(operator: Operator, code: str) -> Terminal | None:
    """The terminal with that code, where it is in use in the operator's own office."""
    in_use = Terminal.objects.filter(office=operator.office_id, retired_on=None)
    return in_use.filter(code=code).first()


@dataclass(frozen=True)
class SignIns:
    """前回のサインイン: when the operator came in before this time, and what failed since then.

    `failure_count` counts wrong passwords and tries during a lock; `previous_at` is None at the
    very first sign-in.
    """

    previous_at: datetime | None
    failure_count: int


def sign_ins(who: Actor) -> SignIns:
    """The sign-in before the latest one, and the failures after it, from the trail."""
    own = Trail.objects.filter(operator=who.operator_id)
    latest = own.filter(event="sign_in").order_by("-id").values_list("id", "at")[:2]
    previous_id, previous_at = latest[1] if len(latest) == 2 else (0, None)
    failed = own.filter(event__in=("sign_in_failed", "sign_in_locked"), id__gt=previous_id)
    return SignIns(previous_at, failed.count())


@dataclass(frozen=True)
class OwnUse:
    """自分の利用記録の1行: what the operator did; codes only, the subjects are not opened here."""

    at: datetime
    event: str
    terminal: str
    purpose: str
    article: str
    finding: str
    subject_count: int


OWN_USE_PER_PAGE = 50


def own_use(who: Actor, on: date, page: int) -> tuple[tuple[OwnUse, ...], bool]:
    """One page (from 1) of the operator's own trail rows of a business day, newest first.

    Also tells whether there are more. No Permit: it is the operator's own use, without subjects.
    """
    first = datetime.combine(on, time.min, clock.TOKYO)
    start = (page - 1) * OWN_USE_PER_PAGE
    # By id alone, which is the order of time too: the index ends the search after one page.
    newest = Trail.objects.filter(operator=who.operator_id).order_by("-id")
    shown = [
        OwnUse(
            one.at,
            one.event,
            one.terminal,
            one.purpose,
            one.article,
            one.finding,
            one.subject_count,
        )
        for one in newest[start : start + OWN_USE_PER_PAGE + 1]
        if first <= one.at < first + timedelta(days=1)
    ]
    return tuple(shown[:OWN_USE_PER_PAGE]), len(shown) > OWN_USE_PER_PAGE
