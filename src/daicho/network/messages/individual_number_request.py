"""個人番号の生成・変更の求め (J02, J03): a mayor asks the centre for a number; sealed to it."""

from dataclasses import dataclass
from typing import ClassVar

from daicho.network.messages.body import Said

NEW, REQUESTED, EX_OFFICIO = "new", "requested", "ex_officio"
GROUNDS = frozenset({NEW, REQUESTED, EX_OFFICIO})


@dataclass(frozen=True, slots=True)
class IndividualNumberRequest(Said):
    """個人番号とすべき番号の生成の求め: from which 住民票コード, and on which of GROUNDS: of who
    never had one (番号法8条1項), or another instead of it, by request or ex officio (7条2項)."""

    KIND: ClassVar[str] = "individual_number_request"
    ARTICLE: ClassVar[str] = "MNA 8(1)"
    SEALED: ClassVar[bool] = True

    code: str
    ground: str
