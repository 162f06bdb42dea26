"""点検の帳: the tables of one kind of analysis, and whose work it is to judge and sign there."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Manager

from daicho.access.models import (
    RelationAnalysis,
    RelationFinding,
    RelationJudgement,
    RelationSignature,
    TrailAnalysis,
    TrailAnalysisFinding,
    TrailAnalysisJudgement,
    TrailAnalysisSignature,
)


@dataclass(frozen=True)
class Book:
    """点検の帳: months, what stood out in them, what was said of that, and the signatures.

    `work` is the function for which a permit must be; `name` begins the locks and trail doors;
    `shown` and `changed` are the events of the trail.
    """

    work: str
    name: str
    shown: str
    changed: str
    analyses: "Manager[Any]"
    findings: "Manager[Any]"
    judgements: "Manager[Any]"
    signatures: "Manager[Any]"


USES = Book(
    "analysis",
    "trail analysis",
    "analysis_shown",
    "analysis_changed",
    TrailAnalysis.objects,
    TrailAnalysisFinding.objects,
    TrailAnalysisJudgement.objects,
    TrailAnalysisSignature.objects,
)
"""利用の分析."""

RELATIONS = Book(
    "relations",
    "relation analysis",
    "relations_shown",
    "relations_changed",
    RelationAnalysis.objects,
    RelationFinding.objects,
    RelationJudgement.objects,
    RelationSignature.objects,
)
"""関係の分析: of who was told of it."""
