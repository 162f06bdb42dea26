"""電文の誤り: why a message is not taken, or not carried out; its code travels back."""

from dataclasses import dataclass

from daicho.law.citation import Article, printed
from daicho.law.tables import Row, table


@dataclass(frozen=True)
class Fault:
    """電文の誤り: `what` happened and its `remedy`, for who works at both ends; names nobody."""

    code: str
    what: str
    remedy: str
    articles: tuple[Article, ...]

    @property
    def cited(self) -> str:
        """The articles as printed."""
        return printed(self.articles)


def _fault(row: Row) -> Fault:
    row.only("code", "what", "remedy")
    if not row.because:
        raise row.wrong("a refusal of ours says why")
    code = f"network.{row.text('code')}"
    return Fault(code, row.text("what"), row.text("remedy"), row.cites)


FAULTS = {one.code: one for one in map(_fault, table("message_faults").keyed())}
"""電文の誤り: by the codes that travel."""

MALFORMED = FAULTS["network.malformed"]
TOO_LARGE = FAULTS["network.too_large"]
UNTRUSTED = FAULTS["network.untrusted"]
KEY_UNKNOWN = FAULTS["network.key_unknown"]
NO_SUCH_PARTY = FAULTS["network.no_such_party"]
WRONG_WAY = FAULTS["network.wrong_way"]
UNKNOWN_KIND = FAULTS["network.unknown_kind"]
NO_DUTY = FAULTS["network.no_duty"]
FROM_THE_FUTURE = FAULTS["network.from_the_future"]
FAR_AHEAD = FAULTS["network.far_ahead"]
TURN_TAKEN = FAULTS["network.turn_taken"]
NOT_LISTED = FAULTS["network.not_listed"]
NOT_HELD = FAULTS["network.not_held"]
NOT_CONNECTED = FAULTS["network.not_connected"]
HANDSHAKE = FAULTS["network.handshake"]
CANNOT_OPEN = FAULTS["network.cannot_open"]
NUMBER_DIFFERS = FAULTS["network.number_differs"]
NUMBER_TWICE = FAULTS["network.number_twice"]
CODE_OF_ANOTHER = FAULTS["network.code_of_another"]
NOT_RESIDENT = FAULTS["network.not_resident"]
TOO_SLOW = FAULTS["network.too_slow"]
TOO_MANY = FAULTS["network.too_many"]
UNAVAILABLE = FAULTS["network.unavailable"]
