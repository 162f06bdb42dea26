"""本人確認情報の通知 (J05): a municipality tells its governor of an entry, a change, a closing."""

from dataclasses import dataclass
from typing import ClassVar

from daicho.network.messages.body import Said

OPENS, CHANGES, CLOSES = "opens", "changes", "closes"
WHATS = frozenset({OPENS, CHANGES, CLOSES})


@dataclass(frozen=True, slots=True)
class IdentificationInformation(Said):
    """本人確認情報: as it is after the change, whole; `items` by the names of law's table.

    `code` is the 住民票コード, `what` one of WHATS, `reason` the 異動事由, `on` its day (ISO).
    """

    KIND: ClassVar[str] = "identification_information"
    ARTICLE: ClassVar[str] = "BRRA 30-6(1)"

    code: str
    what: str
    reason: str
    on: str
    items: dict[str, str]
