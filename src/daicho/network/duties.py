"""務め: which party does what with which kind of message, under which article: read this first.

What has no row is refused (住民基本台帳法第30条の25). `by` are the tiers that may send it.
"""

from typing import NamedTuple

from daicho.law.network.faults import NO_DUTY, UNKNOWN_KIND
from daicho.network.protocol.message import Message
from daicho.network.protocol.parties import CENTRE, Party, is_municipality

MUNICIPALITY, PREFECTURE, CENTRAL = "municipality", "prefecture", "centre"


class Duty(NamedTuple):
    """務め: `does` names what carries it out; it is proof against a message that comes late."""

    by: frozenset[str]
    article: str
    does: str


def _by(*tiers: str) -> frozenset[str]:
    return frozenset(tiers)


_ANY = _by(MUNICIPALITY, PREFECTURE, CENTRAL)

KINDS = {
    "identification_information": {1, 2},
    "identification_forwarded": {1},
    "individual_number_request": {1},
    "individual_number": {1},
    "record_codes_request": {1},
    "record_codes": {1},
    "moved_in_notice": {1},
    "outcomes": {1},
}
"""電文の種類: with the versions that are read."""

SEALED = frozenset(
    {"individual_number_request", "individual_number", "record_codes", "moved_in_notice"}
)
"""封をする電文: what no router may read; in the open they are refused."""

DUTIES: dict[tuple[str, str], Duty] = {
    (PREFECTURE, "identification_information"): Duty(
        _by(MUNICIPALITY), "BRRA 30-6(3)", "hold_and_forward"
    ),
    (CENTRAL, "identification_forwarded"): Duty(_by(PREFECTURE), "BRRA 30-7(3)", "hold_forwarded"),
    (CENTRAL, "individual_number_request"): Duty(_by(MUNICIPALITY), "MNA 8(2)", "make_number"),
    (MUNICIPALITY, "individual_number"): Duty(_by(CENTRAL), "MNA 7(1)", "hand_to_register"),
    (CENTRAL, "record_codes_request"): Duty(_by(MUNICIPALITY), "BRRA 30-2(1)", "designate_codes"),
    (MUNICIPALITY, "record_codes"): Duty(_by(CENTRAL), "BRRA 30-2(1)", "hand_to_register"),
    (MUNICIPALITY, "moved_in_notice"): Duty(_by(MUNICIPALITY), "BRRA 9(1)", "close_moved_out"),
    (MUNICIPALITY, "outcomes"): Duty(_ANY, "STD 7.1.1.1", "note_outcomes"),
    (PREFECTURE, "outcomes"): Duty(_ANY, "STD 7.1.1.1", "pass_outcomes"),
    (CENTRAL, "outcomes"): Duty(_ANY, "STD 7.1.1.1", "note_outcomes"),
}


def tier(party: Party) -> str:
    """階層: of a party."""
    if is_municipality(party):
        return MUNICIPALITY
    return CENTRAL if party == CENTRE else PREFECTURE


def fault_at(here: Party, message: Message) -> str:
    """務めの有無: why its receiver does not take a message, or blank.

    Who only passes it on does not ask: between two municipalities the kinds are theirs.
    """
    if message.stream.to != here:
        return ""
    if message.v not in KINDS.get(message.kind, ()):
        return UNKNOWN_KIND.code
    duty = DUTIES.get((tier(here), message.kind))
    is_ours = duty is not None and tier(message.stream.origin) in duty.by
    return "" if is_ours else NO_DUTY.code
