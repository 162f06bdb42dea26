"""What operators were told of the analysis of relations, their own records, and that analysis."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from daicho.access.append_only import AppendOnly
from daicho.access.models.people import Operator


class RelationNotice(AppendOnly):
    """関係の分析の説明: that an operator read it and said so; not before is he analysed."""

    id = models.BigAutoField(primary_key=True)
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField()  # of law/tables/relation_notices.toml

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["operator", "version"], name="relation_told_once"),
        ]


class OwnRecord(AppendOnly):
    """操作者本人の記録: which record of the register is his, from a day on; the newest holds."""

    id = models.BigAutoField(primary_key=True)
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    record_id = models.UUIDField(null=True)  # None: none from that day on
    since = models.DateField()
    by = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")


class RelationAnalysis(AppendOnly):
    """関係の分析: of one month, made once, after that of the uses."""

    id = models.BigAutoField(primary_key=True)
    month = models.DateField(unique=True)  # its first day
    upto = models.BigIntegerField()  # the newest trail row that was there
    told_count = models.PositiveIntegerField()  # operators whose looks were compared
    untold_count = models.PositiveIntegerField()  # who were not: not told, or no record named


class RelationFinding(AppendOnly):
    """関係のある者の利用: whose looks, at whose record, by which relation; ids and counts alone."""

    id = models.BigAutoField(primary_key=True)
    analysis = models.ForeignKey(
        RelationAnalysis, on_delete=models.PROTECT, related_name="findings"
    )
    code = models.CharField(max_length=40)  # of law/safety/watching/relations
    operators = ArrayField(models.BigIntegerField())  # one
    record_id = models.UUIDField()
    day = models.DateField()  # the first
    count = models.PositiveIntegerField()  # looks
    days = models.PositiveSmallIntegerField()  # on so many days
    figures = models.JSONField()  # that the words of the finding name


class RelationJudgement(AppendOnly):
    """関係のある者の利用の判断: a word of the closed list; the newest holds."""

    id = models.BigAutoField(primary_key=True)
    found = models.ForeignKey(RelationFinding, on_delete=models.PROTECT, related_name="judgements")
    outcome = models.CharField(max_length=20)
    by = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")


class RelationSignature(AppendOnly):
    """関係の分析の署名: once."""

    analysis = models.OneToOneField(
        RelationAnalysis, on_delete=models.PROTECT, primary_key=True, related_name="signature"
    )
    by = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
