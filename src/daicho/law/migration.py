"""移行での扱い: which findings refuse a row of an old system, and which only ask.

A change at the counter is judged as it stands. A row that another system kept for years is history:
what was lawful or usual then must not make it unreadable. `tables/migration.toml` says code by code
(or `code:item`) whether the finding refuses there too (error), only asks (alert) or says nothing
(none), each with its reason.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Literal

from daicho.law.rule import FINDINGS, Finding
from daicho.law.tables import Row, table

Source = Literal["counter", "migration"]
"""入力元: a change at the counter (or a notice), or a row of a register that is taken over."""

ITEM = "【項目】"
"""項目の箇所: stands in the sentences of a finding for the item that it is about."""

THE_ITEM = "その項目"
"""項目の名のない箇所: stands for the item in a list that counts a finding over all items."""

_SEVERITIES = frozenset({"error", "alert", "none"})


def _severity(row: Row) -> str:
    row.only("code", "migration")
    severity = row.text("migration")
    if severity not in _SEVERITIES or not row.because:
        raise row.wrong("migration is error, alert or none, and because says why")
    return severity


SEVERITIES: Mapping[str, str] = {
    row.text("code"): _severity(row) for row in table("migration").keyed()
}
"""移行での扱い一覧: code, or code:item, to error, alert or none."""


def judged(found: Iterable[Finding], source: Source) -> tuple[Finding, ...]:
    """入力元による判定: the findings as they count for `source`."""
    if source == "counter":
        return tuple(found)
    softened = (_softened(one) for one in found)
    return tuple(one for one in softened if one is not None)


@lru_cache(maxsize=4_096)
def _softened(found: Finding) -> Finding | None:
    exact = f"{found.code}:{found.on_item}"
    severity = SEVERITIES[exact if exact in SEVERITIES else found.code]
    if severity == "none":
        return None
    return found if severity == "error" or not found.refuses else replace(found, refuses=False)


_DETAIL = re.compile(r"（[^（）]*\{\w+\}[^（）]*）")
# What an argument is called where nobody is meant: 世帯主が{count}人います -> 世帯主が何人かいます.
_UNSAID = (
    (re.compile(r"あと\{\w+\}日"), "近い日"),
    (re.compile(r"\{\w+\}(人|件|部)"), r"何\1か"),
    (re.compile(r"\{\w+\}歳"), "基準の年齢"),
    (re.compile(r"\{\w+\}年"), "基準の年数"),
    (re.compile(r"\{(since_on|until_on)\}"), "決められた日"),
)
_PLACE = re.compile(r"\{\w+\}")


def explained(code: str, title: str = THE_ITEM) -> str:
    """判定の説明: what and remedy of `code` for a list that counts findings without their details.

    The item becomes `title`, a day or count in brackets is left out, one outside of them is a day
    or number that is not told. KeyError for no code of ours.
    """
    kind = FINDINGS[code]
    text = _DETAIL.sub("", kind.what + kind.remedy).replace(ITEM, title)
    for place, word in _UNSAID:
        text = place.sub(word, text)
    return _PLACE.sub("…", text)
