"""分析の照会: the months, and one with what stood out in it; behind a Permit, trailed.

Operators are named, residents never: a record is told by its 参照番号 alone.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count

from daicho.access.analysing.books import RELATIONS, USES, Book
from daicho.access.models import Operator
from daicho.access.permits import Permit, demand_work, look
from daicho.law.rule import FINDINGS, FindingKind
from daicho.law.safety.watching import judging
from daicho.law.safety.watching.limits import limits

MONTHS_MOST = 36
"""一覧に示す月数: the newest."""
SUBJECTS_MOST = 50
"""記録に残す対象者の上限: of one page of the uses; whose relations are shown is kept of all."""
OPERATORS_MOST = 20
"""示す操作者の上限: of one item."""


@dataclass(frozen=True)
class Signed:
    """署名: when and by whom."""

    at: datetime
    by: str


@dataclass(frozen=True)
class Line:
    """一覧の行: one month; `open_count` of its items wait for a judgement."""

    analysis_id: int
    month: date
    item_count: int
    open_count: int
    signed: Signed | None


@dataclass(frozen=True)
class Who:
    """操作者: whose uses stood out."""

    login: str
    name: str


@dataclass(frozen=True)
class Told:
    """目に付いた利用: why, whose, when, by how much, and what was said of it."""

    found_id: int
    code: str
    what: str
    remedy: str
    cited: str
    operators: tuple[Who, ...]
    operator_count: int
    reference: str
    day: date
    count: int
    days: int
    outcome: str
    judge: str
    is_own: bool


@dataclass(frozen=True)
class Analysis:
    """一月の分析: with every item, and the uses by day and by hour of the day.

    Of relations: how many operators were compared, and how many were not; else None.
    """

    analysis_id: int
    month: date
    made_at: datetime
    uses_by_day: tuple[int, ...]
    uses_by_hour: tuple[int, ...]
    items: tuple[Told, ...]
    signed: Signed | None
    told_count: int | None = None
    untold_count: int | None = None

    @property
    def open_count(self) -> int:
        """判断していない件数."""
        return sum(one.outcome in ("", judging.ASKING) for one in self.items)


def months(permit: Permit, book: Book = USES) -> tuple[Line, ...]:
    """分析の一覧: the newest first; counts alone, so it leaves no trail row."""
    demand_work(permit, book.work)
    rows = list(book.analyses.order_by("-month")[:MONTHS_MOST])
    counted = book.findings.filter(analysis__in=rows).values_list("analysis")
    counts = dict(counted.annotate(Count("id")))
    judged = _judged_counts(book, (row.pk for row in rows))
    signed = book.signatures.select_related("by").in_bulk([row.pk for row in rows])
    return tuple(
        Line(
            analysis_id=row.pk,
            month=row.month,
            item_count=counts.get(row.pk, 0),
            open_count=counts.get(row.pk, 0) - judged[row.pk],
            signed=_told_of(signed.get(row.pk)),
        )
        for row in rows
    )


def one(permit: Permit, analysis_id: int, book: Book = USES) -> Analysis | None:
    """一月の分析: one look, trailed, of those whom it names; None where there is none."""
    demand_work(permit, book.work)
    row = book.analyses.filter(pk=analysis_id).first()
    if row is None:
        return None
    signature = book.signatures.select_related("by").filter(analysis=row).first()
    found = list(book.findings.filter(analysis=row).order_by("code", "-count", "id"))
    named = list(dict.fromkeys(it.record_id for it in found if it.record_id is not None))
    with transaction.atomic():
        look(
            permit,
            book.shown,
            "analysing.one",
            record_ids=named if book is RELATIONS else named[:SUBJECTS_MOST],
            detail={"analysis": row.pk, "rows": len(found)},
        )
    return Analysis(
        row.pk,
        row.month,
        row.at,
        tuple(row.uses_by_day) if book is USES else (),
        tuple(row.uses_by_hour) if book is USES else (),
        _told(permit, book, row.pk, found),
        _told_of(signature),
        row.told_count if book is RELATIONS else None,
        row.untold_count if book is RELATIONS else None,
    )


def _judged_counts(book: Book, analyses: Iterable[int]) -> Counter[int]:
    """How many items of each were judged, and not only asked about."""
    said = book.judgements.filter(found__analysis__in=list(analyses)).order_by("id")
    latest = {
        found: (analysis, outcome)
        for found, analysis, outcome in said.values_list("found", "found__analysis", "outcome")
    }
    return Counter(analysis for analysis, outcome in latest.values() if outcome != judging.ASKING)


def _told(permit: Permit, book: Book, analysis_id: int, found: Sequence[Any]) -> tuple[Told, ...]:
    said = book.judgements.filter(found__analysis=analysis_id).order_by("id")
    latest = {it.found_id: it for it in said.select_related("by")}
    people = Operator.objects.in_bulk({who for it in found for who in it.operators})
    own = permit.actor.operator_id if permit.actor else None
    lines = []
    for it in found:
        kind, judged = FINDINGS[it.code], latest.get(it.pk)
        shown = [people[who] for who in it.operators[:OPERATORS_MOST] if who in people]
        lines.append(
            Told(
                found_id=it.pk,
                code=it.code,
                what=_worded(kind, kind.what, it),
                remedy=_worded(kind, kind.remedy, it),
                cited="、".join(one.japanese for one in kind.articles),
                operators=tuple(Who(one.login, one.name) for one in shown),
                operator_count=len(it.operators),
                reference=str(it.record_id or ""),
                day=it.day,
                count=it.count,
                days=it.days,
                outcome=judged.outcome if judged else "",
                judge=judged.by.name if judged else "",
                is_own=own in it.operators,
            )
        )
    return tuple(lines)


def _worded(kind: FindingKind, sentence: str, found: Any) -> str:
    """The sentence with the figures that were kept with the finding, as the rule said it."""
    figures = found.figures
    if figures is None:  # made before they were kept
        held = limits(found.day)
        figures = {name: getattr(held, name) for name in kind.arguments}
    return sentence.format(**figures)


def _told_of(row: Any) -> Signed | None:
    return Signed(row.at, row.by.name) if row else None
