"""個人番号の記録 (30条の6第3項, 30条の7第3項): the number that a notice brings."""

from collections.abc import Mapping
from typing import Any

from daicho.law.network.faults import CANNOT_OPEN, NUMBER_DIFFERS, NUMBER_TWICE
from daicho.law.safety.acquiring import Acquired
from daicho.network.deeds.deed import Desk
from daicho.network.deeds.subjects import number_id
from daicho.network.keys.signing import CannotOpen
from daicho.network.lines import keyring, own
from daicho.network.messages.identification_information import IdentificationInformation
from daicho.network.protocol.message import Malformed
from daicho.network.protocol.parties import CENTRE, Party
from daicho.terms.malformed import Malformed as MalformedNumber
from daicho.terms.numbers import parse_individual_number

JOB = "identification_holding"
NOTIFIED = Acquired("notice")
"""市町村長の通知: how a number came to a prefecture or the centre."""
_SEALED_CHARS_MAX = 2_000


FAULTS = frozenset({CANNOT_OPEN.code, NUMBER_TWICE.code, NUMBER_DIFFERS.code})
"""番号の誤り: for which a notice is held without its number."""


class Fault(Exception):
    """番号の誤り: one of FAULTS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def kept(
    desk: Desk, subject_id: int, notice: IdentificationInformation, prefecture: Party
) -> tuple[str, str]:
    """番号を記録する: gives the fault for which it was not; and the number that the person has now,
    where the notice says one of before. Raises Malformed."""
    if not notice.number:
        return "", ""
    try:
        return "", _keep(desk, subject_id, _brought(notice, prefecture))
    except Fault as fault:
        return fault.code, ""


def _brought(notice: IdentificationInformation, prefecture: Party) -> str:
    """通知された番号: opened; raises Malformed, and Fault where it is sealed to another key."""
    is_short = all(len(one) <= _SEALED_CHARS_MAX for one in notice.number.values())
    if notice.number.keys() != {prefecture, CENTRE} or not is_short:
        raise Malformed("sealed to others than those who hold it")
    try:
        said = keyring.unsealed(notice.number[own.this()])
    except CannotOpen:
        raise Fault(CANNOT_OPEN.code) from None
    return _number_of(said, notice.code)


def _keep(desk: Desk, subject_id: int, number: str) -> str:
    """A number of which nothing was known is kept; raises Fault where it cannot be this person's.

    One that the person had before it was changed is left as it is: of two towns one has not heard
    of the change yet. Gives then the one that the person has, else blank.
    """
    batch, place = desk.numbers(JOB), number_id(subject_id)
    holders = batch.holders(number)
    if holders.keys() - {place}:
        raise Fault(NUMBER_TWICE.code)
    if holders:
        return batch.numbers_of([place])[place] if holders[place] else ""
    if own.this() == CENTRE and batch.holds(place):
        raise Fault(NUMBER_DIFFERS.code)  # it makes them, and has made another
    batch.put(place, number, NOTIFIED)
    return ""


def _number_of(said: Mapping[str, Any], code: str) -> str:
    if said.keys() != {"code", "number"} or said["code"] != code:
        raise Malformed("sealed for another notice")
    try:
        number = parse_individual_number(said["number"])
    except (MalformedNumber, TypeError, AttributeError):
        raise Malformed("number") from None
    if number != said["number"]:
        raise Malformed("number")
    return number
