"""本人確認情報の通知 (J05): a municipality tells its governor of an entry, a change, a closing."""

from dataclasses import dataclass
from typing import ClassVar

from daicho.network.messages.body import Said
from daicho.network.protocol.message import Body, Malformed

OPENS, CHANGES, CLOSES = "opens", "changes", "closes"
WHATS = frozenset({OPENS, CHANGES, CLOSES})


@dataclass(frozen=True, slots=True)
class IdentificationInformation(Said):
    """本人確認情報: as it is after the change, whole; `items` by the names of law's table.

    `code` is the 住民票コード, `former_code` the one before where it was changed, else none. `what`
    is one of WHATS, `reason` the 異動事由, `on` its day (ISO). `number` is the 個人番号 with the
    code, sealed to each party that holds it, by the party's code; empty where there is none.
    """

    KIND: ClassVar[str] = "identification_information"
    V: ClassVar[int] = 2
    ARTICLE: ClassVar[str] = "BRRA 30-6(1)"

    code: str
    former_code: str
    what: str
    reason: str
    on: str
    items: dict[str, str]
    number: dict[str, str]

    @classmethod
    def raised(cls, v: int, body: Body) -> Body:
        """Version 1 told neither a number nor a former code."""
        if v != 1 or not isinstance(body, dict) or body.keys() & {"former_code", "number"}:
            raise Malformed("other names than those of its version")
        return {**body, "former_code": "", "number": {}}
