"""分析の点検: each use that stood out is judged, and the month signed for; nothing is rewritten."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from daicho.access.analysing.books import USES, Book
from daicho.access.analysing.months import Month
from daicho.access.people.registering import NotThere, alone, refuse, step, told_before
from daicho.access.permits import Permit, demand_work, look
from daicho.law.rule import Finding
from daicho.law.safety.watching import judging

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


def judge(
    permit: Permit, analysis_id: int, judged: Mapping[int, Judged], book: Book = USES
) -> None:
    """判断する: the items of which something new is said; what others said meanwhile stays.

    Raises Refused for who is concerned himself, for a month that is signed for and where somebody
    else judged one of these items meanwhile; NotThere.
    """
    demand_work(permit, book.work)
    with step(permit, book.changed, "analyses.judge") as is_new:
        analysis = _held(book, analysis_id)
        # of a page that is sent again, with other words perhaps, only what stands there is done
        if is_new or not _stands(book, analysis, judged):
            _trail(permit, book, analysis.pk, "judged", _judge(permit, book, analysis, judged))


def sign(permit: Permit, analysis_id: int, judged: Mapping[int, Judged], book: Book = USES) -> None:
    """署名する: with the judgements as shown; raises Refused where one is missing or was changed
    meanwhile, for who is concerned by any of them, and for who took a suspicion back."""
    demand_work(permit, book.work)
    assert permit.actor is not None, "who signs is a person"
    with step(permit, book.changed, "analyses.sign") as is_new:
        analysis = _held(book, analysis_id)
        if not is_new and told_before(permit, book.changed, analysis=analysis.pk, what="signed"):
            return
        _judge(permit, book, analysis, judged)
        latest = outcomes(analysis.pk, book)
        rows = list(book.findings.filter(analysis=analysis))
        unlike = sum(
            row.pk not in judged or judged[row.pk].outcome != latest.get(row.pk, "") for row in rows
        )
        undecided = sum(latest.get(row.pk, judging.ASKING) == judging.ASKING for row in rows)
        who, on = permit.actor.operator_id, permit.on
        signed = is_signed(analysis.pk, book)
        refuse([judging.may_sign(who, _concerned(rows), undecided, signed, on=on)])
        refuse([judging.as_shown(unlike, on=on)])
        refuse([judging.withdrawn(who, _withdrew(analysis.pk, book), on=on)])
        book.signatures.create(analysis=analysis, by_id=who)
        _trail(permit, book, analysis.pk, "signed", len(rows))


def outcomes(analysis_id: int, book: Book = USES) -> Mapping[int, str]:
    """今の判断: the newest of each item of which anything was said."""
    said = book.judgements.filter(found__analysis=analysis_id).order_by("id")
    return dict(said.values_list("found", "outcome"))


def is_signed(analysis_id: int, book: Book = USES) -> bool:
    """署名済み."""
    return book.signatures.filter(analysis=analysis_id).exists()


def overdue(on: date, book: Book = USES) -> tuple[Finding, ...]:
    """期限を過ぎた点検: of each month of the last two years that is not signed for; names no
    person."""
    since = date(on.year - YEARS_TOLD, on.month, 1)
    rows = book.analyses.filter(month__gte=since, signature__isnull=True).order_by("month")
    found = (
        judging.overdue(row.month, Month(row.month).last_on, is_signed=False, on=on) for row in rows
    )
    return tuple(one for one in found if one is not None)


def _stands(book: Book, analysis: Any, judged: Mapping[int, Judged]) -> bool:
    """Is all that is newly said of these items what they were last judged as?"""
    latest = outcomes(analysis.pk, book)
    return all(latest.get(key) == one.outcome for key, one in judged.items() if one.is_new)


def _judge(permit: Permit, book: Book, analysis: Any, judged: Mapping[int, Judged]) -> int:
    """Write what is new; gives how many."""
    assert permit.actor is not None, "who judges is a person"
    who, on = permit.actor.operator_id, permit.on
    new = {key: one for key, one in judged.items() if one.is_new}
    assert all(one.outcome in judging.OUTCOMES for one in new.values()), "the form offers no other"
    rows = list(book.findings.filter(analysis=analysis, pk__in=new))
    refuse([judging.may_judge(who, _concerned(rows), is_signed(analysis.pk, book), on=on)])
    latest = outcomes(analysis.pk, book)
    changed = sum(latest.get(row.pk, "") != new[row.pk].before for row in rows)
    refuse([judging.as_shown(changed, on=on)])
    book.judgements.bulk_create(
        book.judgements.model(found=row, outcome=new[row.pk].outcome, by_id=who) for row in rows
    )
    return len(rows)


def _concerned(rows: Collection[Any]) -> frozenset[int]:
    return frozenset(who for row in rows for who in row.operators)


def _withdrew(analysis_id: int, book: Book) -> frozenset[int]:
    """Who took a suspicion back: by whom the newest judgement is of what was once suspected."""
    said = book.judgements.filter(found__analysis=analysis_id).order_by("id")
    suspected: set[int] = set()
    latest: dict[int, tuple[str, int]] = {}
    for found, outcome, by in said.values_list("found", "outcome", "by"):
        latest[found] = (outcome, by)
        if outcome == judging.SUSPECTED:
            suspected.add(found)
    newest = (latest[found] for found in suspected)
    return frozenset(by for outcome, by in newest if outcome != judging.SUSPECTED)


def _held(book: Book, analysis_id: int) -> Any:
    """The analysis; of two who judge at once one waits."""
    row = book.analyses.filter(pk=analysis_id).first()
    if row is None:
        raise NotThere(analysis_id)
    alone(f"{book.name} {row.month}")
    return row


def _trail(permit: Permit, book: Book, analysis_id: int, what: str, rows: int) -> None:
    said: dict[str, int | str] = {"analysis": analysis_id, "rows": rows, "what": what}
    look(permit, book.changed, f"analysing.{what}", detail=said)
