"""利用記録の分析の場面: a month, and what stood out in it."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from daicho.access import clock
from daicho.access.models import (
    RelationAnalysis,
    RelationFinding,
    TrailAnalysis,
    TrailAnalysisFinding,
)
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
    day: date = date(2026, 10, 5),
    figures: Mapping[str, int] | None = None,
) -> TrailAnalysisFinding:
    """What stood out in it: of these players, or of a record."""
    return TrailAnalysisFinding.objects.create(
        analysis=row,
        code=code,
        operators=[one.operator.pk for one in players],
        record_id=record_id,
        day=day,
        count=count,
        days=1,
        figures=figures,
    )


def with_a_line(player: Player) -> TrailAnalysis:
    """The same, with one use of the player that stood out."""
    row = analysed()
    if not row.findings.exists():
        found(row, "watching.night", player)
    return row


def related_with_a_line(player: Player) -> RelationAnalysis:
    """The analysis of relations, in which the player looked at a relative."""
    row = related()
    if not row.findings.exists():
        RelationFinding.objects.create(
            analysis=row,
            code="watching.relative",
            operators=[player.operator.pk],
            record_id=UUID(int=1),
            day=date(2026, 11, 5),
            count=3,
            days=2,
            figures={"looks": 3, "received": 2},
        )
    return row


def related() -> RelationAnalysis:
    """An analysis of relations of the present month, in which nothing stood out."""
    row, _ = RelationAnalysis.objects.get_or_create(
        month=clock.today().replace(day=1),
        defaults={"upto": 1, "told_count": 1, "untold_count": 8},
    )
    return row
