"""関係の分析の数え: at whom those looked who were told, and what is kept where a relation is.

What the relation is comes from the register; it never leaves it but as a word of a closed list.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from daicho.access.analysing.books import RELATIONS
from daicho.access.analysing.counting import LOOKED_AT, patiently
from daicho.access.analysing.making import months_back
from daicho.access.analysing.months import Month, midnight
from daicho.access.models import Operator, RelationAnalysis, RelationFinding, RelationNotice
from daicho.access.people.registering import alone
from daicho.access.permits import Permit, demand_work, look
from daicho.access.relating import telling
from daicho.law.purposes import PURPOSES
from daicho.law.safety.watching import relations

JOB = "trail_relations"
"""関係の分析の仕事: of the machine."""
_RECEIVED = ("change.", "certificate.", "disclosure.request")
RECEIVED = tuple(dict.fromkeys(one.code for one in PURPOSES if one.code.startswith(_RECEIVED)))
"""受付のある事務: nobody looks for these without a 受付."""
AT_ONCE_MOST = 20
"""一度に示す者の上限: more than a household is a list (a file, a disposal), no look at one."""


@dataclass(frozen=True)
class Compared:
    """比べる操作者: his own record, and since when and before when his looks may be compared."""

    operator_id: int
    record_id: UUID
    told_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Looked:
    """見られた者: by one operator within the month; `received`: looks with a 受付 behind them.

    What one request of a screen reads of a person is one look, however many rows it leaves.
    """

    record_id: UUID
    looks: int
    received: int
    days: int
    first_on: date


@dataclass(frozen=True)
class Related:
    """関係のある者の利用: whose, by which relation, and what was looked at."""

    operator_id: int
    relation: str
    looked: Looked


_LOOKED = f"""
SELECT record_id, count(DISTINCT t.request_id),
    count(DISTINCT t.request_id) FILTER (WHERE t.purpose = ANY(%(received)s)),
    count(DISTINCT (t.at AT TIME ZONE 'Asia/Tokyo')::date),
    min((t.at AT TIME ZONE 'Asia/Tokyo')::date)
FROM access_trail t JOIN access_trailsubjects s ON s.trail_id = t.id,
    unnest(s.record_ids) AS record_id
WHERE {LOOKED_AT} AND t.operator_id = %(operator)s AND t.at >= %(told_at)s AND t.at < %(ends_at)s
    AND t.job = '' AND t.subject_count <= %(most)s
GROUP BY record_id ORDER BY record_id
"""  # noqa: S608  of constants of these modules


def due(permit: Permit) -> tuple[Month, ...]:
    """作るべき月: settled, not made, and before whose end somebody had been told; oldest first."""
    demand_work(permit, JOB)
    months = months_back(permit.on)
    rows = RelationAnalysis.objects.filter(month__in=[one.first_on for one in months])
    made = set(rows.values_list("month", flat=True))
    first_told = RelationNotice.objects.order_by("at").values_list("at", flat=True).first()
    if first_told is None:
        return ()
    settled = (one for one in months if one.has_settled(permit.on) and one.first_on not in made)
    return tuple(one for one in settled if first_told < one.ends_at)


def compared(permit: Permit, month: Month) -> tuple[Compared, ...]:
    """比べる操作者: who had confirmed the notice of the month's last day before it ended, and of
    whom an own record was named on a day of it."""
    demand_work(permit, JOB)
    on = month.last_on
    version = relations.notice(on).version
    rows = RelationNotice.objects.filter(version=version, at__lt=month.ends_at)
    told = dict(rows.values_list("operator", "at"))
    named = telling.own_records(month.first_on, on)
    return tuple(
        Compared(
            who, named[who].record_id, told[who], midnight(named[who].ends_on or month.next_on)
        )
        for who in sorted(told.keys() | named.keys())
        if relations.is_analysed(who in told, who in named, on=on)
    )


def looked_at(permit: Permit, within: Mapping[str, Any], one: Compared) -> tuple[Looked, ...]:
    """見られた者: at whom he looked within the values of a period, after he had been told."""
    demand_work(permit, JOB)
    values = {
        **within,
        "operator": one.operator_id,
        "told_at": one.told_at,
        "ends_at": one.ends_at,
        "received": list(RECEIVED),
        "most": AT_ONCE_MOST,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LOOKED, values)
        return tuple(Looked(*row) for row in cursor.fetchall())


def begin(permit: Permit, month: Month) -> bool:
    """始める: alone, until the transaction ends; False where the month was made already."""
    demand_work(permit, JOB)
    assert month.has_settled(permit.on), "a month is analysed when it has ended and settled"
    alone(f"{RELATIONS.name} {month.first_on}")
    patiently()
    return not RelationAnalysis.objects.filter(month=month.first_on).exists()


def keep(
    permit: Permit, month: Month, upto: int, people: Sequence[Compared], found: Iterable[Related]
) -> int:
    """残す: the month with what was found; gives its number. Ids, a code and counts, no more."""
    demand_work(permit, JOB)
    told = [one.operator_id for one in people]
    row = RelationAnalysis.objects.create(
        month=month.first_on,
        upto=upto,
        told_count=len(told),
        untold_count=Operator.objects.filter(is_active=True).exclude(pk__in=told).count(),
    )
    rows = RelationFinding.objects.bulk_create(
        one for one in (_finding(row, month, it) for it in found) if one is not None
    )
    said: dict[str, int | str] = {"analysis": row.pk, "rows": len(rows)}
    look(permit, "relations_made", "relating.keep", detail=said)
    return row.pk


def _finding(row: RelationAnalysis, month: Month, one: Related) -> RelationFinding | None:
    looked = one.looked
    found = relations.related(one.relation, looked.looks, looked.received, on=month.last_on)
    if found is None:
        return None
    return RelationFinding(
        analysis=row,
        code=found.code,
        operators=[one.operator_id],
        record_id=looked.record_id,
        day=looked.first_on,
        count=looked.looks,
        days=looked.days,
        figures=dict(relations.figures(looked.looks, looked.received)),
    )
