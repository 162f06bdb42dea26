"""Leave to make a file with 個人番号, and the steps taken on it; both are written once."""

from typing import ClassVar

from django.db import models

from daicho.access.append_only import AppendOnly
from daicho.access.models.people import Operator


class FilePermit(AppendOnly):
    """特定個人情報ファイルの作成の求め: which file, when, of how many persons at most."""

    id = models.BigAutoField(primary_key=True)
    file = models.CharField(max_length=40)  # a row of law/tables/number_files.toml
    asked_by = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField()
    rows_most = models.PositiveIntegerField()


class FilePermitStep(AppendOnly):
    """作成の求めの決定と終わり: at most one of each."""

    id = models.BigAutoField(primary_key=True)
    permit = models.ForeignKey(FilePermit, on_delete=models.PROTECT, related_name="steps")
    is_end = models.BooleanField()
    is_approved = models.BooleanField(null=True)  # of a decision
    by = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["permit", "is_end"], name="file_permit_step_once"),
        ]
