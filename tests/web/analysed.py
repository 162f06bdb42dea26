"""利用記録の分析の場面: a month, and what stood out in it."""

from datetime import date
from uuid import UUID

from daicho.access import clock
from daicho.access.models import TrailAnalysis, TrailAnalysisFinding
from people import Player


def analysed() -> TrailAnalysis:
    """An analysis of the present month, in which nothing stood out."""
    row, _ = TrailAnalysis.objects.get_or_create(
        month=clock.today().replace(day=1),
        defaults={"upto": 1, "uses_by_day": [1], "uses_by_hour": [1]},
    )
    return row


def found(
    row: TrailAnalysis,
    code: str = "watching.night",
    *players: Player,
    record_id: UUID | None = None,
    count: int = 3,
) -> TrailAnalysisFinding:
    """What stood out in it: of these players, or of a record."""
    return TrailAnalysisFinding.objects.create(
        analysis=row,
        code=code,
        operators=[one.operator.pk for one in players],
        record_id=record_id,
        day=date(2026, 10, 5),
        count=count,
        days=1,
    )
