"""続柄: how a member stands to the householder, in the words of standard 1.1.11."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from importlib import resources
from typing import Any

from daicho.terms.malformed import Malformed

_TABLE = tomllib.loads(
    resources.files("daicho.terms").joinpath("relationships.toml").read_text("utf-8")
)
_WORDS: Mapping[str, Mapping[str, Any]] = {row["text"]: row for row in _TABLE["word"]}
FORBIDDEN: Mapping[str, tuple[str, ...]] = {
    word: tuple(row["use"]) for row in _TABLE["forbidden"] for word in row["words"]
}
"""使えない語一覧: each word that is refused, and what is written instead."""

WORDS: Mapping[str, bool] = {word: row["chains"] for word, row in _WORDS.items()}
"""続柄の語一覧: each word, and whether it may be joined with others."""

_JOINT = re.compile(r"の(?![^（]*）)")
_TYPED = str.maketrans({"(": "（", ")": "）", " ": None, "\u3000": None})

LENGTH_MAX = 40
"""続柄の文字数の上限: of the item; nothing longer is taken apart."""

GENERATIONS_MAX: int = _TABLE["limits"]["generations"]
"""世代の上限: words that one chain may join."""


class Kin(Enum):
    """続柄の区分: what the order of a household (5.2) asks of a relationship."""

    HOUSEHOLDER = "householder"
    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    SIBLING = "sibling"
    GRANDPARENT = "grandparent"
    RELATIVE = "relative"
    CONNECTED = "connected"
    LODGER = "lodger"


@dataclass(frozen=True, slots=True)
class Relationship:
    """続柄: one word, or up to four joined with の. Standard 1.1.11; BRRA 7[4]."""

    words: tuple[str, ...]

    def __post_init__(self) -> None:
        _check(self.words)

    @property
    def text(self) -> str:
        """続柄の表記: 子の子の妻."""
        return "の".join(self.words)

    @property
    def kin(self) -> Kin:
        """続柄の区分: by the whole chain; chains other than 父の父 and the like are 親族."""
        if len(self.words) == 1:
            return Kin(_WORDS[self.words[0]]["kin"])
        if len(self.words) == 2 and all(_is(word, Kin.PARENT) for word in self.words):
            return Kin.GRANDPARENT
        return Kin.RELATIVE

    @property
    def family_head(self) -> tuple[str, ...] | None:
        """家族の中心: the words of the one whose spouse or child the member is; None for others.

        子 for 子の妻, 子の子 and 子（子の夫）, a child by adoption who is another child's husband.
        """
        *others, last = self.words
        if "spouse_of" in _WORDS[last]:
            return (*others, _WORDS[last]["spouse_of"])
        if others and (_is(last, Kin.SPOUSE) or _is(last, Kin.CHILD)):
            return tuple(others)
        return None

    @property
    def is_spouse(self) -> bool:
        """配偶者: whether the member is the spouse of the householder or of their family's head."""
        return _is(self.words[-1], Kin.SPOUSE) or "spouse_of" in _WORDS[self.words[-1]]

    @property
    def through_spouse(self) -> Kin | None:
        """配偶者側の区分: what one is to the householder's spouse (妻の母: PARENT), if anything."""
        if len(self.words) == 1 or not _is(self.words[0], Kin.SPOUSE):
            return None
        return Relationship(self.words[1:]).kin

    def of(self, word: str) -> "Relationship":
        """続柄の連結: the relationship of this member's `word`: 子 of("妻") is 子の妻.

        Malformed where the chain becomes too long (then 縁故者) or cannot be continued.
        """
        return Relationship((*self.words, word))


def parse(text: str) -> Relationship:
    """続柄の読取り: the relationship typed; half-width brackets and spaces are forgiven.

    Malformed: relationship.blank, relationship.forbidden_word (with the right term as remedy),
    relationship.unknown_word, relationship.not_chained, relationship.too_long,
    relationship.too_many_characters.
    """
    if len(text) > LENGTH_MAX:
        raise Malformed(
            "relationship.too_many_characters",
            f"続柄は{LENGTH_MAX}字までです。5世代以上は「縁故者」と入力してください。",
        )
    typed = text.translate(_TYPED)
    remedy = FORBIDDEN.get(typed)
    if remedy:
        raise _forbidden(remedy)
    return Relationship(tuple(_JOINT.split(typed)))


def is_child_line(relationship: Relationship) -> bool:
    """子の家族: whether one is of the family of a child of the householder: 子の妻, 子の子."""
    first, *rest = relationship.words
    family = (Kin.CHILD, Kin.SPOUSE)
    return _is(first, Kin.CHILD) and all(Kin(_WORDS[word]["kin"]) in family for word in rest)


def _is(word: str, kind: Kin) -> bool:
    return word in _WORDS and Kin(_WORDS[word]["kin"]) is kind


def _check(words: tuple[str, ...]) -> None:
    if words in ((), ("",)):
        raise Malformed("relationship.blank", "続柄が空欄です。世帯主との続柄を入力してください。")
    for word in words:
        if word in FORBIDDEN:
            raise _forbidden(FORBIDDEN[word])
        if word not in _WORDS:
            raise Malformed(
                "relationship.unknown_word",
                f"続柄に使えない語があります。{_all_words()}から選んで「の」でつないでください。",
            )
    if len(words) > 1 and not all(_WORDS[word]["chains"] for word in words):
        raise Malformed(
            "relationship.not_chained",
            "世帯主・縁故者・同居人は「の」でつなげません。その語だけを入力するか、縁故者としてください。",
        )
    if len(words) > GENERATIONS_MAX:
        raise Malformed(
            "relationship.too_long",
            f"続柄でつなげるのは{GENERATIONS_MAX}世代までです。5世代以上は「縁故者」と入力してください。",
        )


def _forbidden(remedy: tuple[str, ...]) -> Malformed:
    terms = "、".join(f"「{term}」" for term in remedy)
    return Malformed(
        "relationship.forbidden_word",
        f"この語は続柄に使えません。{terms}のいずれか当てはまるものを入力してください。"
        if len(remedy) > 1
        else f"この語は続柄に使えません。{terms}と入力してください。",
    )


def _all_words() -> str:
    return "・".join(_WORDS)
