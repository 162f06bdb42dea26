"""The messages of this party, and those that came."""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from daicho.access.append_only import AppendOnly
from daicho.network.models.lines import PARTY_CHARS


class Sent(models.Model):
    """自らの電文: one that this party made, where it stands, and what became of it.

    Its text stands in the log at its place. `fault` is why it was not taken on its way or not
    carried out; `above` what the centre said of it, where the prefecture passed it on.
    """

    is_never_deleted = True
    disposable: ClassVar[bool] = True  # what is settled goes when its period has ended

    message_id = models.UUIDField(primary_key=True)
    outbox_id = models.BigIntegerField(null=True, unique=True)  # of what a change caused
    kind = models.CharField(max_length=40)
    to = models.CharField(max_length=PARTY_CHARS)
    resident = models.UUIDField()
    epoch = models.BigIntegerField()
    ordinal = models.BigIntegerField()
    made_at = models.DateTimeField()
    neighbour = models.CharField(max_length=PARTY_CHARS)
    place = models.BigIntegerField()
    receipted_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=60, blank=True)
    outcome_at = models.DateTimeField(null=True)
    above = models.CharField(max_length=60, blank=True)
    above_at = models.DateTimeField(null=True)
    # it was not taken, and waits for being sent again
    is_refused = models.BooleanField(default=False)
    # its fault stands in the work list until somebody has seen to it
    is_open = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["to", "resident", "epoch", "ordinal"], name="network_sent_turn"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["neighbour", "place"], name="network_sent_place"),
            models.Index(fields=["resident", "-made_at"], name="network_sent_resident"),
            models.Index(
                fields=["made_at"], name="network_sent_open", condition=models.Q(is_open=True)
            ),
        ]


class GivenTurn(models.Model):
    """与えた順番: the last turn of a stream of this party.

    It stays as long as anything may still be told of the resident: no turn is given twice.
    """

    disposable: ClassVar[bool] = True  # it goes with the last 除票 of the person

    pk = models.CompositePrimaryKey("to", "resident")
    to = models.CharField(max_length=PARTY_CHARS)
    resident = models.UUIDField()
    epoch = models.BigIntegerField()
    ordinal = models.BigIntegerField()


class Arrived(models.Model):
    """受けた電文: which message has a turn, and its text while it waits to be carried out.

    Of what is only passed on, the turn alone: its text stands in the log that it goes on by.
    """

    disposable: ClassVar[bool] = True  # what waits for nothing goes when its period has ended

    pk = models.CompositePrimaryKey("origin", "to", "resident", "epoch", "ordinal")
    origin = models.CharField(max_length=PARTY_CHARS)
    to = models.CharField(max_length=PARTY_CHARS)
    resident = models.UUIDField()
    epoch = models.BigIntegerField()
    ordinal = models.BigIntegerField()
    message_id = models.UUIDField()
    made_at_ms = models.BigIntegerField()  # one sent again was made later
    signed = models.TextField(blank=True)
    waits = models.BooleanField()
    arrived_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["origin", "resident", "epoch", "ordinal"],
                name="network_arrived_waits",
                condition=models.Q(waits=True),
            ),
            BrinIndex(fields=["arrived_at"], name="network_arrived_at"),
        ]


class Stream(models.Model):
    """順序: the last turn of a stream to this party that was carried out.

    `due_at`: from when on it is looked at, where something of it may have its turn; later, where it
    could not be carried out and is to be tried again.
    """

    disposable: ClassVar[bool] = True  # it goes with the last 除票 of the person

    pk = models.CompositePrimaryKey("origin", "resident")
    origin = models.CharField(max_length=PARTY_CHARS)
    resident = models.UUIDField()
    done_epoch = models.BigIntegerField(default=0)
    done_ordinal = models.BigIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"],
                name="network_stream_due",
                condition=models.Q(due_at__isnull=False),
            ),
        ]


class Origin(models.Model):
    """送り主: the latest epoch that any message of it had."""

    party = models.CharField(max_length=PARTY_CHARS, primary_key=True)
    newest_epoch = models.BigIntegerField()


class Carried(AppendOnly):
    """実行: what was carried out, by its sender and id, once for ever; with its outcome."""

    pk = models.CompositePrimaryKey("origin", "message_id")
    origin = models.CharField(max_length=PARTY_CHARS)
    message_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    outcome = models.CharField(max_length=60)


class Unsent(models.Model):
    """まだ送らない電文: what a duty has to tell, until the relay gives it turn and place."""

    id = models.BigAutoField(primary_key=True)
    neighbour = models.CharField(max_length=PARTY_CHARS)
    message_id = models.UUIDField()
    to = models.CharField(max_length=PARTY_CHARS)
    resident = models.UUIDField()
    kind = models.CharField(max_length=40)
    v = models.PositiveSmallIntegerField()
    article = models.CharField(max_length=40)
    body = models.JSONField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["neighbour", "id"], name="network_unsent_line"),
        ]


class Forwarded(AppendOnly):
    """告げ直した通知: whose notice a message of this prefecture to the centre tells on."""

    forwarded_id = models.UUIDField(primary_key=True)
    origin = models.CharField(max_length=PARTY_CHARS)
    message_id = models.UUIDField()
