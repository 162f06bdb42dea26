"""番号を求める者: whether the centre makes a number for who asks (番号法7条2項, 8条1項)."""

from collections.abc import Set

from daicho.network.messages.individual_number_request import NEW
from daicho.network.protocol.parties import Party


def may_ask(town: Party, ground: str, residences: Set[str], has_number: bool) -> bool:
    """その市区町村の住民か: nobody learns or changes the number of another's resident by asking.

    A notice of the entry may still be on its way: who is nobody's resident and has no number yet is
    given the first one. Who has just moved is held by two: another number waits until one of them
    has closed. `residences` are the municipalities that hold the person as a resident.
    """
    if ground != NEW:
        return residences == {town}
    return town in residences or not (residences or has_number)
