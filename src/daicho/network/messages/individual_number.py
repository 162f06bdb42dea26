"""個人番号とすべき番号の通知 (J02, J03): the centre tells the mayor; sealed to the municipality."""

from dataclasses import dataclass
from typing import ClassVar

from daicho.network.messages.body import Said


@dataclass(frozen=True, slots=True)
class IndividualNumber(Said):
    """生成された番号: the number made from `code`, on the ground of the request."""

    KIND: ClassVar[str] = "individual_number"
    ARTICLE: ClassVar[str] = "MNA 8(2)"
    SEALED: ClassVar[bool] = True

    code: str
    ground: str
    number: str
