"""転入通知 (J07): the municipality moved to tells the one moved from; sealed to its receiver."""

from dataclasses import dataclass
from typing import ClassVar

from daicho.network.messages.body import Said


@dataclass(frozen=True, slots=True)
class MovedInNotice(Said):
    """転入通知: who (by 住民票コード) moved in, and on which day (ISO)."""

    KIND: ClassVar[str] = "moved_in_notice"
    ARTICLE: ClassVar[str] = "BRRA 9(1)"
    SEALED: ClassVar[bool] = True

    code: str
    on: str
