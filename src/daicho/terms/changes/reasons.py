"""異動事由: the closed list of reasons a history row may give (standard 1.2.2)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from daicho.terms.malformed import Malformed


@dataclass(frozen=True, slots=True)
class Reason:
    """異動事由: `effect` is what it does to the record: `opens`, `changes` or `closes`."""

    code: str
    text: str
    effect: str


_TABLE = tomllib.loads(files(__package__).joinpath("reasons.toml").read_text("utf-8"))

REASONS: Mapping[str, Reason] = {
    code: Reason(code, text, effect) for code, (text, effect) in _TABLE["reasons"].items()
}
"""異動事由一覧: by code, in the order of the list."""

_BY_TEXT = {reason.text: reason for reason in REASONS.values()}

# 異動の根拠: what a change rests on, and so which day `received_on` is.
BASES: Mapping[str, str] = {
    "notification": "届出",
    "application": "申出",
    "notice": "通知",
    "request": "請求",
    "ex_officio": "職権",
}
_BASES_BY_TEXT = {text: code for code, text in BASES.items()}


def parse_reason(text: str) -> str:
    """The code of a reason given as code or in its wording; Malformed for any other."""
    if text in REASONS:
        return text
    if text in _BY_TEXT:
        return _BY_TEXT[text].code
    raise Malformed(
        "reason.unknown", "異動事由が一覧にありません。標準仕様書1.2.2の事由で入力してください。"
    )


def parse_basis(text: str) -> str:
    """The code of a basis given as code or as 届出, 申出, 通知, 請求, 職権; Malformed otherwise."""
    if text in BASES:
        return text
    if text in _BASES_BY_TEXT:
        return _BASES_BY_TEXT[text]
    raise Malformed("basis.unknown", f"根拠は{'、'.join(_BASES_BY_TEXT)}から選んでください。")
