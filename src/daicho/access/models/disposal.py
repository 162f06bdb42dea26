"""Lists of records to be disposed of, and the steps taken on them; all are written once."""

from typing import ClassVar

from django.db import models

from daicho.access.append_only import AppendOnly
from daicho.access.models.people import Operator


class DisposalList(AppendOnly):
    """廃棄の一覧: proposed by an operator, or by the machine (none); its salt is its own secret."""

    disposable = False

    id = models.BigAutoField(primary_key=True)
    proposed_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    trail_id = models.BigIntegerField()  # of the proposal
    salt = models.BinaryField(max_length=32)


class DisposalLine(AppendOnly):
    """廃棄の一覧の行: of one kind and month: so many rows, by a digest of their ids."""

    disposable = False

    id = models.BigAutoField(primary_key=True)
    list = models.ForeignKey(DisposalList, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=40)  # a row of law/tables/retention.toml
    article = models.CharField(max_length=40)
    month = models.DateField()  # its first day
    due_on = models.DateField()
    row_count = models.PositiveBigIntegerField()
    digest = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["list", "kind", "month"], name="disposal_line_once"),
        ]


class DisposalTakenOff(AppendOnly):
    """行の除外: a word of the closed list; once."""

    disposable = False

    line = models.OneToOneField(
        DisposalLine, on_delete=models.PROTECT, primary_key=True, related_name="taken_off"
    )
    reason = models.CharField(max_length=20)
    by = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")


class DisposalStep(AppendOnly):
    """一覧の決定と終わり: approved or refused, and done; the digest is also in the trail."""

    disposable = False

    id = models.BigAutoField(primary_key=True)
    list = models.ForeignKey(DisposalList, on_delete=models.PROTECT, related_name="steps")
    is_end = models.BooleanField()
    is_approved = models.BooleanField(null=True)  # of a decision
    by = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    trail_id = models.BigIntegerField()
    digest = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["list", "is_end"], name="disposal_step_once"),
        ]


class DisposalOutcome(AppendOnly):
    """行の結果: what became of it; written by the transaction that deleted the rows."""

    disposable = False

    line = models.OneToOneField(
        DisposalLine, on_delete=models.PROTECT, primary_key=True, related_name="outcome"
    )
    outcome = models.CharField(max_length=20)
    row_count = models.PositiveBigIntegerField()  # so many were deleted


class DisposalHold(AppendOnly):
    """廃棄の差止め: of one kind, from month to month; nothing of them is deleted until it ends."""

    disposable = False

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=40)  # a row of law/tables/retention.toml
    from_month = models.DateField()  # its first day
    until_month = models.DateField()  # that month too
    reason = models.CharField(max_length=20)
    by = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")


class DisposalHoldEnd(AppendOnly):
    """差止めの終わり: once."""

    disposable = False

    hold = models.OneToOneField(
        DisposalHold, on_delete=models.PROTECT, primary_key=True, related_name="end"
    )
    by = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
