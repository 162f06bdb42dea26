"""コード: six figures that a device shows for half a minute, and recovery codes for once.

A code that was used is worth nothing afterwards: the step of time it belongs to is kept in the
row's state, under its lock, so that two workers cannot take it twice.
"""

import structlog
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from allauth.mfa.utils import decrypt
from django.db import transaction

from daicho.access import clock
from daicho.access.entering import factors, leaves, sealing
from daicho.access.models import AuthenticatorState, Operator

log = structlog.stdlib.get_logger("daicho.access")

STEPS_AROUND = 1  # a device's clock may be half a minute wrong


def fresh_secret() -> str:
    """新しい秘密: what the device is to hold; kept sealed until a code of it was shown."""
    return str(generate_totp_secret())


def step_of(secret: str, code: str, after: int) -> int | None:
    """コードの時刻: the step of time whose code this is, later than `after`; None where none is."""
    now = int(clock.now().timestamp()) // app_settings.TOTP_PERIOD
    for step in range(now - STEPS_AROUND, now + STEPS_AROUND + 1):
        expected = format_hotp_value(hotp_value(secret, step))
        if step > after and compare_user_code(actual=code, expected=expected):
            return step
    return None


def make(operator: Operator, secret: str, code: str) -> tuple[Authenticator, AuthenticatorState]:
    """ワンタイムパスワードの登録: for `register`; Refused where the code is not the secret's.

    One device a person: that of before is ended first.
    """
    step = step_of(secret, code, after=0)
    if step is None or factors.rows(operator, [factors.TOTP]).exists():
        leaves.refuse_shown("code_wrong")
    return TOTP.activate(operator, secret).instance, AuthenticatorState(sign_count=step)


def which(operator: Operator, code: str) -> str:
    """どのコードか: the kind of the code that was right and is used up now; blank where wrong."""
    kinds = factors.kinds_of(operator) - {factors.WEBAUTHN}
    with transaction.atomic():
        for row in factors.rows(operator, sorted(kinds)):
            if _is_right(row, code):
                row.record_usage()
                _seal_anew(operator)
                return str(row.type)
    return ""


def _is_right(row: Authenticator, code: str) -> bool:
    try:
        return _totp(row, code) if row.type == factors.TOTP else _recovery(row, code)
    except sealing.CannotOpen:
        # Under a secret that is lost, as after a restore: nothing is right any more.
        log.error("sealed_secret_unreadable", authenticator=row.pk)
        return False


def _totp(row: Authenticator, code: str) -> bool:
    state, _ = AuthenticatorState.objects.select_for_update().get_or_create(authenticator=row)
    step = step_of(decrypt(row.data["secret"]), code, after=state.sign_count)
    if step is None:
        return False
    state.sign_count = step
    state.save(update_fields=["sign_count"])
    return True


def _recovery(row: Authenticator, code: str) -> bool:
    return bool(row.wrap().validate_code(code))


def _seal_anew(operator: Operator) -> None:
    """What this person holds, under the present secret of the program."""
    for row in Authenticator.objects.select_for_update().filter(user_id=operator.pk):
        old = {name: row.data[name] for name in ("secret", "seed") if name in row.data}
        if any(sealing.is_old(one) for one in old.values()):
            row.data |= {name: sealing.seal(sealing.unseal(one)) for name, one in old.items()}
            row.save(update_fields=["data"])
