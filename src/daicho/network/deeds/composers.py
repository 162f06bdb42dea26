"""送信待ちの行から本文へ: what each kind of message says of a row of the outbox, and to whom.

A kind that stands here is sent; the rows of any other wait until the program has learnt it.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from daicho.access import clock
from daicho.access.permits import system_permit
from daicho.law.identification import columns
from daicho.network.lines import keyring, own
from daicho.network.messages.body import Said
from daicho.network.messages.identification_information import IdentificationInformation
from daicho.network.messages.individual_number_request import NEW, IndividualNumberRequest
from daicho.network.models import Outbox
from daicho.network.protocol.parties import CENTRE, Party, above
from daicho.terms.changes.number_change_requested import REASONS_OF
from daicho.terms.dates import from_cell
from daicho.vault.batches import Batch


class NotYet(Exception):
    """まだ送れない: a row that cannot be told as it is; `reason` is that of a hold."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


_GROUNDS = {reason: ground for ground, reason in REASONS_OF.items()}

Numbers = Mapping[UUID, str]
"""個人番号: of the residents of a batch who have one, out of the vault and never written down."""


def _identification_information(row: Outbox, this: Party, numbers: Numbers) -> tuple[Party, Said]:
    """本人確認情報 (30条の6第1項): to the governor, the items as they are after it, whole."""
    prefecture, after = _prefecture(this), row.body["after"]
    code = _code(after)
    before = (row.body["before"] or {}).get("resident_record_code", "")
    on = row.at.astimezone(clock.TOKYO).date()
    return prefecture, IdentificationInformation(
        code=code,
        former_code=before if before != code else "",
        what=row.body["what"],
        reason=row.body["reason"],
        on=_day(row.body.get("occurred_on", on.isoformat())),
        items=_items(after, on),
        number=_sealed(code, numbers.get(row.record_id, ""), (prefecture, CENTRE)),
    )


def _individual_number_request(row: Outbox, this: Party, numbers: Numbers) -> tuple[Party, Said]:
    """個人番号の生成・変更の求め (番号法8条1項, 7条2項): to the centre, which makes numbers."""
    del this, numbers
    ground = _GROUNDS.get(row.body["reason"], NEW)
    return CENTRE, IndividualNumberRequest(_code(row.body["after"]), ground)


def _day(cell: str) -> str:
    """異動の日: of one that is 不詳 the day by which it is ordered; blank where there is none."""
    return from_cell(cell).sort_on.isoformat() if cell else ""


def _prefecture(this: Party) -> Party:
    prefecture = above(this)
    assert prefecture is not None, "only a municipality has residents"
    return prefecture


def _code(after: Mapping[str, Any]) -> str:
    code = after.get("resident_record_code", "")
    if not code:
        raise NotYet("no_code")
    return str(code)


def _sealed(code: str, number: str, to: Iterable[Party]) -> dict[str, str]:
    said = {"code": code, "number": number}
    return {one: keyring.sealed(said, one) for one in to} if number else {}


def _items(after: Mapping[str, Any], on: date) -> dict[str, str]:
    listed = columns(on) - {"resident_record_code"}
    return {name: str(cell) for name, cell in sorted(after.items()) if name in listed}


COMPOSERS: Mapping[str, Callable[[Outbox, Party, Numbers], tuple[Party, Said]]] = {
    "identification_information": _identification_information,
    "individual_number_request": _individual_number_request,
}
"""電文の種類: by the kind of the outbox row."""


def numbers_of(rows: Iterable[Outbox]) -> Numbers:
    """個人番号: of those among the rows whose notice tells it; in the running transaction."""
    held = {
        row.record_id
        for row in rows
        if row.kind == IdentificationInformation.KIND
        and row.body["after"].get("individual_number_state") == "held"
    }
    if not held:
        return {}
    permit = system_permit("identification_sending", clock.today(), uuid4())
    return Batch(permit).numbers_of(held)


def composed(row: Outbox) -> tuple[Party, Said]:
    """本文: of one row, with its receiver; in the running transaction. Raises NotYet."""
    return COMPOSERS[row.kind](row, own.this(), numbers_of([row]))
