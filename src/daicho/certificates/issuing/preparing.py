"""交付の準備: who is certified, what the law shows of them, and the sheets that say it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NoReturn
from uuid import UUID

from django.conf import settings

from daicho.access.permits import Permit, demand_work, refuse, trail_refusal
from daicho.access.refusals import Refused
from daicho.certificates import font, forms, queries
from daicho.certificates.certifiers import Certifier, certifier
from daicho.certificates.forms import Fit, Paper, Sheets
from daicho.certificates.issuing import signing_key
from daicho.certificates.issuing.asking import beyond, under
from daicho.certificates.issuing.order import MOVED_OUT, NUMBER, Order, own_permit
from daicho.certificates.issuing.unseen import unseen
from daicho.certificates.numbering import IssueNumber
from daicho.certificates.queries import Certified, IssueView
from daicho.law import receptions
from daicho.law.disclosure import Decision, Request, decide, issuing
from daicho.law.rule import Finding
from daicho.register import remarks
from daicho.register.places.dictionary import municipality_name
from daicho.register.receiving.receptions import Reception, owned
from daicho.terms.records import Record


@dataclass(frozen=True)
class Prepared:
    """準備された交付: what is decided before anything is drawn.

    `permit` is that of the certificate's own purpose. `issued` is what has left under the 受付.
    `first` names the first issue of a 転出証明書, and the versions that it showed. `records` are
    what the paper says.
    """

    order: Order
    permit: Permit
    reception: Reception
    issued: tuple[IssueView, ...]
    certified: tuple[Certified, ...]
    decision: Decision
    certifier: Certifier | None
    first: tuple[UUID, Mapping[UUID, int]] | None = field(repr=False)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """判定: a refusal of the decision alone; else all that is found so far."""
        if self.decision.refused:
            return self.decision.refused
        on = self.permit.on
        wanting = (
            issuing.certifier_named(self.certifier is not None, on=on),
            issuing.signer_in_force(signing_key.is_in_force(), on=on),
        )
        return (*(one for one in wanting if one), *self.decision.alerts)

    @cached_property
    def history_nos(self) -> tuple[int, ...]:
        """版: the 履歴番号 that is certified of each; a 再交付 repeats the first content."""
        if self.order.is_reissue and self.first is not None:
            return tuple(self.first[1][one.record_id] for one in self.certified)
        return tuple(one.history_no for one in self.certified)

    @cached_property
    def records(self) -> tuple[Record, ...]:
        """記載: of each the version certified, with the 住民票コード of today."""
        found = []
        for one, history_no in zip(self.certified, self.history_nos, strict=True):
            record = one.at(history_no)
            assert record is not None, "queries.first_issue looks at the present residence alone"
            code = one.record.resident_record_code
            found.append(replace(record, resident_record_code=code))
        return tuple(found)

    @property
    def numbered(self) -> tuple[UUID, ...]:
        """個人番号を載せる者: who has one and whose is printed."""
        return tuple(
            one.record_id
            for one in self.certified
            if self.decision.shows(one.record_id, NUMBER)
            and one.record.individual_number_state == "held"
        )


def prepare(permit: Permit, order: Order) -> Prepared:
    """準備する: look at the persons and judge the order; the permit is that of the 受付.

    A 受付 of another office, one that has ended, and other work are refused, trailed; a record_id
    of nobody raises LookupError.
    """
    demand_work(permit, order.function)
    reception = owned(permit, order.reception_id)
    assert permit.actor is not None, "owned() has said so"
    is_ended, on = reception.is_ended, permit.on
    if ended := receptions.still_open(reception.taken_on, reception.is_answered, is_ended, on=on):
        refuse(permit.actor, permit.purpose, ended)
    own = own_permit(permit, order)
    certified = queries.certified(own, order.record_ids)
    if len(certified) != len(order.record_ids):
        raise LookupError("the order names somebody who is not in the register")
    first, has_first = _first(own, order, certified)
    request = Request(
        form=order.form,
        requester=reception.capacity,
        asked=frozenset() if order.form == MOVED_OUT else order.asked,
        with_history=order.with_history,
        special_history=order.special_history,
        is_reissue=order.is_reissue,
        has_first_issue=has_first,
        by_special=any(one.by_special for one in certified),
        under=under(permit, reception, order.record_ids),
    )
    decision = decide(request, [one.subject for one in certified], on)
    issued = queries.issues_under(permit, order.reception_id)
    if not decision.refused:  # a refusal that protects somebody comes alone
        beside = (
            *beyond(permit, order, reception, [one.record for one in certified], issued),
            *unseen(own, decision, certified),
        )
        decision = replace(decision, findings=(*decision.findings, *beside))
    return Prepared(order, own, reception, issued, certified, decision, certifier(on), first)


def _first(
    own: Permit, order: Order, certified: tuple[Certified, ...]
) -> tuple[tuple[UUID, Mapping[UUID, int]] | None, bool]:
    """The first issue of a 転出証明書, and whether there is one for this order.

    A 再交付 repeats a first one whole: it is of all on that one who move by the same 転出届 still.
    """
    if order.form != MOVED_OUT:
        return None, False
    found = [queries.first_issue(own, one) for one in certified]
    given = [one for one in found if one is not None]
    if not order.is_reissue:
        return None, bool(given)
    is_one = bool(given) and all(one == given[0] for one in found)
    if not is_one or queries.moving_by(own, given[0][1]) != set(order.record_ids):
        return None, False
    return given[0], True


def sheets(prepared: Prepared, number: IssueNumber, numbers: Mapping[UUID, str]) -> Sheets:
    """紙面: what the certificate says; `numbers` are the 個人番号 out of the vault."""
    assert prepared.certifier is not None, "asked before: certifier_named"
    named, decision, records = prepared.certifier, prepared.decision, prepared.records
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
    if prepared.order.form == "household_copy":
        return forms.household_copy(records, decision, paper, numbers)
    if prepared.order.form == MOVED_OUT:
        return forms.moved_out_certificate(records, decision, paper, numbers)
    (one,) = prepared.certified
    written = remarks.of(prepared.permit, one.record_id)
    remark = written[0].text if written else ""
    own = numbers.get(one.record_id, "")
    return forms.individual_copy(one.pasts, remark, decision, paper, font.face(), own)


def fitted(prepared: Prepared, number: IssueNumber, numbers: Mapping[UUID, str]) -> Fit:
    """割付け: the sheets with every text in its box, or what finds no glyph or no room."""
    return forms.fit(sheets(prepared, number, numbers), font.face(), prepared.permit.on)


def town() -> str:
    """市区町村名: as the 発行番号 has it."""
    return municipality_name(settings.MUNICIPALITY) or str(settings.BODY_NAME)


def refuse_issue(prepared: Prepared, findings: tuple[Finding, ...]) -> NoReturn:
    """交付の拒否: trailed, in a transaction of its own, then raised."""
    trail_refused(prepared, findings)
    raise Refused(findings)


def trail_refused(prepared: Prepared, findings: tuple[Finding, ...]) -> None:
    """The trail row of a refusal: the codes and whom it is about."""
    trail_refusal(
        prepared.permit,
        findings,
        event="issue_refused",
        door="certificates.issue",
        record_ids=prepared.order.record_ids,
        form=prepared.order.form,
    )
