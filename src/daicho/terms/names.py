"""氏名: names as the register keeps them, code point for code point; nothing here normalises."""

import re
import unicodedata
from dataclasses import dataclass, field

from daicho.terms.malformed import Malformed

SEPARATOR = "\u3000"
"""区切り: the full-width space between the elements of a name when they are joined."""

_KATAKANA = re.compile(r"[\u30a1-\u30fa\u30fc]+(?:[\u3000\u30fb][\u30a1-\u30fa\u30fc]+)*")
_ROMAN_SIGNS = frozenset(" \u3000-'’.,()/－＇．，（）")
_UNPRINTABLE = {
    "Cc": "制御文字",
    "Cs": "サロゲート",
    "Cf": "書式制御文字",
    "Zl": "行区切り",
    "Zp": "段落区切り",
}

# Letters that are looked at one by one would be most of the time of reading a register.
_ORDINARY = re.compile(r"[ -~\u3000-\u301f\u3041-\u3096\u30a1-\u30ff\u4e00-\u9fff\uff01-\uff5e]*")


@dataclass(frozen=True, slots=True)
class Name:
    """氏名: 氏 and 名 kept apart; either may be blank (a newborn not yet named). BRRA 7(i)."""

    family: str = ""
    given: str = ""

    def __post_init__(self) -> None:
        checked(self.family)
        checked(self.given)

    @property
    def joined(self) -> str:
        """氏名: the two with one full-width space; no space when one is blank."""
        return _joined(self.family, self.given)


@dataclass(frozen=True, slots=True)
class Reading:
    """フリガナ・振り仮名: a name in Katakana, 氏 and 名 apart (the whole of it in `family` where
    it has no parts). `confirmed` is the フリガナ確認フラグ of standard 1.1.18.
    """

    family: str = ""
    given: str = ""
    confirmed: bool = False

    def __post_init__(self) -> None:
        katakana(self.family)
        katakana(self.given)

    @property
    def joined(self) -> str:
        """フリガナ: the two with one full-width space."""
        return _joined(self.family, self.given)


@dataclass(frozen=True, slots=True)
class ForeignName:
    """外国人住民の氏名: alphabet as on the 在留カード, and kanji if it has them; alphabet first."""

    roman: str = ""
    kanji: str = ""

    def __post_init__(self) -> None:
        roman(self.roman)
        checked(self.kanji)

    @property
    def joined(self) -> str:
        """氏名: ZHANG YULIN　張　玉蓮."""
        return _joined(self.roman, self.kanji)


@dataclass(frozen=True, slots=True)
class AddedName:
    """旧氏・通称: a name shown beside the 氏名, with its reading; either may be blank."""

    text: str = ""
    reading: Reading = field(default_factory=Reading)

    def __post_init__(self) -> None:
        checked(self.text)


def checked(text: str) -> str:
    """文字の確認: `text` itself, untouched. Malformed names the code point that cannot stand in it.

    Refused are control characters and line ends, unpaired surrogates, invisible format characters
    (two names would look alike and differ), code points that are never characters, and a variation
    selector with nothing to select. Private use (外字) and characters without a glyph stay: a name
    of the 戸籍 is registered even if it cannot be printed.
    """
    if _ORDINARY.fullmatch(text):
        return text
    before = ""
    for character in text:
        kind = _refused_as(character, before)
        if kind:
            raise Malformed(
                "name.forbidden_character",
                f"使用できない文字（U+{ord(character):04X}、{kind}）が含まれています。"
                "その文字を除いて入力し直してください。",
            )
        before = character
    return text


def katakana(text: str) -> str:
    """カタカナの確認: `text` itself if it is blank or full-width Katakana.

    Between words one full-width space or one ・ may stand. Which Katakana a 振り仮名 of the 戸籍
    may hold is a question of law, not asked here.
    """
    if text and not _KATAKANA.fullmatch(text):
        if " " in text:
            raise Malformed(
                "name.not_katakana",
                "半角の空白が入っています。語の区切りは、全角の空白か「・」を一つにしてください。",
            )
        raise Malformed(
            "name.not_katakana",
            "全角カタカナで入力してください（語の区切りは全角の空白か「・」を一つ）。",
        )
    return text


def roman(text: str) -> str:
    """アルファベットの確認: `text` itself if blank or Latin letters, spaces and - ' . , ( ) /."""
    checked(text)
    if not all(c in _ROMAN_SIGNS or _is_latin(c) for c in text):
        raise Malformed(
            "name.not_roman",
            "氏名（アルファベット）にはアルファベットを入力してください。漢字は氏名（漢字）に入力します。",
        )
    return text


def printed_characters(text: str) -> tuple[str, ...]:
    """印字文字: `text` cut into what prints as one character, for the look-up of glyphs.

    A base keeps its variation selector (IVS) and combining marks; joined they give `text` again.
    """
    found: list[str] = []
    for character in text:
        if found and (is_variation_selector(character) or unicodedata.combining(character)):
            found[-1] += character
        else:
            found.append(character)
    return tuple(found)


def is_variation_selector(character: str) -> bool:
    """異体字セレクタ: whether `character` chooses a glyph of the one before it."""
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _refused_as(character: str, before: str) -> str:
    if is_variation_selector(character):
        alone = not before or is_variation_selector(before) or before.isspace()
        return "基底文字のない異体字セレクタ" if alone else ""
    if ord(character) & 0xFFFE == 0xFFFE or "\ufdd0" <= character <= "\ufdef":
        return "非文字"
    return _UNPRINTABLE.get(unicodedata.category(character), "")


def _is_latin(character: str) -> bool:
    name = unicodedata.name(character, "")
    return name.startswith(("LATIN ", "FULLWIDTH LATIN ", "COMBINING "))


def _joined(first: str, second: str) -> str:
    return SEPARATOR.join(part for part in (first, second) if part)
