"""番号: the numbers of the field with their check digits. Text throughout: leading zeros count.

`parse_…` reads what a clerk types (full-width figures, hyphens, blanks) and gives the number as
stored, or raises Malformed; `is_…` says whether a text is a number exactly as stored. No number is
ever corrected: with modulus 11 some mistakes give another valid number.
"""

import re
from collections.abc import Callable
from itertools import count
from typing import NamedTuple

from daicho.terms.malformed import Malformed
from daicho.terms.typed import plain

ADDRESS_NUMBER_LENGTH = 15
"""宛名番号の桁数: most digits of an address or household number."""

_DIGITS = re.compile(r"[0-9]+")
_RESIDENCE_CARD = re.compile(r"[A-Z]{2}[0-9]{8}[A-Z]{2}")


# --- check digits -----------------------------------------------------------------------------


def individual_number_check_digit(body: str) -> str:
    """個人番号の検査用数字: check digit of 11 digits (平成26年総務省令第85号5条)."""
    return _modulus_11(_figures(body, 11))


def resident_record_code_check_digit(body: str) -> str:
    """住民票コードの検査数字: check digit of 10 digits.

    The formula of 平成14年総務省告示第436号 is reconstructed from published sample codes; its
    case of a remainder of 1 or 0 is taken to be that of the 個人番号.
    """
    return _modulus_11(_figures(body, 10))


def local_government_code_check_digit(body: str) -> str:
    """全国地方公共団体コードの検査数字: check digit of prefecture (2) and municipality (3 digits).

    Remainder 0 gives 1 and remainder 1 gives 0, unlike the 個人番号.
    """
    total = sum(a * b for a, b in zip(_figures(body, 5), (6, 5, 4, 3, 2), strict=True))
    return str((11 - total % 11) % 10)


def address_number_check_digit(body: str) -> str | None:
    """宛名番号・世帯番号の検査数字: M11W2~7 of standard 1.1.13, remainder 0 giving 0.

    None where the remainder is 1: its digit would be 10, which the standard does not describe, so
    that body is never issued (`next_number`).
    """
    remainder = _weighted(_figures(body)) % 11
    return None if remainder == 1 else str((11 - remainder) % 11)


def _modulus_11(figures: list[int]) -> str:
    remainder = _weighted(figures) % 11
    return "0" if remainder <= 1 else str(11 - remainder)


def _weighted(figures: list[int]) -> int:
    """Sum with the weights 2 to 7, again and again, from the right."""
    return sum(figure * (2 + place % 6) for place, figure in enumerate(reversed(figures)))


def _figures(body: str, length: int | None = None) -> list[int]:
    if not _DIGITS.fullmatch(body) or len(body) != (length or len(body)):
        raise Malformed(
            "number.body", "検査数字を求める番号は、決められた桁数の数字にしてください。"
        )
    return [int(figure) for figure in body]


# --- numbers of a fixed length ----------------------------------------------------------------


def parse_individual_number(text: str) -> str:
    """個人番号 (マイナンバー, 番号法2条5項): 12 digits.

    Digits all the same are refused by a rule of our own: 000000000000 passes the arithmetic.
    """
    number = _digits(text, "個人番号", 12)
    _refuse_one_digit(number, "個人番号")
    return _checked(number, "個人番号", individual_number_check_digit)


def parse_resident_record_code(text: str) -> str:
    """住民票コード (住民基本台帳法7条13号): 11 digits; all the same are refused as above."""
    number = _digits(text, "住民票コード", 11)
    _refuse_one_digit(number, "住民票コード")
    return _checked(number, "住民票コード", resident_record_code_check_digit)


def parse_local_government_code(text: str) -> str:
    """全国地方公共団体コード: 6 digits (JIS X 0401, JIS X 0402, check digit). Form only: whether
    the place exists, and when, is a table elsewhere.
    """
    name = "全国地方公共団体コード"
    return _checked(_digits(text, name, 6), name, local_government_code_check_digit)


def parse_postal_code(text: str) -> str:
    """郵便番号: 7 digits, a 〒 before them is dropped."""
    return _digits(text.replace("〒", ""), "郵便番号", 7)


def parse_address_code(text: str) -> str:
    """住所コード: 11 digits, prefecture 2, municipality 3, 大字 3, 小字 3 (standard 1.3.3)."""
    return _digits(text, "住所コード", 11)


def parse_basic_pension_number(text: str) -> str:
    """基礎年金番号: 10 digits, written 4-6. No check digit is published."""
    return _digits(text, "基礎年金番号", 10)


def parse_residence_card_number(text: str) -> str:
    """在留カードの番号 (住民基本台帳法30条の45): two letters, 8 digits, two letters."""
    return _card_number(text, "在留カードの番号")


def parse_special_permanent_resident_certificate_number(text: str) -> str:
    """特別永住者証明書の番号 (住民基本台帳法30条の45): formed as that of a residence card."""
    return _card_number(text, "特別永住者証明書の番号")


def _card_number(text: str, name: str) -> str:
    number = plain(text).replace("-", "")
    if not _RESIDENCE_CARD.fullmatch(number):
        raise Malformed(
            "number.card", f"{name}は、英字2字・数字8桁・英字2字の12字で入力してください。"
        )
    return number


# --- 宛名番号, 世帯番号 ------------------------------------------------------------------------


class NewNumber(NamedTuple):
    """新規付番: a number just made and the sequence number it holds, to be kept for the next."""

    sequence: int
    number: str


def next_number(last_sequence: int, *, length: int) -> NewNumber:
    """自動付番 (standard 1.1.13): the number after `last_sequence`, `length` digits in all.

    Sequence numbers whose remainder is 1 are passed over. Malformed `number.used_up` when the
    digits do not suffice; `length` is a parameter of the municipality, at most 15.
    """
    for sequence in count(last_sequence + 1):
        body = f"{sequence:0{length - 1}}"
        if len(body) >= length or length > ADDRESS_NUMBER_LENGTH:
            break
        check_digit = address_number_check_digit(body)
        if check_digit is not None:
            return NewNumber(sequence, body + check_digit)
    raise Malformed(
        "number.used_up", "付番できる番号を使い切りました。番号の桁数を増やしてください。"
    )


def parse_address_number(text: str) -> str:
    """宛名番号: 1 to 15 digits. The check digit is not asked: numbers of older systems stay as they
    are (standard 1.1.13); `has_check_digit` tells.
    """
    return _digits(text, "宛名番号", None)


def parse_household_number(text: str) -> str:
    """世帯番号: 1 to 15 digits, as the 宛名番号."""
    return _digits(text, "世帯番号", None)


def has_check_digit(number: str) -> bool:
    """検査数字の有無: whether an address or household number ends in its own check digit."""
    return len(number) > 1 and address_number_check_digit(number[:-1]) == number[-1]


def _digits(text: str, name: str, length: int | None) -> str:
    number = plain(text).replace("-", "")
    if not _DIGITS.fullmatch(number):
        raise Malformed("number.characters", f"{name}は数字だけで入力してください。")
    if length is None and len(number) > ADDRESS_NUMBER_LENGTH:
        raise Malformed(
            "number.length", f"{name}は{ADDRESS_NUMBER_LENGTH}桁以内で入力してください。"
        )
    if length is not None and len(number) != length:
        raise Malformed("number.length", f"{name}は{length}桁で入力してください。")
    return number


def _refuse_one_digit(number: str, name: str) -> None:
    if len(set(number)) == 1:
        raise Malformed(
            "number.one_digit",
            f"{name}として使われない番号です。書類を確かめて入力し直してください。",
        )


def _checked(number: str, name: str, check_digit: Callable[[str], str]) -> str:
    if check_digit(number[:-1]) != number[-1]:
        raise Malformed(
            "number.check_digit",
            f"{name}の検査数字が合いません。書類を確かめて入力し直してください。",
        )
    return number
