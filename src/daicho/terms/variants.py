"""異体字: the search key under which the forms of one kanji meet (standard 2.1.2).

A key is compared, never shown and never stored as a name: the register keeps 邉 as 邉.
"""

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from importlib import resources

from daicho.terms.names import is_variation_selector

Groups = Mapping[str, str]
"""異体字の組: each character of a group to the one that stands for the group."""


def fold(text: str, groups: Groups) -> str:
    """異体字検索キー: `text` with each kanji as the one of its group, IVS and spaces dropped.

    CJK compatibility ideographs fold to their plain form first. Folding a key again changes
    nothing. What is no kanji stays (kana and alphabet have `kana.fold` and `kana.fold_roman`).
    """
    kept = (c for c in text if not is_variation_selector(c) and not c.isspace())
    return "".join(groups.get(plain, plain) for plain in map(_plain, kept))


def grouped(rows: Iterable[str]) -> Groups:
    """組の併合: `rows` of characters that are one, as Groups; rows that share a character merge."""
    groups: dict[str, list[str]] = {}
    for row in rows:
        group: list[str] = []
        for character in map(_plain, row):
            for member in groups.get(character, [character]):
                if groups.get(member) is not group:
                    group.append(member)
                    groups[member] = group
    return {character: group[0] for character, group in groups.items()}


def _plain(character: str) -> str:
    if "\uf900" <= character <= "\ufaff" or "\U0002f800" <= character <= "\U0002fa1f":
        return unicodedata.normalize("NFC", character)
    return character


_TOML = resources.files("daicho.terms").joinpath("variants.toml").read_text("utf-8")

GROUPS: Groups = grouped(row["characters"] for row in tomllib.loads(_TOML)["group"])
"""異体字の組: the hand list of `variants.toml`."""
