"""登録: a second factor becomes the operator's, under a leave, with codes in case it is lost."""

from collections.abc import Callable
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import transaction

from daicho.access import policy, trail
from daicho.access.acting import actor
from daicho.access.entering import factors, leaves
from daicho.access.models import AuthenticatorState, Operator
from daicho.law.safety import factors as findings

Make = Callable[[], tuple[Authenticator, AuthenticatorState]]


def register(operator: Operator, make: Make, *, terminal: str, request_id: UUID) -> None:
    """登録する: whatever `make` makes, with leave used up; else Refused. Both are trailed.

    Who has no recovery codes yet gets them with it, where the policy has them.
    """
    with leaves.trailed(operator, terminal, request_id), transaction.atomic():
        Operator.objects.select_for_update(of=("self",)).get(pk=operator.pk)
        leaves.use(operator)
        row, state = make()
        state.authenticator = row
        state.save()
        _trail_added(operator, str(row.type), state.model, terminal, request_id)
        own = Authenticator.objects.filter(user_id=operator.pk, type=factors.RECOVERY_CODES)
        if factors.RECOVERY_CODES in policy.sign_in().factors and not own.exists():
            _make_codes(operator, terminal, request_id)


def refuse(operator: Operator, *, terminal: str, request_id: UUID) -> None:
    """許可のない登録: trail the try of somebody who has no leave."""
    leaves.trail_refusal(operator, findings.NO_LEAVE(), terminal, request_id)


def renew_codes(operator: Operator, *, terminal: str, request_id: UUID) -> None:
    """回復用コードの作り直し: those before are worth nothing from now on."""
    with transaction.atomic():
        Operator.objects.select_for_update(of=("self",)).get(pk=operator.pk)
        Authenticator.objects.filter(user_id=operator.pk, type=factors.RECOVERY_CODES).delete()
        _make_codes(operator, terminal, request_id)


def _make_codes(operator: Operator, terminal: str, request_id: UUID) -> None:
    RecoveryCodes.activate(operator)
    _trail_added(operator, factors.RECOVERY_CODES, "", terminal, request_id)


def _trail_added(
    operator: Operator, kind: str, model: str, terminal: str, request_id: UUID
) -> None:
    who = actor(operator, terminal=terminal, request_id=request_id)
    detail: dict[str, int | str] = {"operator": operator.pk, "kind": kind, "model": model}
    trail.write("factor_added", request_id=request_id, actor=who, detail=detail)


def show_codes(operator: Operator) -> tuple[str, ...]:
    """回復用コードを見せる: once, right after they were made; afterwards none."""
    with transaction.atomic():
        rows = factors.rows(operator, [factors.RECOVERY_CODES]).select_for_update()
        row = rows.first()
        if row is None or row.wrap().did_view:
            return ()
        row.wrap().mark_as_viewed()
        return tuple(row.wrap().get_unused_codes())
