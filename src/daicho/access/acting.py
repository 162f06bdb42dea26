"""行為者: who acts, from where, in which request."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from daicho.access import clock
from daicho.access.hindering import may_enter
from daicho.access.models import Operator, Right, Terminal, Trail
from daicho.access.office_rights.standing import shared
from daicho.access.periods import in_force
from daicho.law.safety import responsibles


@dataclass(frozen=True)
class Actor:
    """An operator at a terminal during one request: codes only, no names.

    `posts` are those of the rights in that office on that day, of the person or of the office he
    belongs to, and those that come with a responsibility borne; `factors` are what was shown at
    sign-in; `trees` are those whose affairs the operator is designated for (従事者の指定); `masks`
    are classes of items not shown to him; `granted` are the emergencies that are granted to him in
    that office at this moment.
    `reception` is the 受付 under which he works, None where nobody was received.
    """

    operator_id: int
    office: str
    office_kind: str
    posts: frozenset[str]
    ward: str
    terminal: str
    request_id: UUID
    zone: str = ""
    factors: frozenset[str] = frozenset()
    trees: frozenset[str] = frozenset()
    masks: frozenset[str] = frozenset()
    granted: frozenset[str] = frozenset()
    reception: UUID | None = None

    def under(self, reception: UUID) -> "Actor":
        """受付の下で: the same person, at work for whoever was received."""
        return replace(self, reception=reception)


_BORNE = f"""access_holding h JOIN access_responsible b USING (position_id)
        WHERE {in_force("h")} AND {in_force("b")}"""
# What all may do who belong to the office `o` and work from it, but for whom it was taken from.
_OF_OFFICE = f"""SELECT r.post FROM access_officeright r
        WHERE r.office_id = o.id AND p.office_id = o.id AND {in_force("r")}
            AND NOT EXISTS (SELECT FROM access_officerightexclusion x
                WHERE x.operator_id = p.id AND x.office_id = o.id AND x.post = r.post
                    AND {in_force("x")})"""  # noqa: S608  our own words
# What the person `p` may do in the office `o`, on the day `%(on)s` and at the moment `%(now)s`. Who
# sits in an office works by the rights in that office; who sits nowhere, in his own.
STANDING = f"""
    ARRAY(SELECT r.post FROM access_right r
        WHERE r.operator_id = p.id AND r.office_id = o.id AND {in_force("r")}),
    ARRAY({_OF_OFFICE}),
    ARRAY(SELECT b.role FROM {_BORNE} AND h.operator_id = p.id),
    ARRAY(SELECT d.tree FROM access_designation d
        WHERE d.operator_id = p.id AND {in_force("d")}),
    ARRAY(SELECT m.item FROM access_mask m
        WHERE m.operator_id = p.id AND {in_force("m")}),
    ARRAY(SELECT g.purpose FROM access_emergencyuse g
        WHERE g.operator_id = p.id AND g.office_id = o.id AND g.is_granted
            AND g.ended_at IS NULL AND g.until_at > %(now)s)
"""  # noqa: S608  our own words

_WHO = f"""
SELECT o.code, o.kind, o.ward, coalesce(t.zone, ''), {STANDING}
FROM access_operator p
LEFT JOIN access_terminal t ON t.code = %(terminal)s AND t.retired_on IS NULL
JOIN access_office o ON o.id = coalesce(t.office_id, p.office_id)
WHERE p.id = %(operator)s
"""  # noqa: S608  our own words


def actor(operator: Operator, terminal: str, request_id: UUID) -> Actor:
    """The actor of a request; `terminal` is the code of a terminal in use, or blank."""
    on = clock.today()
    with connection.cursor() as cursor:
        cursor.execute(
            _WHO, {"operator": operator.pk, "terminal": terminal, "on": on, "now": clock.now()}
        )
        row = cursor.fetchone()
    office, kind, ward, zone, posts, of_office, roles, trees, masks, granted = row
    if of_office and may_enter(operator, on) is not None:
        of_office = []  # a right of the office does not end with a person: who has left has none
    return Actor(
        operator_id=operator.pk,
        office=office,
        office_kind=kind,
        posts=frozenset(posts) | frozenset(of_office) | responsibles.posts_of(roles, on=on),
        ward=ward,
        terminal=terminal,
        request_id=request_id,
        zone=zone,
        trees=frozenset(trees),
        masks=frozenset(masks),
        granted=frozenset(granted),
    )


_ROLES = f"SELECT b.role FROM {_BORNE} AND h.operator_id = %(operator)s"  # noqa: S608  our own words


def roles_of(operator_id: int, on: date) -> frozenset[str]:
    """負う役割: the roles that a person bears on a day, by the positions held."""
    with connection.cursor() as cursor:
        cursor.execute(_ROLES, {"operator": operator_id, "on": on})
        return frozenset(role for (role,) in cursor.fetchall())


def _where(operator: Operator) -> QuerySet[Terminal]:
    on = clock.today()
    rights = Right.objects.filter(operator=operator, since__lte=on).exclude(until__lt=on)
    may_sit = Q(office__in=rights.values("office"))
    if roles_of(operator.pk, on) or shared([operator], on)[operator.pk]:
        # who bears a responsibility may sit where he belongs
        may_sit |= Q(office=operator.office_id)
    return Terminal.objects.filter(may_sit, retired_on=None)


def terminals_of(operator: Operator) -> tuple[Terminal, ...]:
    """The terminals in use where the operator has a right today, in the order of their codes."""
    found = _where(operator).select_related("office")
    return tuple(found.order_by("office__code", "code"))


def terminal_of(operator: Operator, code: str) -> Terminal | None:
    """The terminal with that code, where it is in use and the operator has a right there today."""
    return _where(operator).filter(code=code).first()


@dataclass(frozen=True)
class SignIns:
    """前回のサインイン: when the operator came in before this time, and what failed since then.

    `failure_count` counts wrong passwords and tries during a lock; `previous_at` is None at the
    very first sign-in.
    """

    previous_at: datetime | None
    failure_count: int


FAILED = ("sign_in_failed", "sign_in_locked", "second_factor_failed")
"""サインインの失敗: the events of the trail that tell of one."""


def sign_ins(who: Actor) -> SignIns:
    """The sign-in before the latest one, and the failures after it, from the trail."""
    own = Trail.objects.filter(operator=who.operator_id)
    latest = own.filter(event="sign_in").order_by("-id").values_list("id", "at")[:2]
    previous_id, previous_at = latest[1] if len(latest) == 2 else (0, None)
    failed = own.filter(event__in=FAILED, id__gt=previous_id)
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
