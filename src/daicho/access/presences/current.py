"""現在の在席: whether a session is still in force, and whether its screen is locked."""

from datetime import date, datetime, timedelta
from hmac import compare_digest
from uuid import UUID

from django.conf import settings
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from daicho.access import clock, policy
from daicho.access.acting import Actor
from daicho.access.models import Trail
from daicho.access.presences.asking import Asked, ask
from daicho.access.presences.ending import end
from daicho.access.presences.locking import lock
from daicho.access.presences.present import Over, Present
from daicho.access.presences.rows import own
from daicho.access.terminals import digest
from daicho.law.rule import Finding
from daicho.law.safety import entering, responsibles

SEEN_EVERY = timedelta(minutes=1)
"""最終操作の間隔: the moment of the last request is written no more often than that."""


def current(
    operator_id: int,
    session_key: str,
    browser_key: str,
    request_id: UUID,
    *,
    by_itself: bool = False,
) -> Present | Over | None:
    """現在の在席: of the operator whom a session names; None where nothing is known of it.

    `browser_key` is what the browser holds of a registered terminal, or blank. A presence that must
    not go on ends here; one that was idle too long is locked; the moment is noted, unless a page
    asked `by_itself`, which makes nobody less idle.
    """
    row = ask(operator_id, clock.today())
    if row is None:
        return None
    if row.session_digest is None:
        return _ended_before(operator_id)
    if not compare_digest(bytes(row.session_digest), digest(session_key)):
        return Over("replaced", row.began_at, row.terminal_name)
    if clock.now() - row.began_at >= timedelta(seconds=settings.SESSION_COOKIE_AGE):
        return None  # the working day is over, as it is for the session itself
    reason = _ends(row, browser_key, clock.today())
    if reason:
        end(operator_id, reason, request_id, session_key)
        return Over(reason)
    locked_at = _locked_at(row, session_key, request_id)
    if locked_at is None and not by_itself:
        _note(row, session_key)
    return _present(row, locked_at, request_id)


def _ends(row: Asked, browser_key: str, on: date) -> str:
    """Why this presence must not go on; blank where it may."""
    person = row.operator
    found = entering.hinders(
        person.kind, person.is_active, person.from_on, person.until_on, row.engagement, on=on
    )
    if found is not None:
        return _reason_of(found)
    if policy.sign_in().registered_terminals_only:
        # Without a terminal in use, as after its retirement, no browser is the right one.
        kept = bytes(row.key_digest) if row.key_digest is not None else b""
        if not compare_digest(kept, digest(browser_key)):
            return "terminal_changed"
    return ""


def _reason_of(found: Finding) -> str:
    return "left" if found.code == "access.operator_ended" else "right_ended"


def _ended_before(operator_id: int) -> Over | None:
    """Why there is no presence: from the trail, which is asked in this case only."""
    recent = Trail.objects.filter(
        operator=operator_id,
        event__in=("session_ended", "session_replaced"),
        at__gte=Now() - timedelta(seconds=settings.SESSION_COOKIE_AGE),
    )
    last = recent.order_by("-id").first()
    if last is None:
        return None
    return Over(str(last.detail.get("reason", "replaced")), last.at)


def _present(row: Asked, locked_at: datetime | None, request_id: UUID) -> Present:
    return Present(
        operator=row.operator,
        actor=_actor(row, request_id),
        factors=_factors(row),
        terminal=row.terminal,
        terminal_name=row.terminal_name,
        office_name=row.office_name or "",
        locked_at=locked_at,
        mark=_mark(row.operator.pk),
    )


def _mark(operator_id: int) -> str:
    made = salted_hmac("daicho.access.presences", str(operator_id), algorithm="sha256")
    return made.hexdigest()[:16]


def _factors(row: Asked) -> frozenset[str]:
    return frozenset(filter(None, row.factors.split(",")))


def _actor(row: Asked, request_id: UUID) -> Actor | None:
    """None without a terminal in use, or without a right in its office today."""
    # Who bears a responsibility needs no right to sit in the office where he belongs.
    is_at_home = row.office == row.operator.office.code
    given = frozenset(row.posts) | frozenset(row.office_posts)  # hindered, the presence has ended
    if row.office is None or not (given or (row.roles and is_at_home)):
        return None
    return Actor(
        operator_id=row.operator.pk,
        office=row.office,
        office_kind=row.office_kind,
        posts=given | responsibles.posts_of(row.roles, on=clock.today()),
        ward=row.ward,
        terminal=row.terminal,
        request_id=request_id,
        zone=row.zone,
        factors=_factors(row),
        trees=frozenset(row.trees),
        masks=frozenset(row.masks),
        granted=frozenset(row.granted),
    )


def _locked_at(row: Asked, session_key: str, request_id: UUID) -> datetime | None:
    """Since when the screen is locked; a lock is undone by its password alone."""
    now = clock.now()
    minutes = policy.sign_in().idle_minutes
    if row.locked_at is not None:
        return row.locked_at
    if minutes and now - row.seen_at >= timedelta(minutes=minutes):
        return lock(row.operator.pk, session_key, "idle", request_id)
    return None


def _note(row: Asked, session_key: str) -> None:
    """Note the moment. A clock that was set back makes nobody less idle: the count begins anew."""
    now = clock.now()
    if abs(now - row.seen_at) >= SEEN_EVERY:
        own(row.operator.pk, session_key).filter(locked_at=None).update(seen_at=now)
