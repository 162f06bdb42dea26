"""What is to leave the program as a file: asked for, decided, made; each is written once."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from daicho.access.append_only import AppendOnly
from daicho.access.models.people import Operator


class DataExportRequest(AppendOnly):
    """データの持出しの求め: which kind, which columns of whom, what for, when, how much at most."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=40)  # a row of law/tables/data_exports.toml
    columns = ArrayField(models.CharField(max_length=60))  # of the record; none: the whole register
    conditions = models.JSONField()  # `register.extracting.conditions`; codes and numbers alone
    recipient = models.CharField(max_length=100)
    ground = models.CharField(max_length=200)
    asked_by = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField()
    rows_most = models.PositiveIntegerField()
    times_most = models.PositiveSmallIntegerField()


class DataExportStep(AppendOnly):
    """求めの決定と終わり: at most one of each."""

    id = models.BigAutoField(primary_key=True)
    request = models.ForeignKey(DataExportRequest, on_delete=models.PROTECT, related_name="steps")
    is_end = models.BooleanField()
    is_approved = models.BooleanField(null=True)  # of a decision
    by = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "is_end"], name="data_export_step_once"),
        ]


class DataExport(AppendOnly):
    """持ち出したファイル: one that was made, how many lines it holds, and what proves it."""

    id = models.UUIDField(primary_key=True)  # named by it, in the file and in the folder
    request = models.ForeignKey(DataExportRequest, on_delete=models.PROTECT, related_name="made")
    by = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    terminal = models.CharField(max_length=20, blank=True)  # blank: at the server itself
    rows = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)  # SHA-256 of what is sealed in it
    size_bytes = models.PositiveBigIntegerField()  # of the sealed file
