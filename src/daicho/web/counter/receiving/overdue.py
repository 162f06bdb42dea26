"""消除できなかった転出予定者: who should have been closed by now, why not, and what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from django.http import HttpResponse
from django.shortcuts import render

from daicho import recording
from daicho.access import clock, permits
from daicho.access.acting import Actor
from daicho.access.permits import Permit
from daicho.law.rule import Finding
from daicho.recording import NotClosed
from daicho.register.search.hits import Hit
from daicho.terms.dates import wareki
from daicho.web.asking import Request
from daicho.web.counter.changing import seeing
from daicho.web.counter.inquiry.hits import Mark, marks_of
from daicho.web.required import at_terminal, methods

MENDING = "change.moved_out"
"""転出の事務: the purpose under which it is seen who should have been closed."""

HOUSEHOLDS_MOST = 50


@dataclass(frozen=True)
class Line:
    """一覧の行: a household of one planned day; what refuses of whom, or the reason in words.

    `people` have a number on the page, by which a key chooses them.
    """

    planned_on: str
    people: list[tuple[int, Hit, list[Mark]]]
    refusals: list[tuple[Finding, str]]
    reason: str
    remedy: str


_STOPPED = (
    "この予定日の消除は取り消されているため、自動では消除しません。",
    "転出するときは、転出の受付で届出を記載し直してください。"
    "転出しないときは、異動の取消しの受付で転出の届出を取り消してください。",
)
_FAILED = (
    "プログラムの誤りで処理が止まっています。",
    "情報システム担当に、この画面と予定日を伝えてください。",
)
_WAITING = (
    "消除を妨げる記載はありません。",
    "毎時1分の処理で消除します。その後も残るときは、情報システム担当に伝えてください。",
)


@methods("GET")
@at_terminal
def overdue(request: Request, actor: Actor) -> HttpResponse:
    """消除できなかった転出予定者の一覧 (1.1.5)."""
    on = clock.today()
    permit = permits.permit(actor, MENDING, on)
    found = recording.not_closed(permit, on, HOUSEHOLDS_MOST + 1)
    numbers = count(1)  # of the persons, whatever their household: a key chooses by it
    context = {
        "lines": [_line(one, numbers, permit) for one in found[:HOUSEHOLDS_MOST]],
        "has_more": len(found) > HOUSEHOLDS_MOST,
        "most": HOUSEHOLDS_MOST,
    }
    return render(request, "counter/receiving/overdue.html", context)


def _line(one: NotClosed, numbers: Iterator[int], permit: Permit) -> Line:
    due = one.overdue.due
    reason, remedy = ("", "") if one.refusals else _words(one)
    people = [(next(numbers), hit, marks_of(hit.marks)) for hit in one.overdue.people]
    refusals = [(seeing.of_item(it, permit), _whose(it, one)) for it in one.refusals]
    return Line(wareki(due.planned_on), people, refusals, reason, remedy)


def _whose(refusal: Finding, one: NotClosed) -> str:
    """Those of the household whom it is about; blank where there is no other."""
    names = {hit.record_id: hit.name or "氏名なし" for hit in one.overdue.people}
    whom = [names[it] for it in one.concerns.get(refusal, ()) if it in names]
    return "、".join(whom) if len(names) > 1 else ""


def _words(one: NotClosed) -> tuple[str, str]:
    if one.overdue.due.is_stopped:
        return _STOPPED
    return _FAILED if one.failed else _WAITING
