"""あいまい検索の鍵: what two ways of writing a name's sound have in common (standard 2.1.2).

The rules stand in `kana_fold.toml`. A key is compared, never shown and never stored as a name.
"""

import tomllib
import unicodedata
from collections.abc import Callable, Mapping
from importlib import resources
from itertools import chain
from typing import Any

Step = Callable[[str], str]

_TABLE = tomllib.loads(
    resources.files("daicho.terms").joinpath("kana_fold.toml").read_text("utf-8")
)


def fold(text: str) -> str:
    """カナ検索キー: `text` with 清濁, small and large, 長音, dashes, spaces and ウ/オ folded away.

    Half-width kana and hiragana become Katakana; kanji and other letters stay. Folding a key again
    changes nothing. A query folded so is part of the folded name wherever the standard wants a hit,
    save that a query that begins with ウ does not know which sound stood before it.
    """
    for step in _STEPS:
        text = step(text)
    return text


def fold_roman(text: str) -> str:
    """アルファベット検索キー: `text` without case, accents, width, spaces, hyphens, apostrophes."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    letters = "".join(_ROMAN.get(c, c) for c in plain)
    return "".join(c for c in letters if c.isalnum())


def _step(rule: Mapping[str, Any]) -> Step:
    assert rule["because"], "every rule of kana_fold.toml has its reason"
    return {"replace": _replace, "drop": _drop, "after": _after}[rule["kind"]](rule)


def _replace(rule: Mapping[str, Any]) -> Step:
    apart: Callable[[list[str]], Any] = chain.from_iterable if rule.get("letters") else list
    pairs = list(zip(apart(rule["from"]), apart(rule["to"]), strict=True))
    if rule.get("letters"):
        letters = str.maketrans(dict(pairs))
        return lambda text: text.translate(letters)

    def replaced(text: str) -> str:
        for old, new in pairs:
            text = text.replace(old, new)
        return text

    return replaced


def _drop(rule: Mapping[str, Any]) -> Step:
    dropped = dict.fromkeys(map(ord, rule["characters"]))
    return lambda text: text.translate(dropped)


def _after(rule: Mapping[str, Any]) -> Step:
    def changed(text: str) -> str:
        found: list[str] = []
        for character in text:
            follows = bool(found) and found[-1] in rule["before"]
            found.append(rule["to"] if follows and character == rule["from"] else character)
        return "".join(found)

    return changed


_STEPS = tuple(_step(rule) for rule in _TABLE["rule"])
_ROMAN: Mapping[str, str] = dict(zip(_TABLE["roman"]["from"], _TABLE["roman"]["to"], strict=True))
