"""交付の申込み: what a clerk orders under a 受付, and under which purpose that is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from daicho.access.permits import Permit, permit
from daicho.law.disclosure.requests import Form, SpecialHistory
from daicho.law.rule import Finding

INDIVIDUAL = "individual_copy"
MOVED_OUT = "moved_out_certificate"
NUMBER = "individual_number"


@dataclass(frozen=True, kw_only=True)
class Order:
    """交付の申込み: one copy of one certificate.

    `asked` are items of `certificate_items`, `accepted` the codes of alerts that were confirmed.
    `replaces` is the spoiled issue in whose place this one is made.
    """

    reception_id: UUID
    form: Form
    record_ids: tuple[UUID, ...]
    asked: frozenset[str] = frozenset()
    with_history: bool = False
    special_history: SpecialHistory = ""
    is_reissue: bool = False
    copy_no: int = 1
    copy_count: int = 1
    replaces: UUID | None = None
    accepted: frozenset[str] = frozenset()

    @property
    def function(self) -> str:
        """機能: what a permit must be for, to order this."""
        return MOVED_OUT if self.form == MOVED_OUT else "certificate"


class Unconfirmed(Exception):
    """確認: nothing refuses, but alerts are not confirmed yet; nothing was issued."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(", ".join(one.code for one in findings))
        self.findings = tuple(findings)


def purpose_of(order: Order, received_for: str) -> str:
    """利用目的: a 個人番号 is only on what is made for a purpose of its own."""
    if order.form == MOVED_OUT:
        return "certificate.moved_out"
    return "certificate.individual_number" if NUMBER in order.asked else received_for


def own_permit(given: Permit, order: Order) -> Permit:
    """Leave to make this certificate, for the same operator in the same request."""
    assert given.actor is not None, f"the job {given.job} issues nothing"
    purpose = purpose_of(order, given.purpose)
    return given if purpose == given.purpose else permit(given.actor, purpose, given.on)
