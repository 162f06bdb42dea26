"""交付する: judge, draw a number, set, sign, read again, record; only then give the file away."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from daicho.access.permits import Permit, look
from daicho.certificates import lock, numbering, queries, setting
from daicho.certificates.forms import Fit
from daicho.certificates.issuing import signing_key
from daicho.certificates.issuing.asking import copies
from daicho.certificates.issuing.order import MOVED_OUT, Order, Unconfirmed
from daicho.certificates.issuing.preparing import Prepared, fitted, prepare, refuse_issue, town
from daicho.certificates.issuing.spoiling import printed
from daicho.certificates.models import Issue
from daicho.certificates.numbering import IssueNumber
from daicho.certificates.queries import IssueView
from daicho.certificates.reading import Unreadable
from daicho.law.changes.door import unchanged_since
from daicho.law.disclosure import decide
from daicho.law.disclosure import issuing as law
from daicho.law.disclosure.issued_copies import handed_out
from daicho.law.disclosure.moving_out import is_first_or_reissue
from daicho.law.rule import Finding
from daicho.register import locks
from daicho.register.receiving import answering, taking
from daicho.vault import numbers


@dataclass(frozen=True)
class Issued:
    """交付された証明書: the signed file, and under which number it stands in the record."""

    issue_id: UUID
    number: IssueNumber
    pdf: bytes = field(repr=False)
    page_count: int
    posted_to_principal: bool


def issue(permit: Permit, order: Order) -> Issued:
    """交付する: one copy; the permit is that of the 受付, its request makes one certificate.

    Raises Refused, trailed, or Unconfirmed, with nothing given. The file comes after the commit of
    its row and its trail row; should it be lost on the way, it is 書損 and issued anew.
    """
    prepared = prepare(permit, order)
    _stop(prepared, _said_before(permit, prepared.issued))
    _stop(prepared, prepared.findings)
    _ask(order, prepared.findings)
    given = {one: numbers.get(prepared.permit, one) or "" for one in prepared.numbered}
    assert permit.actor is not None, "prepare() has said so"
    number = numbering.draw(permit.actor.terminal, permit.on)
    fit = fitted(prepared, number, given)
    _stop(prepared, fit.findings)
    _ask(order, fit.findings)
    pdf = _signed(prepared, number, setting.compile_pdf(fit, issued_on=number.issued_on))
    _stop(prepared, _checked(prepared, pdf))
    try:
        row = _recorded(permit, prepared, _row(prepared, number, fit, pdf))
    except IntegrityError:
        # sent at once under another 受付 too, and that one was first
        is_issued = Issue.objects.filter(request_id=permit.request_id).exists()
        _stop(prepared, _one_of_a_form(permit, is_issued))
        raise
    if isinstance(row, Finding):
        refuse_issue(prepared, (row,))
    return Issued(row.issue_id, number, pdf, row.page_count, row.posted_to_principal)


def _said_before(permit: Permit, issued: Sequence[IssueView]) -> tuple[Finding, ...]:
    return _one_of_a_form(permit, any(one.request_id == permit.request_id for one in issued))


def _one_of_a_form(permit: Permit, is_issued: bool) -> tuple[Finding, ...]:
    found = law.one_of_a_form(is_issued, on=permit.on)
    return (found,) if found else ()


def _stop(prepared: Prepared, findings: Sequence[Finding]) -> None:
    refusals = tuple(one for one in findings if one.refuses)
    if refusals:
        refuse_issue(prepared, refusals)


def _ask(order: Order, findings: Sequence[Finding]) -> None:
    if any(one.code not in order.accepted for one in findings):
        raise Unconfirmed(findings)


def _signed(prepared: Prepared, number: IssueNumber, pdf: bytes) -> bytes:
    permit, order = prepared.permit, prepared.order
    try:
        return signing_key.signed(
            pdf, permit.request_id, order.record_ids, str(number), number.issued_on
        )
    except Unreadable:  # what we have just set ourselves: whatever it is, it is no certificate
        refuse_issue(prepared, handed_out(True, False, on=permit.on))


def _checked(prepared: Prepared, pdf: bytes) -> tuple[Finding, ...]:
    """取り違えの確認: the very bytes that are given away, read again."""
    names = [one.name.joined for one in prepared.records]
    permit, order = prepared.permit, prepared.order
    return lock.check(pdf, permit.request_id, order.record_ids, signing_key.key(), names)


def _recorded(permit: Permit, prepared: Prepared, row: Issue) -> Issue | Finding:
    """The row, its trail row and the end of the 受付, in one transaction; or what stopped it."""
    order, own = prepared.order, prepared.permit
    with transaction.atomic(durable=True):
        # asked again under locks: two clerks could each make the first one, or the same copy, and
        # whoever imports the persons anew, with their marks, has the register alone
        answering.take_beside_others(order.reception_id)
        if order.form == MOVED_OUT:
            locks.take_numbers(one.bytes for one in order.record_ids)
        if wrong := _overtaken(permit, prepared):
            return wrong
        if order.form == MOVED_OUT:
            has_first = any(queries.first_issue(own, one) for one in prepared.certified)
            if wrong := is_first_or_reissue(order.is_reissue, has_first, on=own.on):
                return wrong
        row.save()
        look(
            own,
            "issue",
            "certificates.issue",
            record_ids=order.record_ids,
            number_seen=row.shows_individual_number,
            detail={
                **printed(row),
                "copy": order.copy_no,
                "capacity": prepared.reception.capacity,
            },
        )
        if prepared.reception.work == "certificate":
            taking.write_end(permit, prepared.reception, "issued")
    return row


def _overtaken(permit: Permit, prepared: Prepared) -> Finding | None:
    """What another request under the same 受付 has made in the meantime."""
    order, wanted = prepared.order, prepared.reception.copy_count
    issued = queries.issues_under(permit, order.reception_id)
    said_before = _said_before(permit, issued)
    found = (*said_before, *copies(permit, order, wanted, issued), *_changed(prepared))
    return next(iter(found), None)


def _changed(prepared: Prepared) -> tuple[Finding, ...]:
    """What was recorded of the persons since they were read, or marked: until the commit nothing
    more of either is."""
    own, before = prepared.permit, prepared.certified
    now = queries.again(own, before)
    if now is not None:
        refused = decide(prepared.decision.request, [one.subject for one in now], own.on).refused
        if refused:  # 支援措置 or a suppression, in the words that tell nothing of it
            return refused
    changed = unchanged_since(now == before, on=own.on)
    return (changed,) if changed else ()


def _row(prepared: Prepared, number: IssueNumber, fit: Fit, pdf: bytes) -> Issue:
    order, own, decision = prepared.order, prepared.permit, prepared.decision
    assert own.actor is not None, "prepare() has said so"
    assert prepared.certifier is not None, "asked before: certifier_named"
    first = prepared.first[0] if prepared.first else None
    return Issue(
        issue_id=uuid4(),
        number=_written(number),
        request_id=own.request_id,
        reception_id=order.reception_id,
        purpose=own.purpose,
        form=order.form,
        record_ids=list(order.record_ids),
        history_nos=list(prepared.history_nos),
        # all that was confirmed, so that the next copy need not ask again
        decision={**decision.to_body(), "findings": _codes(prepared, fit)},
        page_count=len(fit.sheets.pages),
        copy_no=order.copy_no,
        copy_count=order.copy_count,
        file_hash=sha256(pdf).digest(),
        issued_on=number.issued_on,
        is_reissue=order.is_reissue,
        reissue_of=order.replaces or first,
        posted_to_principal=decision.post_to_principal,
        shows_individual_number=bool(prepared.numbered),
        shows_record_code=any(decision.shows(one, "record_code") for one in order.record_ids),
        certifier_id=prepared.certifier.certifier_id,
        operator_id=own.actor.operator_id,
        office=own.actor.office,
        terminal=own.actor.terminal,
        ward=own.actor.ward,
    )


def _codes(prepared: Prepared, fit: Fit) -> list[str]:
    return [*dict.fromkeys(one.code for one in (*prepared.findings, *fit.findings))]


def _written(number: IssueNumber) -> str:
    """発行番号 as the paper has it, without page and pages."""
    day = f"{number.issued_on:%Y%m%d}"
    return " ".join((day, town(), number.terminal, number.printer, f"{number.serial:03}"))
