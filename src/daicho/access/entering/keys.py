"""認証器: registering a WebAuthn authenticator and reading its answer.

The ceremony asks for verification of the person every time. The count of signatures must go
forward: one that does not was made by a copy, and suspends the authenticator. The challenge is
the session's, and is worth nothing once it was answered.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.conf import settings
from fido2.cose import ES256, ES384, RS256, CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_decode
from fido2.webauthn import (
    Aaguid,
    AttestationConveyancePreference,
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialParameters,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from daicho.access import clock, policy, trail
from daicho.access.acting import actor
from daicho.access.entering import attestation, factors, leaves
from daicho.access.models import AuthenticatorState, Operator
from daicho.law.rule import Finding
from daicho.law.safety import factors as findings

ALGORITHMS: tuple[type[CoseKey], ...] = (ES256, ES384, RS256)
"""署名の方式: those of the CRYPTREC list that authenticators have."""
NAME_LENGTH_MAX = 40


@dataclass(frozen=True)
class Asked:
    """問い: what the browser is given, and what the session keeps until the answer."""

    options: Mapping[str, Any]
    state: Mapping[str, Any]


def _server() -> Fido2Server:
    party = PublicKeyCredentialRpEntity(name="台帳", id=settings.WEBAUTHN_RP_ID)
    server = Fido2Server(party, attestation=AttestationConveyancePreference.DIRECT)
    server.allowed_algorithms = [
        PublicKeyCredentialParameters(type=PublicKeyCredentialType.PUBLIC_KEY, alg=one.ALGORITHM)
        for one in ALGORITHMS
    ]
    return server


def _challenge(pending: Mapping[str, Any] | None) -> bytes | None:
    # a second tab asks the same again, so that the first one's answer is still good
    return websafe_decode(pending["challenge"]) if pending else None


def _credential(row: Authenticator) -> AttestedCredentialData:
    found = row.wrap().authenticator_data.credential_data
    assert isinstance(found, AttestedCredentialData), "registered without a key"
    return found


def ask_registration(operator: Operator, pending: Mapping[str, Any] | None) -> Asked:
    """登録を求める: a new key of this operator, verified by the person, its model proven."""
    options, state = _server().register_begin(
        user=PublicKeyCredentialUserEntity(
            name=operator.login, id=str(operator.pk).encode(), display_name=operator.name
        ),
        credentials=[_credential(row) for row in _rows(operator)],
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.REQUIRED,
        challenge=_challenge(pending),
    )
    return Asked(dict(options), state)


def make(
    operator: Operator, state: Mapping[str, Any] | None, answer: Any, name: str
) -> tuple[Authenticator, AuthenticatorState]:
    """認証器の登録: for `register`; Refused where the answer or the model is not accepted."""
    if state is None:
        leaves.refuse_shown("key_not_read")
    try:
        response = RegistrationResponse.from_dict(answer)
        made = _server().register_complete(dict(state), response)
    except (ValueError, TypeError, KeyError, AttributeError):
        leaves.refuse_shown("key_not_read")
    assert made.credential_data is not None, "the ceremony gives a key"
    if made.credential_data.public_key.get(3) not in {one.ALGORITHM for one in ALGORITHMS}:
        leaves.refuse_shown("key_not_read")
    _refuse_taken(made.credential_data.credential_id)
    model = _model(response, made.credential_data.aaguid)
    row = WebAuthn.add(operator, name[:NAME_LENGTH_MAX] or "認証器", answer).instance
    return row, AuthenticatorState(model=model, sign_count=made.counter)


def _refuse_taken(credential_id: bytes) -> None:
    """A key belongs to one person, and is registered once."""
    rows = Authenticator.objects.filter(type=factors.WEBAUTHN)
    if any(_credential(row).credential_id == credential_id for row in rows):
        leaves.refuse_shown("key_not_read")


def _model(response: RegistrationResponse, aaguid: Aaguid) -> str:
    """The proven model; Refused where the policy lists models and this is none of them."""
    listed = policy.sign_in().authenticator_models
    attested = response.response.attestation_object
    is_proven = attestation.is_proven(attested, response.response.client_data.hash)
    if not listed:
        return str(aaguid) if is_proven else ""
    if not is_proven:
        leaves.refuse_shown("key_not_proven")
    if str(aaguid) not in listed:
        leaves.refuse_shown("key_not_listed")
    return str(aaguid)


def _rows(operator: Operator) -> list[Authenticator]:
    return list(factors.rows(operator, [factors.WEBAUTHN]))


def ask_answer(operator: Operator, pending: Mapping[str, Any] | None) -> Asked:
    """回答を求める: by any key of this operator, verified by the person."""
    options, state = _server().authenticate_begin(
        credentials=[_credential(row) for row in _rows(operator)],
        user_verification=UserVerificationRequirement.REQUIRED,
        challenge=_challenge(pending),
    )
    return Asked(dict(options), state)


def check(
    operator: Operator,
    state: Mapping[str, Any] | None,
    answer: Any,
    *,
    terminal: str,
    request_id: UUID,
) -> Finding | None:
    """回答を確かめる: within `attempt`; None where the operator's key gave it to this page."""
    rows = {_credential(row).credential_id: row for row in _rows(operator)}
    if state is None:
        return _judged(is_right=False)
    try:
        read = AuthenticationResponse.from_dict(answer)
        credentials = [_credential(row) for row in rows.values()]
        used = _server().authenticate_complete(dict(state), credentials, read)
    except (ValueError, TypeError, KeyError, AttributeError):
        return _judged(is_right=False)
    row = rows[used.credential_id]
    kept, _ = AuthenticatorState.objects.select_for_update().get_or_create(authenticator=row)
    listed = policy.sign_in().authenticator_models
    found = _judged(
        is_suspended=kept.suspended_at is not None, is_listed=not listed or kept.model in listed
    )
    if found is not None:
        return found
    count = read.response.authenticator_data.counter
    if count <= kept.sign_count and (count or kept.sign_count):
        _suspend(operator, kept, terminal, request_id)
        return _judged(is_suspended=True)
    kept.sign_count = count
    kept.save(update_fields=["sign_count"])
    row.record_usage()
    return None


def _judged(
    *, is_right: bool = True, is_suspended: bool = False, is_listed: bool = True
) -> Finding | None:
    return findings.may_come_in(is_right, is_suspended, is_listed, on=clock.today())


def _suspend(operator: Operator, kept: AuthenticatorState, terminal: str, request_id: UUID) -> None:
    kept.suspended_at = clock.now()
    kept.save(update_fields=["suspended_at"])
    who = actor(operator, terminal=terminal, request_id=request_id)
    detail: dict[str, int | str] = {"operator": operator.pk, "model": kept.model}
    trail.write("authenticator_suspended", request_id=request_id, actor=who, detail=detail)
