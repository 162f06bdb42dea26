"""登録の許可: leave to register one factor, and a fresh initial password; given by another."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import NoReturn
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from daicho.access import clock, policy, presences, trail
from daicho.access.acting import Actor, actor
from daicho.access.entering.passwords import keep_used
from daicho.access.models import EnrolmentLeave, Operator, Presence, Trail
from daicho.access.permits import look, system_permit
from daicho.access.refusals import Refused
from daicho.law.rule import Finding
from daicho.law.safety import factors

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that reads like something else
_GROUP = 4


def give(giver: Operator | None, operator: Operator, request_id: UUID) -> None:
    """登録の許可を与える: for one factor, as long as the policy says; Refused to oneself.

    Refused also to who reset the password or ended a factor since the operator last came in: nobody
    alone makes the whole way into an account.
    `giver` None is who may start the program on the server itself.
    """
    with transaction.atomic():
        _demand_another(giver, operator, _has_cleared_the_way)
        until_at = clock.now() + timedelta(hours=policy.sign_in().registration_hours)
        void(operator)  # one leave is for one factor
        EnrolmentLeave.objects.create(operator=operator, given_by=giver, until_at=until_at)
        _trail(giver, "registration_leave_given", {"operator": operator.pk}, request_id)


@contextmanager
def trailed(operator: Operator, terminal: str, request_id: UUID) -> Iterator[None]:
    """拒否の記録: what is refused inside of an operator's own factors leaves a row of its own."""
    try:
        yield
    except Refused as refused:
        trail_refusal(operator, refused.findings[0], terminal, request_id)
        raise


def trail_refusal(operator: Operator, found: Finding, terminal: str, request_id: UUID) -> None:
    """拒否の記録: what was refused of the operator's factors, in a transaction of its own."""
    with transaction.atomic():
        trail.write(
            "factor_refused",
            request_id=request_id,
            actor=actor(operator, terminal=terminal, request_id=request_id),
            finding=found.code,
            detail={"operator": operator.pk},
        )


def is_needed() -> bool:
    """許可が要るか: does the policy let nobody register a factor without leave?"""
    return policy.sign_in().second_factor == "required"


def is_open(operator: Operator) -> bool:
    """許可があるか: may the operator register a factor now?"""
    return not is_needed() or _open(operator).exists()


def use(operator: Operator) -> None:
    """許可を使う: within the registration's transaction; Refused where there is none."""
    if not is_needed():
        return
    leave = _open(operator).select_for_update().order_by("until_at").first()
    found = factors.may_register(leave is not None, "", on=clock.today())
    if found is not None:
        raise Refused([found])
    assert leave is not None, "without one it is refused"
    leave.used_at = clock.now()
    leave.save(update_fields=["used_at"])


def refuse_shown(wrong: str) -> NoReturn:
    """登録の拒否: what is shown for the registration is wrong, as a word of `may_register` says."""
    found = factors.may_register(True, wrong, on=clock.today())
    assert found is not None, f"{wrong} refuses"
    raise Refused([found])


def void(operator: Operator) -> None:
    """許可を終わらせる: those that are open, within the transaction of what puts an end to them."""
    _open(operator).update(until_at=clock.now())


def reset_password(giver: Operator | None, operator: Operator, request_id: UUID) -> str:
    """パスワードの作り直し: a fresh initial one, to be told once; ends session and open leave.

    Refused to oneself, and to who gave the leave that is open or was used since the last sign-in.
    """
    length = max(policy.sign_in().password_length_min, 3 * _GROUP)
    groups = -(-length // _GROUP)
    fresh = "-".join(
        "".join(secrets.choice(ALPHABET) for _ in range(_GROUP)) for _ in range(groups)
    )
    with transaction.atomic():
        kept = Operator.objects.select_for_update(of=("self",)).get(pk=operator.pk)
        _demand_another(giver, operator, _has_given_leave)
        void(kept)
        keep_used(kept)
        kept.set_password(fresh)
        kept.password_changed_at, kept.password_is_initial = clock.now(), True
        kept.save(update_fields=["password", "password_changed_at", "password_is_initial"])
        presences.end(kept.pk, "password_changed", request_id)
        said: dict[str, int | str] = {"operator": kept.pk, "what": "password_reset"}
        _trail(giver, "operator_changed", said, request_id)
    return fresh


def _open(operator: Operator) -> QuerySet[EnrolmentLeave]:
    return EnrolmentLeave.objects.filter(operator=operator, used_at=None, until_at__gt=clock.now())


def _last_sign_in(operator: Operator) -> Trail | None:
    own = Trail.objects.filter(operator=operator, event="sign_in")
    return own.order_by("-id").first()


def _has_cleared_the_way(giver: Operator, operator: Operator) -> bool:
    """Did the giver reset the password or end a factor since the operator last came in?"""
    before = _last_sign_in(operator)
    done = Trail.objects.filter(operator=giver, id__gt=before.pk if before else 0)
    reset = Q(event="operator_changed", detail__what="password_reset")
    return done.filter(reset | Q(event="factor_removed"), detail__operator=operator.pk).exists()


def _has_given_leave(giver: Operator, operator: Operator) -> bool:
    """Is a leave of the giver open, or was it used since the operator last came in?"""
    before = _last_sign_in(operator)
    used = Q(used_at__gt=before.at) if before else Q(used_at__isnull=False)
    is_open = Q(used_at=None, until_at__gt=clock.now())
    own = EnrolmentLeave.objects.filter(operator=operator, given_by=giver)
    return own.filter(used | is_open).exists()


def _demand_another(
    giver: Operator | None, operator: Operator, opened: Callable[[Operator, Operator], bool]
) -> None:
    if giver is None:
        return
    is_oneself = giver.pk == operator.pk
    found = factors.may_open_the_way(is_oneself, opened(giver, operator), on=clock.today())
    if found is not None:
        raise Refused([found])


def actor_of(operator: Operator, request_id: UUID) -> Actor:
    """行為者: the operator at the terminal where he is present."""
    present = Presence.objects.filter(operator=operator).select_related("terminal").first()
    terminal = present.terminal.code if present and present.terminal else ""
    return actor(operator, terminal=terminal, request_id=request_id)


def _trail(
    giver: Operator | None, event: str, detail: dict[str, int | str], request_id: UUID
) -> None:
    if giver is None:
        look(system_permit("operators", clock.today(), request_id), event, "staff", detail=detail)
    else:
        trail.write(event, request_id=request_id, actor=actor_of(giver, request_id), detail=detail)
