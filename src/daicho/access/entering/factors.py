"""第二の要素: what an operator has registered beside the password, and what is asked of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import QuerySet

from daicho.access import clock, policy, trail
from daicho.access.acting import actor
from daicho.access.entering import leaves
from daicho.access.models import AuthenticatorState, Operator
from daicho.access.permits import look, system_permit
from daicho.access.refusals import Refused
from daicho.law.safety import factors

WEBAUTHN, TOTP, RECOVERY_CODES = "webauthn", "totp", "recovery_codes"
MAIN = (WEBAUTHN, TOTP)
"""主な要素: recovery codes only stand in for one of these."""
TITLES = {WEBAUTHN: "認証器", TOTP: "ワンタイムパスワード", RECOVERY_CODES: "回復用コード"}


@dataclass(frozen=True)
class Factor:
    """登録した要素: one that an operator has registered; no secret is in it.

    `model` is the AAGUID where it was proven, or blank; `left_count` how many recovery codes are
    not used yet, None for the others.
    """

    id: int
    kind: str
    name: str
    model: str
    registered_at: datetime
    last_used_at: datetime | None
    is_suspended: bool
    left_count: int | None = None

    @property
    def title(self) -> str:
        """The kind, as screens say it."""
        return TITLES[self.kind]


def rows(operator: Operator, kinds: Sequence[str]) -> "QuerySet[Authenticator]":
    """The library's rows of an operator, of kinds that the policy still accepts."""
    accepted = [one for one in kinds if one in policy.sign_in().factors]
    found: QuerySet[Authenticator] = Authenticator.objects.filter(
        user_id=operator.pk, type__in=accepted
    ).order_by("pk")
    return found


def registered(operator: Operator) -> tuple[Factor, ...]:
    """登録した要素の一覧: all of them, also of kinds that are not accepted any more."""
    states = AuthenticatorState.objects.in_bulk(
        list(Authenticator.objects.filter(user_id=operator.pk).values_list("pk", flat=True))
    )
    found = Authenticator.objects.filter(user_id=operator.pk).order_by("type", "pk")
    return tuple(_factor(one, states.get(one.pk)) for one in found)


def _factor(row: Authenticator, state: AuthenticatorState | None) -> Factor:
    left = None
    if row.type == RECOVERY_CODES:  # counted without being opened
        left = int(app_settings.RECOVERY_CODE_COUNT) - int(row.data["used_mask"]).bit_count()
    return Factor(
        id=row.pk,
        kind=row.type,
        name=row.data.get("name", "") if row.type == WEBAUTHN else TITLES[row.type],
        model=state.model if state else "",
        registered_at=row.created_at,
        last_used_at=row.last_used_at,
        is_suspended=state is not None and state.suspended_at is not None,
        left_count=left,
    )


def kinds_of(operator: Operator) -> frozenset[str]:
    """使える種類: which kinds the operator may answer with; recovery codes never alone."""
    found = frozenset(
        rows(operator, (*MAIN, RECOVERY_CODES)).values_list("type", flat=True).distinct()
    )
    return found if not found.isdisjoint(MAIN) else frozenset()


def must_be_shown(operator: Operator) -> bool:
    """第二の要素を求めるか: who has registered one must show it, a suspended one not excepted."""
    return bool(kinds_of(operator))


def must_be_registered(operator: Operator) -> bool:
    """登録を求めるか: the policy demands a second factor and the operator has none."""
    return leaves.is_needed() and not must_be_shown(operator)


def remove(
    operator: Operator,
    factor_id: int,
    *,
    by: Operator | None,
    terminal: str,
    request_id: UUID,
) -> bool:
    """要素の削除: end one; the recovery codes go with the last of the others. Tells whether it was.

    `by` None is who may start the program on the server itself. Nobody ends his own last one where
    the policy demands one (Refused). What another hand ends takes an open leave with it.
    """
    with leaves.trailed(operator, terminal, request_id), transaction.atomic():
        Operator.objects.select_for_update(of=("self",)).get(pk=operator.pk)
        own = Authenticator.objects.filter(user_id=operator.pk)
        row = own.filter(pk=factor_id).first()
        if row is None:
            return False
        is_last = row.type in MAIN and rows(operator, MAIN).exclude(pk=factor_id).count() == 0
        is_own = by is not None and by.pk == operator.pk
        found = factors.may_remove(is_own, is_last, leaves.is_needed(), on=clock.today())
        if found is not None:
            raise Refused([found])
        if not is_own:
            leaves.void(operator)
        ended = [row]
        if not own.filter(type__in=MAIN).exclude(pk=factor_id).exists():
            ended += own.filter(type=RECOVERY_CODES).exclude(pk=factor_id)
        for one in ended:
            _trail_removed(operator, one, by, terminal, request_id)
            one.delete()
    return True


def _trail_removed(
    operator: Operator, row: Authenticator, by: Operator | None, terminal: str, request_id: UUID
) -> None:
    detail: dict[str, int | str] = {"operator": operator.pk, "kind": str(row.type)}
    if by is None:
        permit = system_permit("operators", clock.today(), request_id)
        look(permit, "factor_removed", "staff", detail=detail)
        return
    who = actor(by, terminal=terminal, request_id=request_id)
    trail.write("factor_removed", request_id=request_id, actor=who, detail=detail)
