"""転居の審査: what only a move within the municipality asks (住民基本台帳法23条, 38条)."""

from datetime import date

from daicho.law.rule import Finding, finding, rule
from daicho.terms.addresses import Address, another_dwelling, same_lot
from daicho.terms.changes import MovedWithin, Scene
from daicho.terms.records.items import ADDRESS_PARTS

_NUMBER_KEPT = finding(
    "std1-1-13.number_kept",
    refuses=True,
    cites=["STD 1.1.13", "STD 4.1.0.1"],
    what="区の間の異動ですが、前の区の世帯番号のままです。",
    remedy="異動先の世帯を「新しい世帯を作る」とするか、異動先の区にある世帯を選んでください。"
    "宛名番号は変わりません。",
    on_item="household_number",
)
_SAME_DWELLING = finding(
    "brra23.same_dwelling",
    refuses=False,
    cites=["BRRA 23", "STD 4.1.2.1"],
    what="今と同じ住所・方書への転居です（{count}人）。",
    remedy="新しい住所を確かめてください。同じ地番の別の住戸に移るときは、方書を入力します。"
    "住所を変えずに世帯だけが変わるのであれば、転居ではありません。",
    on_item="address",
)


@rule(cites=["STD 1.1.13", "STD 4.1.0.1"], since=date(1967, 11, 10))
def number_kept(ward_changes: bool, keeps_number: bool, *, on: date) -> Finding | None:
    """指定都市の区の間の異動では、世帯番号を新たに付け、宛名番号は引き継ぐ。

    Who moves to another ward of the city is of a household with a number given there; the 宛名番号
    stays.
    """
    return _NUMBER_KEPT() if ward_changes and keeps_number else None


@rule(cites=["BRRA 23", "STD 4.1.2.1"], since=date(1967, 11, 10))
def same_dwelling(count: int, *, on: date) -> Finding | None:
    """転居は、市町村の区域内で住所を変更することをいう。同じ地番の別の住戸への異動も、転居である。

    Who moves within the municipality lives elsewhere then, be it another dwelling of the same lot;
    an address that stays asks. `count` is of the persons who would stay where they are.
    """
    return _SAME_DWELLING(count=count) if count else None


def judge(change: MovedWithin, scene: Scene, *, on: date) -> tuple[Finding, ...]:
    """転居の審査: every finding that only a move within the municipality has."""
    befores = [scene.befores[one] for one in change.record_ids if one in scene.befores]
    kept = number_kept(
        any(change.ward and one.ward and change.ward != one.ward for one in befores),
        any(one.household_number == change.household_number for one in befores),
        on=on,
    )
    new = Address(
        **{part: str(change.address.get(f"address_{part}", "")) for part in ADDRESS_PARTS}
    )
    staying = sum(
        same_lot(one.address, new) and not another_dwelling(one.address, new) for one in befores
    )
    return tuple(one for one in (kept, same_dwelling(staying, on=on)) if one is not None)
