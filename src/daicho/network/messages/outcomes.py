"""処理結果: what became of messages: carried out, or the fault for which they were not."""

from dataclasses import dataclass
from typing import ClassVar

from daicho.network.messages.body import Said
from daicho.network.protocol.message import Stream
from daicho.network.protocol.parties import Party, above, passes

DONE, LATE = "done", "late"
ABOVE = "above:"
"""国: before an outcome at the centre that a prefecture tells its municipality."""
REFUSED = "refused:"
"""受けない: before a fault for which a message was not taken on its way: it is to be sent again."""


@dataclass(frozen=True, slots=True)
class Outcomes(Said):
    """処理結果: by the id of a message: done, late (an older one than what is held), or the code of
    a fault for which it was not carried out."""

    KIND: ClassVar[str] = "outcomes"
    ARTICLE: ClassVar[str] = "STD 7.1.1.1"

    of: dict[str, str]


def may_tell(teller: Party, own: Stream, outcome: str) -> bool:
    """告げてよい者: of a message of ours: that it was refused, who passes it on; what the centre
    said, our prefecture of what we told it; anything else, its receiver alone."""
    if outcome.startswith(REFUSED):
        return teller != own.origin and passes(teller, own.origin, own.to)
    if outcome.startswith(ABOVE):
        return teller == own.to == above(own.origin)
    return teller == own.to
