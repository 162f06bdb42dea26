"""本人確認情報の通知 (J06): the governor tells the centre, with what the municipality signed."""

from dataclasses import dataclass
from typing import ClassVar

from daicho.network.messages.body import Said


@dataclass(frozen=True, slots=True)
class IdentificationForwarded(Said):
    """都道府県知事からの通知: `signed` is the municipality's own message, so that nobody between
    could have altered it."""

    KIND: ClassVar[str] = "identification_forwarded"
    ARTICLE: ClassVar[str] = "BRRA 30-7(1)"

    signed: str
