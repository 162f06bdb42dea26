"""住所: addresses as the register keeps them, their order and whether two are one place."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from daicho.terms.malformed import Malformed
from daicho.terms.names import SEPARATOR, checked

# ノ is left out: between two numbers it is the の of １番地ノ２.
_SERIES = (
    "甲乙丙丁戊己庚辛壬癸"
    "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰオクヤマケフコエテアサキユメミシヱヒモセス"
)
_KANJI = "〇一二三四五六七八九"
_UNITS = {"十": 10, "百": 100, "千": 1000}
_PART = re.compile(
    rf"(?P<figures>[0-9]+|[{_KANJI}{''.join(_UNITS)}]+(?=[番号のノ-]|$))"
    rf"|(?P<series>(?<![ァ-ヺー])[{_SERIES}](?![ァ-ヺー]))"
)
_WIDTH = 6


@dataclass(frozen=True, slots=True)
class Address:
    """住所: in parts, or as `free_text` (国外, old records); 方書 apart in `building`. BRRA 7[7].

    `code` is the 住所コード, 11 digits (standard 1.3.3), `postal_code` 7 digits; both may be blank.
    `municipality` holds 郡 and 区 too, `lot` the 番地・枝番・号 as written (１番６号).
    """

    code: str = ""
    postal_code: str = ""
    prefecture: str = ""
    municipality: str = ""
    town: str = ""
    lot: str = ""
    free_text: str = ""
    building: str = ""

    def __post_init__(self) -> None:
        _check_digits(self.code, 11, "住所コード")
        _check_digits(self.postal_code, 7, "郵便番号")
        for part in (*self._parts, self.free_text, self.building):
            checked(part)
        if self.free_text and any(self._parts):
            raise Malformed(
                "address.both_forms",
                "住所は、都道府県・市区町村・町字・番地に分けて入力するか、自由入力欄だけに入力してください。",
            )

    @property
    def _parts(self) -> tuple[str, ...]:
        return self.prefecture, self.municipality, self.town, self.lot

    @property
    def is_blank(self) -> bool:
        """空欄: whether nothing is written; codes alone are no address."""
        return not self.written

    @property
    def text(self) -> str:
        """住所の表記: the parts joined, without 方書."""
        return self.free_text or "".join(self._parts)

    @property
    def written(self) -> str:
        """方書を含む住所: as shown and printed (standard 5.4), a full-width space before 方書."""
        return SEPARATOR.join(part for part in (self.text, self.building) if part)

    @property
    def lot_key(self) -> str:
        """番地の並び順: see `number_key`."""
        return number_key(self.lot)


def number_key(text: str) -> str:
    """番地・枝番・部屋番号の数値コード: the numbers of `text`, so that text order is their order.

    Standard 1.3.2. Six digits a number, joined by -: １０番地２ is 000010-000002 and stands after
    ９番地. A letter of a series that stands alone (甲 イ) counts from 900001, after every number;
    十二番地 is read as 12. Without any number (無番地) the key is 999999; of blank text blank.
    """
    if not text:
        return ""
    return "-".join(f"{number:0{_WIDTH}}" for number in _numbers(text)) or "9" * _WIDTH


def same_lot(one: Address, other: Address) -> bool:
    """同一地番: whether both stand on one lot of one town, however the lot is spelled.

    Blank and free addresses are nowhere, so never the same; a code both have must agree.
    """
    if not (one.lot and other.lot):
        return False
    if one.code and other.code and one.code != other.code:
        return False
    places = {(address.prefecture, address.municipality, address.town) for address in (one, other)}
    numbered = any(True for _ in _numbers(one.lot))
    same = one.lot_key == other.lot_key if numbered else one.lot == other.lot
    return same and len(places) == 1


def another_dwelling(one: Address, other: Address) -> bool:
    """同一住所への転居: same lot, other dwelling (standard 4.1.2.1): what differs is the 方書."""
    return same_lot(one, other) and _dwelling(one.building) != _dwelling(other.building)


def _dwelling(building: str) -> str:
    plain = unicodedata.normalize("NFKC", building).casefold()
    return "".join(character for character in plain if not character.isspace())


def _numbers(text: str) -> Iterator[int]:
    for part in _PART.finditer(unicodedata.normalize("NFKC", text)):
        if part["series"]:
            yield 900_001 + _SERIES.index(part["series"])
        else:
            yield min(_number(part["figures"]), 900_000)


def _number(figures: str) -> int:
    if figures.isdecimal():
        return int(figures)
    if not any(unit in figures for unit in _UNITS):
        return int("".join(str(_KANJI.index(figure)) for figure in figures))
    total = 0
    digit = 0
    for figure in figures:
        if figure in _UNITS:
            total += max(digit, 1) * _UNITS[figure]
            digit = 0
        else:
            digit = _KANJI.index(figure)
    return total + digit


def _check_digits(text: str, length: int, name: str) -> None:
    if text and not (len(text) == length and text.isascii() and text.isdecimal()):
        raise Malformed("address.digits", f"{name}は{length}桁の数字で入力してください。")
