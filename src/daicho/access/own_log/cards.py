"""本人のカード: registered, stopped, and the question by whose answer its holder is known.

A card is known by its certificate's serial number, and so is its owner; nothing of a person stands
in it. A question is asked of one session, answered once, and soon too old.
"""

import os
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest
from uuid import UUID, uuid4

from cryptography import x509
from django.conf import settings
from django.db import connection, transaction

from daicho.access import clock, trail
from daicho.access.models import (
    ResidentCard,
    ResidentCardRevocation,
    ResidentCardTry,
    ResidentChallenge,
)
from daicho.access.own_log import certificates, residence
from daicho.access.people.registering import alone
from daicho.access.permits import Permit, demand_work, look
from daicho.access.refusals import Refused
from daicho.law.own_log import proving, stops
from daicho.law.own_log.limits import limits
from daicho.law.own_log.proving import Shown

WORK = "own_log"
_NONCE_BYTES = 32
# Taken away by whoever answers first, right or wrong.
_TAKE = """
DELETE FROM access_residentchallenge WHERE challenge_id = %s
RETURNING nonce, session_digest, asked_at
"""


@dataclass(frozen=True)
class Challenge:
    """問い: what is signed by the card, and by which number it is answered."""

    challenge_id: UUID
    nonce: bytes


@dataclass(frozen=True)
class Answer:
    """答え: what a page sends: the certificate (DER), and the signature over the question."""

    challenge_id: UUID
    certificate: bytes
    signature: bytes


@dataclass(frozen=True)
class Proved:
    """確かめた本人: whose record it is, and by which card."""

    record_id: UUID
    card_id: int


def register(permit: Permit, certificate: x509.Certificate, record_id: UUID) -> None:
    """カードの登録: whose it is; a serial number is registered once."""
    demand_work(permit, WORK)
    with transaction.atomic():
        ResidentCard.objects.create(
            serial=certificates.serial(certificate),
            fingerprint=certificates.fingerprint(certificate),
            record_id=record_id,
            until_on=certificates.last_day(certificate),
        )
        said = {"what": "entered"}
        look(permit, "resident_card_changed", "own_log.card", record_ids=[record_id], detail=said)


def revoke(permit: Permit, serial: str, reason: str) -> bool:
    """カードの失効: for ever; False where there is no such card."""
    assert reason in stops.REVOKED, reason
    demand_work(permit, WORK)
    with transaction.atomic():
        alone(f"resident card {serial}")
        card = ResidentCard.objects.filter(serial=serial).first()
        if card is None:
            return False
        if not ResidentCardRevocation.objects.filter(pk=card.pk).exists():
            ResidentCardRevocation.objects.create(card=card, reason=reason)
            said = {"what": "closed"}
            named = [card.record_id]
            look(permit, "resident_card_changed", "own_log.card", record_ids=named, detail=said)
    return True


def ask(token: str) -> Challenge:
    """問う: the session that holds this secret; what is too old is cleared away."""
    now = clock.now()
    asked = Challenge(uuid4(), os.urandom(_NONCE_BYTES))
    with transaction.atomic():
        ResidentChallenge.objects.filter(asked_at__lt=now - _answered_within()).delete()
        ResidentChallenge.objects.create(
            challenge_id=asked.challenge_id,
            nonce=asked.nonce,
            session_digest=_digest(token),
            asked_at=now,
        )
    return asked


def prove(permit: Permit, token: str, answer: Answer) -> Proved:
    """本人を確かめる: whose record it is. Raises Refused in the same words whatever is wrong.

    A wrong answer counts against the card; both are trailed and stay, also when it is refused.
    """
    demand_work(permit, WORK)
    with transaction.atomic(durable=True):
        found = certificates.read(answer.certificate)
        card = _card(found)
        if card is not None:
            alone(f"resident card {card.serial}")
        shown = _shown(found, card, answer, _taken(answer.challenge_id, token))
        refusal = proving.proved(shown, on=permit.on)
        _count(card, shown, is_right=refusal is None)
        _trail(permit, card, shown, finding=refusal.code if refusal else "")
    if refusal is not None or card is None:
        assert refusal is not None, "without a card nothing is proved"
        raise Refused([refusal])
    return Proved(card.record_id, card.pk)


def is_in_use(card_id: int) -> bool:
    """使えるカードか: what was begun with a card ends when it is revoked, when its person's record
    is closed, and when the card is no longer kept."""
    card = ResidentCard.objects.filter(pk=card_id, revocation__isnull=True).first()
    if card is None:
        return False
    was_closed = residence.was_closed(card.record_id, card.at)
    return not stops.stopped_by_record(was_closed, on=clock.today())


def number_of(serial: str) -> int | None:
    """カードの番号: of the card with that serial number; None where none is kept."""
    return ResidentCard.objects.filter(serial=serial).values_list("pk", flat=True).first()


def _card(certificate: x509.Certificate | None) -> ResidentCard | None:
    """The card of that very certificate: another one with its number is somebody's forgery."""
    if certificate is None:
        return None
    card = ResidentCard.objects.filter(serial=certificates.serial(certificate)).first()
    if card is None:
        return None
    is_it = compare_digest(bytes(card.fingerprint), certificates.fingerprint(certificate))
    return card if is_it else None


def _taken(challenge_id: UUID, token: str) -> bytes | None:
    """What was asked; None where it was not asked of this session, was answered or is too old."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [challenge_id])
        row = cursor.fetchone()
    if row is None:
        return None
    nonce, session_digest, asked_at = row
    is_theirs = compare_digest(bytes(session_digest), _digest(token))
    is_fresh = abs(clock.now() - asked_at) <= _answered_within()
    return bytes(nonce) if is_theirs and is_fresh else None


def _shown(
    certificate: x509.Certificate | None,
    card: ResidentCard | None,
    answer: Answer,
    nonce: bytes | None,
) -> Shown:
    if certificate is None:
        return Shown(is_ours=False, is_signed=False, is_registered=False)
    known = certificates.authorities(settings.RESIDENT_CA_FILE)
    return Shown(
        is_ours=certificates.is_ours(certificate, known),
        is_in_force=certificates.is_in_force(certificate, known, clock.now()),
        proves_users=certificates.proves_users(certificate),
        is_signed=nonce is not None
        and certificates.is_signed(certificate, answer.signature, nonce),
        is_of_challenge=nonce is not None,
        is_registered=card is not None,
        is_revoked=card is not None and ResidentCardRevocation.objects.filter(pk=card.pk).exists(),
        was_closed=card is not None and residence.was_closed(card.record_id, card.at),
        failures=_failures(card),
    )


def _failures(card: ResidentCard | None) -> int:
    """続けた誤り: since the last right answer, as far as the law asks."""
    if card is None:
        return 0
    most = limits(clock.today()).failures_most
    newest = ResidentCardTry.objects.filter(card=card).order_by("-id")[:most]
    tries = list(newest.values_list("is_right", flat=True))
    return tries.index(True) if True in tries else len(tries)


def _count(card: ResidentCard | None, shown: Shown, *, is_right: bool) -> None:
    """Write down an answer of a card: a question that is too old says nothing of who answered."""
    is_wrong = shown.is_of_challenge and not shown.is_signed
    if card is not None and (is_right or is_wrong):
        ResidentCardTry.objects.create(card=card, is_right=is_right)


def _trail(permit: Permit, card: ResidentCard | None, shown: Shown, *, finding: str) -> None:
    if not finding and card is not None:
        look(permit, "resident_signed_in", "own_log.prove", record_ids=[card.record_id])
        return
    failures = shown.failures + int(shown.is_of_challenge and not shown.is_signed)
    trail.write(
        "resident_sign_in_failed",
        request_id=permit.request_id,
        door="own_log.prove",
        job=permit.job,
        article=permit.article,
        finding=finding,
        detail={"failures": failures if card is not None else 0},
    )


def _answered_within() -> timedelta:
    return timedelta(minutes=limits(clock.today()).challenge_minutes)


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
