"""住民票コードの指定 (J01): the centre designates codes for a municipality; sealed to it."""

from dataclasses import dataclass
from typing import ClassVar

from daicho.network.messages.body import Said


@dataclass(frozen=True, slots=True)
class RecordCodes(Said):
    """空きコード: 住民票コード that this municipality, and no other, may give; `request` is the id
    of the message that asked for them."""

    KIND: ClassVar[str] = "record_codes"
    ARTICLE: ClassVar[str] = "BRRA 30-2(1)"
    SEALED: ClassVar[bool] = True

    request: str
    codes: list[str]
