"""住民票コード通知票等の交付 (標準仕様書 4.3.3): set, sign, read again, record; then give away.

What is told is the code as it stands, by the notice of the change that brought it; so it can be
printed again as long as that code stands. It is on record with what else was issued of the person.
"""

from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID, uuid4

from django.db import transaction

from daicho.access.permits import Permit, demand, demand_work, look, trail_refusal
from daicho.access.refusals import Refused
from daicho.certificates import font, forms, lock, numbering, queries, setting
from daicho.certificates.certifiers import Certifier, certifier
from daicho.certificates.forms import Fit, Paper
from daicho.certificates.issuing import signing_key
from daicho.certificates.issuing.door import Issued
from daicho.certificates.issuing.order import Unconfirmed
from daicho.certificates.issuing.preparing import town
from daicho.certificates.issuing.spoiling import printed
from daicho.certificates.models import Issue
from daicho.certificates.numbering import IssueNumber
from daicho.certificates.queries import Certified
from daicho.law import record_codes as law
from daicho.law.changes.door import unchanged_since
from daicho.law.disclosure import issuing
from daicho.law.disclosure.persons import may_be_issued
from daicho.law.rule import Finding
from daicho.register import record_codes
from daicho.register.receiving import answering
from daicho.register.receiving.receptions import Reception, owned

FUNCTION = "record_code_notice"


def issue_code_notice(
    permit: Permit, reception_id: UUID, record_id: UUID, accepted: frozenset[str] = frozenset()
) -> Issued:
    """通知票を交付する: one sheet of that person; the permit is that of the 受付.

    Raises Refused, trailed, or Unconfirmed, with nothing given; LookupError for nobody.
    """
    demand_work(permit, FUNCTION)
    demand(permit, "record_code")
    reception = owned(permit, reception_id)
    (one,) = queries.certified(permit, [record_id]) or (None,)
    if one is None:
        raise LookupError("the notice is of somebody who is not in the register")
    form, named = _form(permit, one), certifier(permit.on)
    found = _found(permit, one, form, named)
    _stop(permit, record_id, found)
    if any(it.code not in accepted for it in found):
        raise Unconfirmed(found)
    assert named is not None, "asked before: certifier_named"
    assert permit.actor is not None, "owned() has said so"
    number = numbering.draw(permit.actor.terminal, permit.on)
    fit = _fitted(one, form, named, number)
    _stop(permit, record_id, fit.findings)
    pdf = setting.compile_pdf(fit, issued_on=number.issued_on)
    pdf = signing_key.signed(pdf, permit.request_id, (record_id,), str(number), number.issued_on)
    shows = (one.record.name.joined, one.record.resident_record_code)
    _stop(
        permit,
        record_id,
        lock.check(pdf, permit.request_id, (record_id,), signing_key.key(), shows),
    )
    row = _row(permit, reception, one, named, number, fit, form, pdf)
    _stop(permit, record_id, _recorded(permit, reception, one, row))
    return Issued(row.issue_id, number, pdf, row.page_count, posted_to_principal=False)


def _form(permit: Permit, one: Certified) -> str:
    """通知票の別: that of the change which brought the code; blank where no notice tells it."""
    came = record_codes.came_by(permit, one.record_id)
    return law.told_by(came.reason, came.is_of_stock, on=permit.on) if came else ""


def _found(
    permit: Permit, one: Certified, form: str, named: Certifier | None
) -> tuple[Finding, ...]:
    on, subject = permit.on, one.subject
    protected = subject.protected or subject.provisionally_protected
    withheld = may_be_issued(protected, subject.suppressed, on=on)
    if withheld is not None and withheld.refuses:  # what protects somebody comes alone
        return (withheld,)
    found = (
        withheld,
        law.notice_there(bool(form), on=on),
        issuing.certifier_named(named is not None, on=on),
        issuing.signer_in_force(signing_key.is_in_force(), on=on),
    )
    return tuple(it for it in found if it is not None)


def _stop(permit: Permit, record_id: UUID, findings: Sequence[Finding]) -> None:
    refusals = tuple(one for one in findings if one.refuses)
    if refusals:
        trail_refusal(
            permit,
            refusals,
            event="issue_refused",
            door="certificates.code_notice",
            record_ids=[record_id],
            form=FUNCTION,
        )
        raise Refused(refusals)


def _fitted(one: Certified, form: str, named: Certifier, number: IssueNumber) -> Fit:
    paper = Paper(
        municipality=town(),
        issuer_title=named.title,
        issuer_name=named.name,
        seal=named.seal,
        seal_svg=named.seal_svg,
        issued_on=number.issued_on,
        terminal=number.terminal,
        printer=number.printer,
        serial=number.serial,
        is_specimen=signing_key.is_made_up(),
    )
    sheets = forms.record_code_notice(one.record, form, paper)
    return forms.fit(sheets, font.face(), number.issued_on)


def _recorded(
    permit: Permit, reception: Reception, one: Certified, row: Issue
) -> tuple[Finding, ...]:
    """The row and its trail row in one transaction; or what stopped it meanwhile."""
    with transaction.atomic(durable=True):
        answering.take_beside_others(reception.reception_id)
        is_issued = Issue.objects.filter(request_id=permit.request_id).exists()
        is_same = queries.again(permit, (one,)) == (one,)
        found = (
            issuing.one_of_a_form(is_issued, on=permit.on),
            unchanged_since(is_same, on=permit.on),
        )
        if wrong := tuple(it for it in found if it is not None):
            return wrong
        row.save()
        said = {**printed(row), "copy": 1}
        if reception.capacity:
            said["capacity"] = reception.capacity
        look(permit, "issue", "certificates.code_notice", record_ids=[one.record_id], detail=said)
    return ()


def _row(
    permit: Permit,
    reception: Reception,
    one: Certified,
    named: Certifier,
    number: IssueNumber,
    fit: Fit,
    form: str,
    pdf: bytes,
) -> Issue:
    actor = permit.actor
    assert actor is not None, "owned() has said so"
    day = f"{number.issued_on:%Y%m%d}"
    parts = (day, town(), number.terminal, number.printer, f"{number.serial:03}")
    return Issue(
        issue_id=uuid4(),
        number=" ".join(parts),
        request_id=permit.request_id,
        reception_id=reception.reception_id,
        purpose=permit.purpose,
        form=form,
        record_ids=[one.record_id],
        history_nos=[one.history_no],
        decision={"asked": ["record_code"], "with_history": False, "special_history": ""},
        page_count=len(fit.sheets.pages),
        copy_no=1,
        copy_count=1,
        file_hash=sha256(pdf).digest(),
        issued_on=number.issued_on,
        is_reissue=False,
        reissue_of=None,
        posted_to_principal=False,
        shows_individual_number=False,
        shows_record_code=True,
        certifier_id=named.certifier_id,
        operator_id=actor.operator_id,
        office=actor.office,
        terminal=actor.terminal,
        ward=actor.ward,
    )
