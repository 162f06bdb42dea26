"""By what a resident comes to the own log, what is asked there, and what was answered."""

from typing import ClassVar

from django.db import models

from daicho.access.append_only import AppendOnly
from daicho.access.models.people import Operator


class ResidentCard(AppendOnly):
    """本人のカード: whose certificate it is, by its serial number; the key is on the card alone."""

    id = models.BigAutoField(primary_key=True)
    serial = models.CharField(max_length=40, unique=True)  # of the certificate, in hex
    fingerprint = models.BinaryField(max_length=32)  # SHA-256 of the certificate
    record_id = models.UUIDField()
    # the last day of the certificate; None: it was registered before this was kept
    until_on = models.DateField(null=True)


class ResidentCardRevocation(AppendOnly):
    """カードの失効: once, for ever."""

    card = models.OneToOneField(
        ResidentCard, on_delete=models.PROTECT, primary_key=True, related_name="revocation"
    )
    reason = models.CharField(max_length=20)


class ResidentCardTry(AppendOnly):
    """カードによる答え: right or wrong; so many wrong ones in a row stop the card."""

    id = models.BigAutoField(primary_key=True)
    card = models.ForeignKey(
        ResidentCard, on_delete=models.PROTECT, db_index=False, related_name="tries"
    )
    is_right = models.BooleanField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["card", "-id"], name="resident_card_tries"),
        ]


class ResidentChallenge(models.Model):
    """問い: what one session is to sign; taken away by the answer, or when its time is over."""

    challenge_id = models.UUIDField(primary_key=True)
    nonce = models.BinaryField(max_length=32)
    session_digest = models.BinaryField(max_length=32)
    asked_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.challenge_id)


class OwnLogQuestion(AppendOnly):
    """利用の理由の質問: about one use, once; free text, which stands nowhere else."""

    id = models.BigAutoField(primary_key=True)
    request_id = models.UUIDField(unique=True)
    record_id = models.UUIDField()
    trail_id = models.BigIntegerField()  # the use: a row that outlives its subjects
    office = models.CharField(max_length=10, blank=True)  # that looked; blank: a machine
    looker = models.ForeignKey(
        Operator, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    asked_on = models.DateField()
    text = models.TextField(max_length=400)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["record_id", "trail_id"], name="own_log_question_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["office", "-id"], name="own_log_question_office"),
        ]


class OwnLogAnswer(AppendOnly):
    """質問への回答: once; by somebody else than whose use it was."""

    question = models.OneToOneField(
        OwnLogQuestion, on_delete=models.PROTECT, primary_key=True, related_name="answer"
    )
    by = models.ForeignKey(Operator, on_delete=models.PROTECT, db_index=False, related_name="+")
    text = models.TextField(max_length=400)
