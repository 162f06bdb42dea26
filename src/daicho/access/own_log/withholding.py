"""示さない利用を見分ける: why each use of a record is held back from its person.

What was done on the way to a paper that is held back is held back with it
(`law.own_log.withheld.on_the_way`), wherever within the trail that paper stands.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from daicho.access import clock
from daicho.access.models import EmergencyUse, Trail
from daicho.access.trail import RECEPTION
from daicho.access.trailing import finding
from daicho.access.trailing.conditions import Conditions
from daicho.access.trailing.finding import Row
from daicho.law import purposes
from daicho.law.own_log import withheld
from daicho.law.own_log.withheld import Looked, Way

SEEN_MOST = 2_000
"""調べる行の上限: so many of the newest rows are looked through."""
_PAPERS = ("issue", "issue_spoiled")
_EMERGENCIES = frozenset(one.code for one in purposes.PURPOSES if one.needs_grant)
_GRANTED = "emergency_changed"


def reasons(person: UUID, rows: Sequence[Row], upto: int, on: date) -> Mapping[int, str | None]:
    """示さない理由: of each of these rows of a person, by its number; None: it is shown."""
    every = {row.id: row for row in (*rows, *_spreading(person, upto))}
    judged = _Judged(every.values(), on)
    own = {row.id: judged.reason(row) for row in every.values()}
    papers = [
        row for row in every.values() if (code := own[row.id]) and withheld.REASONS[code].spreads
    ]
    if papers:
        _spread(own, rows, papers, judged)
    return own


def capacities(rows: Iterable[Row]) -> Mapping[int, str]:
    """請求の資格: of the papers among the rows, by their numbers."""
    papers = [row.id for row in rows if row.event in _PAPERS]
    told = Trail.objects.filter(pk__in=papers).order_by().values_list("id", "detail")
    return {trail_id: str(detail.get("capacity", "")) for trail_id, detail in told}


def day_of(at: datetime) -> date:
    """業務日: the day in Japan of a moment."""
    return at.astimezone(clock.TOKYO).date()


def _spreading(person: UUID, upto: int) -> Iterable[Row]:
    """Papers of the person that may be held back with what was done for them: of any day, since a
    受付 may last for more than one, and what is refused late was looked at before."""
    for event in sorted(withheld.SPREADING):
        yield from finding.page(Conditions(person=person, event=event), upto, None, SEEN_MOST)


class _Judged:
    """What is known of some rows, asked for once."""

    def __init__(self, rows: Iterable[Row], on: date) -> None:
        rows = tuple(rows)
        self.on = on
        self._capacities, self._reviewed = capacities(rows), _reviewed(rows)

    def reason(self, row: Row, beside: str = "") -> str | None:
        looked = Looked(
            event=row.event,
            purpose=row.purpose,
            is_refused=bool(row.finding),
            capacity=self._capacities.get(row.id, ""),
            is_reviewed=row.purpose not in _EMERGENCIES or row.id in self._reviewed,
            beside=beside,
        )
        return withheld.withheld(looked, on=self.on)


def _spread(
    own: dict[int, str | None], rows: Sequence[Row], papers: Sequence[Row], judged: _Judged
) -> None:
    """Hold back what was done on the way to these papers, each with the paper's own reason."""
    works = {_work(one) for one in papers}
    open_ones = [row for row in rows if own[row.id] is None and _work(row) in works]
    ways = _ways((*papers, *open_ones))
    by_place: defaultdict[object, list[Row]] = defaultdict(list)
    for paper in papers:
        for place in _places(ways[paper.id]):
            by_place[place].append(paper)
    for row in open_ones:
        way = ways[row.id]
        for paper in (one for place in _places(way) for one in by_place[place]):
            if withheld.on_the_way(way, ways[paper.id], on=judged.on):
                own[row.id] = judged.reason(row, str(own[paper.id]))
                break


def _places(way: Way) -> tuple[object, ...]:
    """Where two rows of one way meet: at the 受付, or with the operator on the day."""
    by_day = (way.operator, way.day)
    return (way.reception, by_day) if way.reception else (by_day,)


def _ways(rows: Sequence[Row]) -> Mapping[int, Way]:
    ids = [row.id for row in rows]
    told = Trail.objects.filter(pk__in=ids).order_by().values_list("id", "detail")
    under = {trail_id: str(detail.get(RECEPTION, "")) for trail_id, detail in told}
    return {row.id: Way(_work(row), row.operator_id, day_of(row.at), under[row.id]) for row in rows}


def _work(row: Row) -> str:
    return row.purpose.partition(".")[0]


def _reviewed(rows: Iterable[Row]) -> frozenset[int]:
    """点検済みの緊急の利用: the rows under a grant that has been reviewed.

    A row is under the newest grant before it, by their places in the trail: no clock is compared.
    """
    theirs = [row for row in rows if row.purpose in _EMERGENCIES and row.operator_id is not None]
    if not theirs:
        return frozenset()
    uses = EmergencyUse.objects.filter(
        operator__in={row.operator_id for row in theirs}, is_granted=True
    )
    by_use = {use.pk: use for use in uses}
    grants = Trail.objects.filter(
        event=_GRANTED, detail__what="granted", detail__use__in=list(by_use)
    )
    given = [
        (one["id"], by_use[int(one["detail"]["use"])]) for one in grants.values("id", "detail")
    ]
    return frozenset(row.id for row in theirs if _is_reviewed(row, given))


def _is_reviewed(row: Row, given: Iterable[tuple[int, EmergencyUse]]) -> bool:
    before = [
        (place, use)
        for place, use in given
        if place < row.id and (use.operator_id, use.purpose) == (row.operator_id, row.purpose)
    ]
    return bool(before) and max(before, key=lambda one: one[0])[1].reviewed_at is not None
