"""The analysis of a month of the trail, what stood out in it, and what was said of that."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from daicho.access.append_only import AppendOnly
from daicho.access.models.people import Operator


class TrailAnalysis(AppendOnly):
    """利用記録の分析: of one month, made once after it has ended."""

    id = models.BigAutoField(primary_key=True)
    month = models.DateField(unique=True)  # its first day
    upto = models.BigIntegerField()  # the newest trail row that was there
    uses_by_day = ArrayField(models.PositiveIntegerField())  # from the first day of the month
    uses_by_hour = ArrayField(models.PositiveIntegerField())  # of the day in Japan, 24 of them


class TrailAnalysisFinding(AppendOnly):
    """目に付いた利用: of which operators or of which record, and by how much; ids alone."""

    id = models.BigAutoField(primary_key=True)
    analysis = models.ForeignKey(TrailAnalysis, on_delete=models.PROTECT, related_name="findings")
    code = models.CharField(max_length=40)  # of law/safety/watching
    operators = ArrayField(models.BigIntegerField())  # whose uses; none where nobody knows
    record_id = models.UUIDField(null=True)
    day = models.DateField()  # on which it stood out most; of a whole month its first
    count = models.PositiveIntegerField()  # as the rule counts: the highest
    days = models.PositiveSmallIntegerField()  # on so many days
    figures = models.JSONField(null=True)  # of the law by which it stood out; None: those of `day`


class TrailAnalysisJudgement(AppendOnly):
    """目に付いた利用の判断: a word of the closed list; the newest holds."""

    id = models.BigAutoField(primary_key=True)
    found = models.ForeignKey(
        TrailAnalysisFinding, on_delete=models.PROTECT, related_name="judgements"
    )
    outcome = models.CharField(max_length=20)
    by = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")


class TrailAnalysisSignature(AppendOnly):
    """月の点検の署名: once."""

    analysis = models.OneToOneField(
        TrailAnalysis, on_delete=models.PROTECT, primary_key=True, related_name="signature"
    )
    by = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
