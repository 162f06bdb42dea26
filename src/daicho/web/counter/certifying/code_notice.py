"""住民票コード通知票等の印刷 (標準仕様書 4.3.3): offered after the recording, and again later."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render

from daicho.access.acting import Actor
from daicho.access.refusals import Refused
from daicho.certificates.issuing import Unconfirmed, issue_code_notice
from daicho.law import record_codes as law
from daicho.law.rule import Finding
from daicho.register import record_codes
from daicho.register.queries import Member, Person
from daicho.web.asking import Request
from daicho.web.counter.certifying.printing import answer
from daicho.web.counter.inquiry.work import Work, work_for
from daicho.web.required import at_terminal, methods

FUNCTION = "record_code_notice"


@dataclass(frozen=True)
class Offered:
    """印刷できる通知票: of whom, and which."""

    record_id: UUID
    name: str
    title: str


def of_person(work: Work, person: Person) -> list[Offered]:
    """再出力: the notice by which the present code of that person was told."""
    if not _may_print(work) or not person.tells_more:
        return []
    came = record_codes.came_by(work.permit, person.record.record_id)
    return _offered(work, person.record.record_id, person.record.name.joined, came)


def of_reception(work: Work, members: Iterable[Member]) -> list[Offered]:
    """記録に続く出力: of those among the members to whom this 受付 has brought a code."""
    if not _may_print(work) or work.reception is None:
        return []
    brought = record_codes.brought_by(work.permit, work.reception.reception_id)
    its = [one for one in members if one.record.record_id in brought and not one.marks.withheld]
    return [
        it
        for one in its
        for it in _offered(
            work, one.record.record_id, one.record.name.joined, brought[one.record.record_id]
        )
    ]


def _may_print(work: Work) -> bool:
    is_shown = "record_code" in work.permit.sees
    return work.reception is not None and FUNCTION in work.functions and is_shown


def _offered(
    work: Work, record_id: UUID, name: str, came: record_codes.Came | None
) -> list[Offered]:
    form = law.told_by(came.reason, came.is_of_stock, on=work.permit.on) if came else ""
    return [Offered(record_id, name or "氏名なし", law.NOTICES[form])] if form else []


@methods("POST")
@at_terminal
def print_notice(
    request: Request, actor: Actor, reception_id: UUID, record_id: UUID
) -> HttpResponse:
    """通知票を印刷する: one sheet; whatever speaks against it is told in the same new page."""
    work = work_for(actor, str(reception_id), FUNCTION)
    accepted = frozenset(request.POST.getlist("accept"))
    try:
        made = issue_code_notice(work.permit, reception_id, record_id, accepted)
    except LookupError:
        raise Http404 from None
    except Unconfirmed as asked:
        return _not_printed(request, work, record_id, asked.findings, asks=True)
    except Refused as refused:
        return _not_printed(request, work, record_id, refused.findings, asks=False)
    return answer(made)


def _not_printed(
    request: Request, work: Work, record_id: UUID, findings: Iterable[Finding], *, asks: bool
) -> HttpResponse:
    context = {"work": work, "record_id": record_id, "findings": findings, "asks": asks}
    return render(request, "counter/certifying/notice_not_printed.html", context, status=422)
