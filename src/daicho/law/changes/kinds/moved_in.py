"""転入の審査: what only a moving-in asks (住民基本台帳法22条)."""

from collections.abc import Mapping
from datetime import date

from daicho.law.changes.individual_numbers import has_no_number, number_not_typed
from daicho.law.entries.case import asked
from daicho.law.entries.places import parts_of, says_where
from daicho.law.notifications import special_moved_in_closed, special_planned_unknown
from daicho.law.rule import Finding, finding, rule
from daicho.terms.changes import MovedIn, Scene
from daicho.terms.dates import from_cell
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
    what="転入前の住所が空欄か、市区町村まで入力されていません。",
    remedy="転出証明書のとおり入力してください。住所がなかった者は、空欄のまま進められます。",
    on_item="previous_address",
)

_NOT_FOREIGN = finding(
    "brra30-47.not_foreign",
    refuses=True,
    cites=["BRRA 30-47", "STD 4.5.2"],
    what="外国人住民でない者が、中長期在留者等となった届出に含まれています。",
    remedy="転入元の別と、住民種別を確かめてください。",
    on_item="resident_class",
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


@rule(cites=["BRRA 30-47", "STD 4.5.2"], since=date(2012, 7, 9))
def becomes_foreign(is_said: bool, japanese: int, *, on: date) -> Finding | None:
    """中長期在留者等となった届出は、住所を有する者が外国人住民となったときに行う。

    Only a foreign resident becomes one while living here. `japanese` counts the others who enter.
    """
    return _NOT_FOREIGN() if is_said and japanese else None


def judge(change: MovedIn, scene: Scene, *, on: date) -> tuple[Finding, ...]:
    """転入の審査: every finding that only a moving-in has."""
    blank = not all(_says_from_where(mover, change.from_abroad, on) for mover in change.movers)
    japanese = sum(mover.get("resident_class") != "foreign" for mover in change.movers)
    without = sum(has_no_number(mover, scene.befores) for mover in change.movers)
    found = (
        asked(becomes_foreign, change.becomes_foreign, japanese, on=on),
        asked(number_not_typed, change.from_abroad, without, on=on),
        evidence_missing(change.from_abroad, change.evidence, on=on),
        previous_address_blank(change.from_abroad, blank, on=on),
    )
    return tuple(one for one in found if one is not None)


def judge_special(change: MovedIn, scene: Scene, basis: str, *, on: date) -> tuple[Finding, ...]:
    """転入届の特例の審査: of a notification that comes with a 転出証明書情報 instead of a paper."""
    received_on = scene.when.received_on
    if change.evidence != "message" or basis != "notification" or received_on is None:
        return ()
    planned_on, occurred_on = _day(change.planned_on), _day(scene.when.occurred_on)
    found = (
        asked(special_moved_in_closed, planned_on, occurred_on, received_on, on=on),
        asked(special_planned_unknown, planned_on is not None, on=on),
    )
    return tuple(one for one in found if one is not None)


def _day(cell: str) -> date | None:
    day = from_cell(cell) if cell else None
    return day.sort_on if day is not None and day.certain else None


def _says_from_where(mover: Mapping[str, Cell], from_abroad: bool, on: date) -> bool:
    return says_where(parts_of(mover, "previous_address"), from_abroad, on=on)
