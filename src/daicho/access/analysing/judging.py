"""分析の点検: each use that stood out is judged, and the month signed for; nothing is rewritten."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from daicho.access.analysing.months import Month
from daicho.access.models import (
    TrailAnalysis,
    TrailAnalysisFinding,
    TrailAnalysisJudgement,
    TrailAnalysisSignature,
)
from daicho.access.people.registering import NotThere, alone, refuse, step
from daicho.access.permits import Permit, demand_work, look
from daicho.law.rule import Finding
from daicho.law.safety.watching import judging

EVENT = "analysis_changed"
WORK = "analysis"
"""分析の点検の機能: for which a permit must be."""
YEARS_TOLD = 2
"""注意する年数: older months that nobody signed for stand in the list alone."""


@dataclass(frozen=True)
class Judged:
    """判断: what is said of one item now, and what the page showed that it was sent from."""

    outcome: str
    before: str

    @property
    def is_new(self) -> bool:
        """Does it differ from what was shown?"""
        return bool(self.outcome) and self.outcome != self.before


def judge(permit: Permit, analysis_id: int, judged: Mapping[int, Judged]) -> None:
    """判断する: the items of which something new is said; what others said meanwhile stays.

    Raises Refused for who is concerned himself and for a month that is signed for, NotThere.
    """
    demand_work(permit, WORK)
    with step(permit, EVENT, "analyses.judge") as is_new:
        analysis = _held(analysis_id)
        if is_new:
            _trail(permit, analysis, "judged", _judge(permit, analysis, judged))


def sign(permit: Permit, analysis_id: int, judged: Mapping[int, Judged]) -> None:
    """署名する: with the judgements as shown; raises Refused where one is missing or was changed
    meanwhile, and for who is concerned by any of them."""
    demand_work(permit, WORK)
    assert permit.actor is not None, "who signs is a person"
    with step(permit, EVENT, "analyses.sign") as is_new:
        analysis = _held(analysis_id)
        if not is_new:
            return
        _judge(permit, analysis, judged)
        latest = outcomes(analysis.pk)
        rows = TrailAnalysisFinding.objects.filter(analysis=analysis)
        concerned = {who for row in rows for who in row.operators}
        undecided = sum(
            latest.get(row.pk, judging.ASKING) == judging.ASKING
            or row.pk not in judged
            or judged[row.pk].outcome != latest[row.pk]
            for row in rows
        )
        signed = is_signed(analysis.pk)
        who = permit.actor.operator_id
        refuse([judging.may_sign(who, concerned, undecided, signed, on=permit.on)])
        TrailAnalysisSignature.objects.create(analysis=analysis, by_id=who)
        _trail(permit, analysis, "signed", len(rows))


def outcomes(analysis_id: int) -> Mapping[int, str]:
    """今の判断: the newest of each item of which anything was said."""
    said = TrailAnalysisJudgement.objects.filter(found__analysis=analysis_id).order_by("id")
    return dict(said.values_list("found", "outcome"))


def is_signed(analysis_id: int) -> bool:
    """署名済み."""
    return TrailAnalysisSignature.objects.filter(analysis=analysis_id).exists()


def overdue(on: date) -> tuple[Finding, ...]:
    """期限を過ぎた点検: of each month of the last two years that is not signed for; names no
    person."""
    since = date(on.year - YEARS_TOLD, on.month, 1)
    rows = TrailAnalysis.objects.filter(month__gte=since, signature__isnull=True).order_by("month")
    found = (
        judging.overdue(row.month, Month(row.month).last_on, is_signed=False, on=on) for row in rows
    )
    return tuple(one for one in found if one is not None)


def _judge(permit: Permit, analysis: TrailAnalysis, judged: Mapping[int, Judged]) -> int:
    """Write what is new; gives how many."""
    assert permit.actor is not None, "who judges is a person"
    new = {key: one for key, one in judged.items() if one.is_new}
    assert all(one.outcome in judging.OUTCOMES for one in new.values()), "the form offers no other"
    rows = list(TrailAnalysisFinding.objects.filter(analysis=analysis, pk__in=new))
    concerned = {who for row in rows for who in row.operators}
    signed = is_signed(analysis.pk)
    refuse([judging.may_judge(permit.actor.operator_id, concerned, signed, on=permit.on)])
    TrailAnalysisJudgement.objects.bulk_create(
        TrailAnalysisJudgement(
            found=row, outcome=new[row.pk].outcome, by_id=permit.actor.operator_id
        )
        for row in rows
    )
    return len(rows)


def _held(analysis_id: int) -> TrailAnalysis:
    """The analysis; of two who judge at once one waits."""
    row = TrailAnalysis.objects.filter(pk=analysis_id).first()
    if row is None:
        raise NotThere(analysis_id)
    alone(f"trail analysis {row.month}")
    return row


def _trail(permit: Permit, analysis: TrailAnalysis, what: str, rows: int) -> None:
    said: dict[str, int | str] = {"analysis": analysis.pk, "rows": rows, "what": what}
    look(permit, EVENT, f"analysing.{what}", detail=said)
