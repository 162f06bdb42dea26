"""印字: what the paper says and what happens where it cannot say it (standard 5.6, 5.8)."""

from datetime import date
from functools import lru_cache

from daicho.law.disclosure.items import SINCE, item_row
from daicho.law.rule import Finding, finding, rule, words
from daicho.law.tables import table

_TEXTS = table("certificate_texts").keyed()
_PARAMETERS = table("certificate_parameters").keyed()
for _row in _TEXTS:
    _row.only("code", "text")
    _row.text("text")
for _row in _PARAMETERS:
    _row.only("code", "value")
    _row.number("value")
for _row in _PARAMETERS:
    _most = _PARAMETERS.find("seal_side_most", _row.since)
    if _row.text("code") == "seal_side" and _most and _row.number("value") > _most.number("value"):
        raise _row.wrong("the seal is larger than the standard allows (5.6)")

_REMARKS = "統合記載欄"
words([_REMARKS])

_NO_GLYPH = finding(
    "std5-8.no_glyph",
    refuses=True,
    cites=["STD 5.8"],
    what="{item}に、印字できない文字が含まれています。",
    remedy="文字を確かめ、文字の担当者に字形の登録を依頼してください。",
)
_NO_ROOM = finding(
    "std5-8.overflow",
    refuses=True,
    cites=["STD 5.8"],
    what="{item}が、文字を縮小しても欄に収まりません。",
    remedy="文字超過リストで確かめ、別の様式での交付を検討してください。",
)
_NO_GLYPH_ALERT = finding(
    "std5-8.glyph_replaced",
    refuses=False,
    cites=["STD 5.8"],
    what="{item}に、印字できない文字が含まれています。設定により可能な限り印字します。",
    remedy="印字の結果を確かめ、文字超過リストに従って手書き等で補ってください。",
)
_NO_ROOM_ALERT = finding(
    "std5-8.overflow_cut",
    refuses=False,
    cites=["STD 5.8"],
    what="{item}が、欄に収まりません。設定により可能な限り印字します。",
    remedy="印字の結果を確かめ、文字超過リストに従って手書き等で補ってください。",
)


@lru_cache(maxsize=256)
def text(code: str, on: date) -> str:
    """定型文: the words of `certificate_texts` on that day."""
    row = _TEXTS.find(code, on)
    assert row is not None, f"certificate_texts.toml has no {code!r} on {on}"
    return row.text("text")


def parameter(code: str, on: date) -> int:
    """印字の設定: a number of `certificate_parameters` on that day, in the table's unit."""
    row = _PARAMETERS.find(code, on)
    assert row is not None, f"certificate_parameters.toml has no {code!r} on {on}"
    return row.number("value")


def policy(item: str, on: date) -> str:
    """文字溢れの扱い: refuse, cut or blank, as the municipality set it for the item."""
    row = item_row(item, on)
    return row.text("unprintable") if row is not None else "refuse"


@rule(cites=["STD 5.8"], since=SINCE)
def cannot_be_printed(item: str, is_overflow: bool, *, on: date) -> Finding:
    """文字溢れ又は未登録の外字があるときは、警告し、設定により印字せず、又は可能な限り印字する。

    What has no glyph or no room is refused, or asked about where the municipality prints as far
    as possible; never is another glyph put in its place.
    """
    row = item_row(item, on)
    name = row.text("name") if row is not None else _REMARKS
    if policy(item, on) == "refuse":
        return (_NO_ROOM if is_overflow else _NO_GLYPH)(item=name)
    return (_NO_ROOM_ALERT if is_overflow else _NO_GLYPH_ALERT)(item=name)
