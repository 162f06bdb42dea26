"""What two neighbours know of each other: decision 0010, `protocol.links`."""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from daicho.access.append_only import AppendOnly
from daicho.network.protocol.links import DIGEST_CHARS

PARTY_CHARS = 6


class Own(models.Model):
    """この団体: what holds for it as a whole; one row.

    `epoch` (ms) is the one in which turns are given. `is_catching_up`: an old backup came back, and
    nothing is carried out before what was typed in since is typed in again.
    """

    id = models.PositiveSmallIntegerField(primary_key=True)
    epoch = models.BigIntegerField()
    is_catching_up = models.BooleanField(default=False)


class SendingLine(models.Model):
    """送る回線: the log to one neighbour (`links.Sent`), and how it answered last.

    `handed` and `digest` are the last place of the log; `placed` the last that ever left.
    `disposed` is the last whose text was disposed of, with the digest there: the log can be sent
    again from behind it alone.
    """

    neighbour = models.CharField(max_length=PARTY_CHARS, primary_key=True)
    epoch = models.BigIntegerField()
    placed = models.BigIntegerField(default=0)
    receipted = models.BigIntegerField(default=0)
    handed = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=DIGEST_CHARS, blank=True)
    disposed = models.BigIntegerField(default=0)
    disposed_digest = models.CharField(max_length=DIGEST_CHARS, blank=True, default="")
    # not asked yet how far it is, since an old backup came back: nothing new is given a turn
    is_unasked = models.BooleanField(default=False)
    tried_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=60, blank=True)  # code of why it did not answer


class ReceivingLine(models.Model):
    """受ける回線: the log of one neighbour, as far as it is had (`links.Received`)."""

    neighbour = models.CharField(max_length=PARTY_CHARS, primary_key=True)
    epoch = models.BigIntegerField(default=0)
    upto = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=DIGEST_CHARS, blank=True)
    # where it stands for a key that was not heard of, since when (ms of our clock)
    stopped_place = models.BigIntegerField(default=0)
    stopped_since = models.BigIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)


class Logged(AppendOnly):
    """発送の記録: what has a place on the line to a neighbour, as it was signed."""

    pk = models.CompositePrimaryKey("neighbour", "place")
    neighbour = models.CharField(max_length=PARTY_CHARS)
    place = models.BigIntegerField()
    origin = models.CharField(max_length=PARTY_CHARS)
    message_id = models.UUIDField()
    digest = models.CharField(max_length=DIGEST_CHARS)
    signed = models.TextField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [BrinIndex(fields=["at"], name="network_logged_at")]


class Taken(models.Model):
    """受けた記録: the digest of a neighbour's log at each place, and the fault of what was refused.

    A sender that came back from an old backup gives the same places to other messages; what it
    forgot is then forgotten here too.
    """

    pk = models.CompositePrimaryKey("neighbour", "place")
    neighbour = models.CharField(max_length=PARTY_CHARS)
    place = models.BigIntegerField()
    digest = models.CharField(max_length=DIGEST_CHARS)
    fault = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["neighbour", "place"],
                name="network_taken_refused",
                condition=~models.Q(fault=""),
            ),
        ]


class KnownRefusal(models.Model):
    """知った拒否: a place of the log to a neighbour that was refused there, and is seen to."""

    pk = models.CompositePrimaryKey("neighbour", "place")
    neighbour = models.CharField(max_length=PARTY_CHARS)
    place = models.BigIntegerField()
    fault = models.CharField(max_length=40)


class KeptReceipt(AppendOnly):
    """受領証: what a neighbour signed; the last proves all places before it."""

    id = models.BigAutoField(primary_key=True)
    neighbour = models.CharField(max_length=PARTY_CHARS)
    epoch = models.BigIntegerField()
    upto = models.BigIntegerField()
    signed = models.TextField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["neighbour", "-id"], name="network_receipt_line"),
            BrinIndex(fields=["at"], name="network_receipt_at"),
        ]


class DoorCount(models.Model):
    """門前の拒否: how often on a day what came was refused before it was a message, by its fault.

    `peer` is the neighbour, blank where nobody knows who it was.
    """

    pk = models.CompositePrimaryKey("on", "peer", "fault")
    on = models.DateField()
    peer = models.CharField(max_length=PARTY_CHARS, blank=True)
    fault = models.CharField(max_length=40)
    count = models.BigIntegerField()
