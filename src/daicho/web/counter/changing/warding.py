"""区の導出 (標準仕様書 1.3.1): the ward of a new address, in a city that has wards."""

from collections.abc import Mapping

from django.conf import settings

from daicho.register.places.dictionary import ward_of
from daicho.terms.records import Cell

WARD_NEEDED = "市区町村を、区まで入力してください(例 横浜市中区)。"
"""区が分からない住所: what is told beside the 市区町村."""


def of_address(address: Mapping[str, Cell], *, joined: str = "") -> str:
    """区: of the cells of an address (`address_…`); else `joined`, that of the household joined.

    The city itself where it has no wards; blank where the ward cannot be told.
    """
    said = [str(address.get(f"address_{part}") or "") for part in ("municipality", "code")]
    return ward_of(settings.MUNICIPALITY, *said) or joined
