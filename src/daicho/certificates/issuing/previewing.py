"""交付の確認: what an order would give, before it is issued; nothing leaves the vault for it."""

from dataclasses import dataclass, replace

from daicho.access.permits import Permit
from daicho.certificates.forms import Unprintable
from daicho.certificates.issuing.order import Order
from daicho.certificates.issuing.preparing import Prepared, fitted, prepare, trail_refused
from daicho.certificates.numbering import IssueNumber
from daicho.law.disclosure import Decision
from daicho.law.rule import Finding
from daicho.register.receiving.receptions import Reception
from daicho.terms.records import Record

_NOT_YET = 0  # no number is drawn for a preview


@dataclass(frozen=True)
class Preview:
    """交付の確認: all refusals or, where nothing refuses, all alerts, confirmed or not.

    `page_count` is 0 where something refuses; `unprintable` names what has no glyph or no room.
    """

    order: Order
    reception: Reception
    records: tuple[Record, ...]
    decision: Decision
    findings: tuple[Finding, ...]
    page_count: int
    unprintable: tuple[Unprintable, ...] = ()

    @property
    def refused(self) -> tuple[Finding, ...]:
        """エラー: what forbids it."""
        return tuple(one for one in self.findings if one.refuses)


def preview(permit: Permit, order: Order) -> Preview:
    """確認する: judged and fitted as it would be issued; one look, and a refusal is trailed."""
    prepared = prepare(permit, order)
    found = prepared.findings
    if any(one.refuses for one in found):
        trail_refused(prepared, found)
        return _of(prepared, found)
    assert permit.actor is not None, "prepare() has said so"
    fit = fitted(prepared, IssueNumber(permit.on, permit.actor.terminal, _NOT_YET), {})
    every = tuple(dict.fromkeys((*found, *fit.findings)))
    refusals = tuple(one for one in every if one.refuses)
    if refusals:
        trail_refused(prepared, refusals)
    of = _of(prepared, refusals or every)
    return replace(of, page_count=len(fit.sheets.pages), unprintable=fit.unprintable)


def _of(prepared: Prepared, findings: tuple[Finding, ...]) -> Preview:
    present = tuple(one.record for one in prepared.certified)
    return Preview(
        prepared.order, prepared.reception, present, prepared.decision, findings, page_count=0
    )
