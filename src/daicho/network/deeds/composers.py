"""送信待ちの行から本文へ: what each kind of message says of a row of the outbox, and to whom.

A kind that stands here is sent; the rows of any other wait until the program has learnt it.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from daicho.access import clock
from daicho.law.identification import columns
from daicho.network.messages.body import Said
from daicho.network.messages.identification_information import IdentificationInformation
from daicho.network.models import Outbox
from daicho.network.protocol.parties import Party, above


class NotYet(Exception):
    """まだ送れない: a row that cannot be told as it is; `reason` is that of a hold."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _identification_information(row: Outbox, this: Party) -> tuple[Party, Said]:
    """本人確認情報 (30条の6第1項): to the governor, the items as they are after it, whole."""
    prefecture = above(this)
    assert prefecture is not None, "only a municipality has residents"
    after = row.body["after"]
    code = after.get("resident_record_code", "")
    if not code:
        raise NotYet("no_code")
    on = row.at.astimezone(clock.TOKYO).date()
    return prefecture, IdentificationInformation(
        code=code,
        what=row.body["what"],
        reason=row.body["reason"],
        on=row.body.get("occurred_on", on.isoformat()),
        items=_items(after, on),
    )


def _items(after: Mapping[str, Any], on: date) -> dict[str, str]:
    listed = columns(on) - {"resident_record_code"}
    return {name: str(cell) for name, cell in sorted(after.items()) if name in listed}


COMPOSERS: Mapping[str, Callable[[Outbox, Party], tuple[Party, Said]]] = {
    "identification_information": _identification_information,
}
"""電文の種類: by the kind of the outbox row."""
