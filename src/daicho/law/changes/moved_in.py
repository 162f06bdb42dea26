"""転入の審査: what only a moving-in asks (住民基本台帳法22条)."""

from collections.abc import Mapping
from datetime import date

from daicho.law.rule import Finding, finding, rule
from daicho.terms.changes import MovedIn, Scene
from daicho.terms.records import Cell

_EVIDENCE = finding(
    "brra22.no_certificate",
    refuses=True,
    cites=["BRRA 22(2)", "BRRA 24-2(1)"],
    what="国内からの転入に、転出証明書、準ずる証明書、転出証明書情報のいずれもありません。",
    remedy="転出証明書を受け取るか、前住所地に転出証明書情報を求めてください。"
    "前住所地に届出をしていない者は、未届の転入として職権で記載します。",
    on_item="evidence",
)
_PREVIOUS = finding(
    "brra7.previous_address_blank",
    refuses=False,
    cites=["BRRA 7[8]", "STD 4.1.1.1"],
    what="転入前の住所が空欄です。",
    remedy="転出証明書のとおり入力してください。住所がなかった者は、空欄のまま進められます。",
    on_item="previous_address",
)


@rule(cites=["BRRA 22(2)", "BRRA 24-2(1)"], since=date(1967, 11, 10))
def evidence_missing(from_abroad: bool, evidence: str, *, on: date) -> Finding | None:
    """転入届には、前住所地の転出証明書を添える。国外からの転入は、この限りでない。

    Who moves in from another town brings its certificate, or that town has sent what it says.
    """
    return _EVIDENCE() if not (from_abroad or evidence) else None


@rule(cites=["BRRA 7[8]", "STD 4.1.1.1"], since=date(1967, 11, 10))
def previous_address_blank(from_abroad: bool, is_blank: bool, *, on: date) -> Finding | None:
    """転入をした者については、従前の住所を記載する。

    The record of who moves in shows the address before; who had none leaves it blank.
    """
    return _PREVIOUS() if is_blank and not from_abroad else None


def judge(change: MovedIn, scene: Scene, *, on: date) -> tuple[Finding, ...]:
    """転入の審査: every finding that only a moving-in has."""
    blank = any(has_no_previous_address(mover) for mover in change.movers)
    found = (
        evidence_missing(change.from_abroad, change.evidence, on=on),
        previous_address_blank(change.from_abroad, blank, on=on),
    )
    return tuple(one for one in found if one is not None)


def has_no_previous_address(mover: Mapping[str, Cell]) -> bool:
    """転入前の住所の空欄: whether who enters says no address before."""
    return not any(
        cell and column.startswith("previous_address_") for column, cell in mover.items()
    )
