"""空きコードの求め (J01): a municipality asks the centre for 住民票コード that nobody has."""

from dataclasses import dataclass
from typing import ClassVar

from daicho.network.messages.body import Said

AT_ONCE_MAX = 10_000
"""一度の数: of codes, so that the answer is no larger than a neighbour takes."""


@dataclass(frozen=True, slots=True)
class RecordCodesRequest(Said):
    """空きコードの求め: how many."""

    KIND: ClassVar[str] = "record_codes_request"
    ARTICLE: ClassVar[str] = "BRRA 30-2(1)"

    count: int
