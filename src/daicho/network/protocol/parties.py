"""当事者: who sends and receives, and the way between them.

A party is its code: six digits a municipality (with the check digit), two a prefecture (JIS X
0401), 00 the centre. They stand in a tree: a municipality knows its own prefecture alone, a
prefecture its municipalities and the centre.
"""

import re
from functools import lru_cache
from typing import Final, NewType

Party = NewType("Party", str)

CENTRE: Final = Party("00")
_MUNICIPALITY_DIGITS, _PREFECTURE_DIGITS = 6, 2
_CODE = re.compile("[0-9]{6}|[0-9]{2}")


class NotAParty(ValueError):
    """当事者でない: the text is no code of a municipality, a prefecture or the centre."""


def party(code: str) -> Party:
    """当事者: of a code; raises NotAParty."""
    if _CODE.fullmatch(code):
        return Party(code)
    raise NotAParty(code[:_MUNICIPALITY_DIGITS])


def is_municipality(one: Party) -> bool:
    """Is it a municipality?"""
    return len(one) == _MUNICIPALITY_DIGITS


def above(one: Party) -> Party | None:
    """上の当事者: a municipality's prefecture, a prefecture's centre; None of the centre."""
    if is_municipality(one):
        return Party(one[:_PREFECTURE_DIGITS])
    return None if one == CENTRE else CENTRE


@lru_cache(4_096)
def next_hop(here: Party, to: Party) -> Party:
    """次の当事者: the neighbour through which `to` is reached; not for here itself.

    Down only to who stands below; everything else goes up (住民基本台帳法第30条の6第2項: a
    municipality's computer is connected to its prefecture's alone).
    """
    assert here != to, "a message to oneself goes nowhere"
    below = to
    while (higher := above(below)) is not None:
        if higher == here:
            return below
        below = higher
    up = above(here)
    assert up is not None, "everything stands below the centre"
    return up


def passes(here: Party, origin: Party, to: Party) -> bool:
    """通り道: does a message of `origin` to `to` come by here, or end here?"""
    at = origin
    while at not in {here, to}:
        at = next_hop(at, to)
    return at == here
