"""保存本人確認情報: what a prefecture and the centre hold of one person from one municipality.

The latest is per municipality: what one says never touches what another said, so that a closing by
the town moved from, however late, closes that town's residence alone (corrections 20).
"""

from collections.abc import Mapping
from typing import NamedTuple

from daicho.law.network.faults import MALFORMED, NOT_LISTED
from daicho.network.messages.identification_information import (
    CLOSES,
    WHATS,
    IdentificationInformation,
)
from daicho.network.protocol.message import Turn


class Held(NamedTuple):
    """本人確認情報の記録: of one person at one municipality; `turn` is that of the notice."""

    turn: Turn
    is_open: bool
    reason: str
    on: str
    items: Mapping[str, str]


def fault_of(notice: IdentificationInformation, columns: frozenset[str]) -> str:
    """通知の誤り: why it cannot be held; `columns` are the items that the Act lists on the day."""
    if notice.what not in WHATS:
        return MALFORMED.code
    return "" if columns.issuperset(notice.items) else NOT_LISTED.code


def held_after(before: Held | None, notice: IdentificationInformation, turn: Turn) -> Held | None:
    """記録の更新: what is held after the notice, or None where a later one is held already."""
    if before is not None and turn <= before.turn:
        return None
    return Held(turn, notice.what != CLOSES, notice.reason, notice.on, notice.items)
