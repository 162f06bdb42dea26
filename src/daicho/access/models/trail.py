"""The trail of what operators did, and the rows of its proof."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models

from daicho.access.append_only import AppendOnly
from daicho.access.models.people import Operator


class Trail(AppendOnly):
    """利用記録: one row for each sign-in, look, search, change, refusal and output.

    What the row says of persons stands apart (`TrailSubjects`), so that lawful disposal of the
    persons leaves the row and its proof whole: `commitment` is SHA-256 over salt and subjects.
    """

    disposable = False

    id = models.BigAutoField(primary_key=True)
    event = models.CharField(max_length=30)  # a row of trail_events.toml
    door = models.CharField(max_length=60, blank=True)  # the function or screen
    operator = models.ForeignKey(
        Operator, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    office = models.CharField(max_length=10, blank=True)
    terminal = models.CharField(max_length=20, blank=True)
    ward = models.CharField(max_length=6, blank=True)
    purpose = models.CharField(max_length=40, blank=True)
    job = models.CharField(max_length=40, blank=True)
    article = models.CharField(max_length=40, blank=True)
    finding = models.CharField(max_length=40, blank=True)  # code of what was refused
    request_id = models.UUIDField()
    subject_count = models.PositiveIntegerField(default=0)
    number_seen = models.BooleanField(default=False)  # 個人番号アクセス有無
    detail = models.JSONField(default=dict)  # the event's own fields: codes and counts only
    commitment = models.BinaryField(max_length=32)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["operator", "-id"], name="trail_operator"),
            models.Index(fields=["event", "-id"], name="trail_event"),
            BrinIndex(fields=["at"], name="trail_at"),
            models.Index(fields=["xid", "id"], name="trail_order"),
        ]


class TrailSubjects(AppendOnly):
    """利用記録の対象者: whom a trail row concerns, and the salt of its commitment."""

    trail = models.OneToOneField(Trail, on_delete=models.PROTECT, primary_key=True)
    record_ids = ArrayField(models.UUIDField())
    salt = models.BinaryField(max_length=16)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            # most rows concern nobody: they would all stand under one entry
            GinIndex(
                fields=["record_ids"],
                name="trail_subjects",
                condition=~models.Q(record_ids=[]),
            ),
            # a month of them is let go together
            BrinIndex(fields=["at"], name="trail_subjects_at"),
        ]


class TrailLeaf(AppendOnly):
    """利用記録の葉: the place of a committed trail row in the one sequence, and its hash."""

    disposable = False

    leaf_index = models.BigIntegerField(primary_key=True)  # from 0, without a gap
    # made from rows of the trail alone, which nobody deletes: not asked again of each leaf
    trail = models.OneToOneField(
        Trail, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    leaf_hash = models.BinaryField(max_length=32)


class TrailNode(AppendOnly):
    """利用記録の節: a full subtree of every eighth level over the leaves (RFC 9162, 2.1)."""

    disposable = False

    level = models.PositiveSmallIntegerField()
    node_index = models.BigIntegerField()
    node_hash = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["level", "node_index"], name="trail_node_once"),
        ]


class TrailHead(AppendOnly):
    """利用記録の先頭: the root over the first `size` leaves, signed, so that it can leave."""

    disposable = False

    id = models.BigAutoField(primary_key=True)
    size = models.BigIntegerField()
    note = models.TextField()  # the very text that is signed
    signature = models.BinaryField(max_length=80)  # ECDSA P-256 over it, DER
    public_key = models.TextField()  # PEM: kept, so that an old head outlives a change of the key


class TrailAttestation(AppendOnly):
    """先頭の証し: what somebody outside said of a head.

    A witness co-signs it or refuses to; a time-stamping authority gives a token (RFC 3161).
    """

    disposable = False

    id = models.BigAutoField(primary_key=True)
    head = models.ForeignKey(TrailHead, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)  # "cosigned", "refused" or "stamped"
    address = models.CharField(max_length=200)  # whom we asked
    said = models.CharField(max_length=40)  # the moment it gave, or why it refused
    proof = models.BinaryField(max_length=20_000)  # signature or token (DER); empty of a refusal
    public_key = models.TextField(blank=True)  # PEM, of a witness

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["address", "kind", "-id"], name="trail_attestation_of"),
        ]
