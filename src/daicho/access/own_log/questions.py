"""利用の理由の質問: asked once by the person about one use, answered once by the office that used.

What was written stands in its own tables alone, never in the trail, the log or an address.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from daicho.access.acting import Actor
from daicho.access.models import OwnLogAnswer, OwnLogQuestion, Trail
from daicho.access.own_log import offices, queries
from daicho.access.people.registering import NotThere, alone, refuse
from daicho.access.permits import Permit, demand_work, look, trail_refusal
from daicho.access.refusals import Refused
from daicho.law.own_log import asking
from daicho.law.receptions import numbers_in_text
from daicho.law.rule import Finding

ASK = "own_log"
"""質問の機能: of the machine's job, for the person."""
ANSWER = "own_log_answer"
"""回答の機能: for which the permit of who answers must be."""
MOST = 100
"""一覧の上限: so many of the oldest open questions, and of the newest answered ones."""
OF_MACHINES = "information_systems"
"""機械の利用の所属: the kind of office that answers for what no operator did."""


@dataclass(frozen=True)
class Question:
    """質問: about one use, as it stands; `answer` is blank and `answered_at` None while it is open.

    `looker` is the name of whose use it was, for the office alone; blank where a machine did it.
    `office` is blank then too, and where the person is not told which it was (`is_untold`).
    """

    question_id: int
    record_id: UUID
    trail_id: int
    used_at: datetime
    event: str
    purpose: str
    office: str
    looker: str
    asked_on: date
    due_on: date
    is_overdue: bool
    text: str
    answer: str
    answered_at: datetime | None
    is_untold: bool = False

    @property
    def is_open(self) -> bool:
        """Does it wait for its answer?"""
        return self.answered_at is None


def ask(permit: Permit, record_id: UUID, trail_id: int, text: str) -> None:
    """質問する: about one use that the own list shows; a repeat of a request changes nothing.

    Raises Refused, trailed.
    """
    demand_work(permit, ASK)
    with _refusals(permit, record_id), transaction.atomic():
        alone(str(permit.request_id))  # of two of one request the second sees the first
        alone(f"own log question {trail_id} {record_id}")
        sent = OwnLogQuestion.objects.filter(request_id=permit.request_id).first()
        if sent is not None and (sent.record_id, sent.trail_id) == (record_id, trail_id):
            return
        used = queries.one(permit, record_id, trail_id)
        its = OwnLogQuestion.objects.filter(record_id=record_id, trail_id=trail_id)
        is_asked = sent is not None or its.exists()
        said = _said(text)
        refuse([asking.may_ask(used is not None, is_asked, on=permit.on)])
        refuse([_written(said, permit.on)])
        row = Trail.objects.get(pk=trail_id)
        OwnLogQuestion.objects.create(
            request_id=permit.request_id,
            record_id=record_id,
            trail_id=trail_id,
            office=row.office,
            looker_id=row.operator_id,
            asked_on=permit.on,
            text=said,
        )
        look(
            permit,
            "own_log_asked",
            "own_log.ask",
            record_ids=[record_id],
            detail={"row": trail_id},
        )


def _said(text: str) -> str:
    # a text of the database holds no NUL
    return text.replace("\0", "").strip()


def _written(said: str, on: date) -> Finding | None:
    return asking.written(len(said), numbers_in_text.holds_number([said]), on=on)


def of_person(permit: Permit, record_id: UUID) -> tuple[Question, ...]:
    """本人の質問: those of one person with their answers, the newest first; one look, trailed."""
    demand_work(permit, ASK)
    rows = OwnLogQuestion.objects.filter(record_id=record_id).order_by("-id")[:MOST]
    with transaction.atomic():
        found = _read(rows, permit)
        look(
            permit,
            "own_log_shown",
            "own_log.questions",
            record_ids=[record_id],
            detail={"rows": len(found)},
        )
    return found


def asked_about(record_id: UUID) -> frozenset[int]:
    """質問済みの利用: by the rows of the trail; tells of nothing that the list does not show."""
    rows = OwnLogQuestion.objects.filter(record_id=record_id)
    return frozenset(rows.values_list("trail_id", flat=True))


def of_office(permit: Permit) -> tuple[tuple[Question, ...], tuple[Question, ...]]:
    """所属への質問: the open ones, the oldest first, and the newest that were answered.

    The list shows nobody's name, number or words: its look names none of them, or each opening
    would stand in everybody's own log.
    """
    demand_work(permit, ANSWER)
    mine = _of_office(_who(permit))
    waiting = mine.filter(answer__isnull=True).order_by("id")[:MOST]
    done = mine.filter(answer__isnull=False).order_by("-id")[:MOST]
    with transaction.atomic():
        found = _read(waiting, permit), _read(done, permit)
        _trail(permit, sum(map(len, found)))
    return found


def open_count(permit: Permit) -> tuple[int, int]:
    """答えていない質問の数: and how many of them are overdue; a count leaves no trail row."""
    demand_work(permit, ANSWER)
    waiting = _of_office(_who(permit)).filter(answer__isnull=True)
    days = list(waiting.values_list("asked_on", flat=True))
    return len(days), sum(asking.overdue(day, on=permit.on) is not None for day in days)


def one(permit: Permit, question_id: int) -> Question | None:
    """一つの質問: None where the office has none of that number; one look, trailed."""
    demand_work(permit, ANSWER)
    rows = _of_office(_who(permit)).filter(pk=question_id)
    with transaction.atomic():
        found = _read(rows, permit)
        _trail(permit, len(found), [each.record_id for each in found])
    return found[0] if found else None


def hindered(permit: Permit, question_id: int) -> Finding | None:
    """答えられない理由: what keeps this person from answering it now."""
    demand_work(permit, ANSWER)
    row = _held(permit, question_id)
    is_answered = OwnLogAnswer.objects.filter(pk=row.pk).exists()
    me = _who(permit).operator_id
    return asking.may_answer(row.looker_id, me, is_answered, on=permit.on)


def answer(permit: Permit, question_id: int, text: str) -> None:
    """答える: once, by somebody else than whose use it was. Raises Refused, trailed, or NotThere.

    The same person who sends the same answer twice is told that it was given.
    """
    demand_work(permit, ANSWER)
    row = _held(permit, question_id)
    said = _said(text)
    with _refusals(permit, row.record_id), transaction.atomic():
        alone(f"own log question {row.trail_id} {row.record_id}")
        given = OwnLogAnswer.objects.filter(pk=row.pk).first()
        if given is not None and (given.by_id, given.text) == (_who(permit).operator_id, said):
            return
        refuse([hindered(permit, question_id)])
        refuse([_written(said, permit.on)])
        OwnLogAnswer.objects.create(question=row, by_id=_who(permit).operator_id, text=said)
        look(
            permit,
            "own_log_answered",
            "own_log.answer",
            record_ids=[row.record_id],
            detail={"row": row.trail_id},
        )


def _who(permit: Permit) -> Actor:
    assert permit.actor is not None, "an office's questions are answered by persons"
    return permit.actor


def _of_office(actor: Actor) -> "QuerySet[OwnLogQuestion]":
    mine = Q(office=actor.office)
    if actor.office_kind == OF_MACHINES:
        mine |= Q(office="")
    return OwnLogQuestion.objects.filter(mine)


def _held(permit: Permit, question_id: int) -> OwnLogQuestion:
    row = _of_office(_who(permit)).filter(pk=question_id).first()
    if row is None:
        raise NotThere(question_id)
    return row


def _read(rows: "QuerySet[OwnLogQuestion]", permit: Permit) -> tuple[Question, ...]:
    on = permit.on
    found = list(rows.select_related("answer", "looker"))
    uses = Trail.objects.in_bulk([row.trail_id for row in found])
    names = offices.names(permit)
    return tuple(
        Question(
            question_id=row.pk,
            record_id=row.record_id,
            trail_id=row.trail_id,
            used_at=uses[row.trail_id].at,
            event=uses[row.trail_id].event,
            purpose=uses[row.trail_id].purpose,
            office=names.get(row.office, row.office),
            looker=row.looker.name if row.looker else "",
            asked_on=row.asked_on,
            due_on=asking.due_on(row.asked_on, on=on),
            is_overdue=not _is_answered(row) and asking.overdue(row.asked_on, on=on) is not None,
            text=row.text,
            answer=row.answer.text if _is_answered(row) else "",
            answered_at=row.answer.at if _is_answered(row) else None,
            is_untold=bool(row.office) and not names.get(row.office, row.office),
        )
        for row in found
    )


def _is_answered(row: OwnLogQuestion) -> bool:
    return hasattr(row, "answer")


def _trail(permit: Permit, count: int, record_ids: Sequence[UUID] = ()) -> None:
    said = {"rows": count}
    look(permit, "own_log_questions_shown", "own_log.office", record_ids=record_ids, detail=said)


@contextmanager
def _refusals(permit: Permit, record_id: UUID) -> Iterator[None]:
    """What is refused inside is rolled back, trailed, and raised on."""
    try:
        yield
    except Refused as refused:
        trail_refusal(
            permit,
            refused.findings,
            event="own_log_refused",
            door="own_log.question",
            record_ids=[record_id],
        )
        raise
