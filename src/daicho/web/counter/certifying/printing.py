"""発行: the answer is the PDF itself, opened beside the screen; nothing of it stays here."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from daicho.access.acting import Actor
from daicho.access.refusals import Refused
from daicho.certificates.issuing import Issued, Unconfirmed, issue
from daicho.law.rule import Finding
from daicho.web.asking import Request
from daicho.web.counter.certifying.desk import work_at
from daicho.web.counter.certifying.form import SentForm
from daicho.web.counter.inquiry.work import Work
from daicho.web.required import at_terminal, methods

# A browser shows a PDF in a page of its own making, which needs its own style.
POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@methods("POST")
@at_terminal
def print_one(request: Request, actor: Actor, reception_id: UUID, record_id: UUID) -> HttpResponse:
    """発行する: one copy; whatever speaks against it is told in the same new page."""
    work, reception = work_at(actor, reception_id)
    form = SentForm(reception, record_id, request.POST)
    if not form.is_valid():
        return _not_issued(request, work, form)
    wanted = form.order(frozenset(request.POST.getlist("accept")))
    try:
        made = issue(work.permit, wanted)
    except LookupError:  # the page was made up: it offers nobody who is not in the register
        return _not_issued(request, work, form)
    except Unconfirmed as asked:
        return _not_issued(request, work, form, asked.findings)
    except Refused as refused:
        return _not_issued(request, work, form, refused.findings)
    return answer(made)


def answer(made: Issued) -> HttpResponse:
    """PDFの応答: the file itself, under a name that tells nobody's."""
    return HttpResponse(
        made.pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="DAICHO-{made.number}.pdf"',
            "Content-Security-Policy": POLICY,
        },
    )


def _not_issued(
    request: Request, work: Work, form: SentForm, findings: tuple[Finding, ...] = ()
) -> HttpResponse:
    context = {
        "work": work,
        "reception_id": form.reception.reception_id,
        "record_id": form.record_id,
        "findings": findings,
    }
    return render(request, "counter/certifying/not_issued.html", context, status=422)
