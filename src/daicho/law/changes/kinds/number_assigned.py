"""個人番号の指定の審査: to whom a number that the 機構 made is assigned (番号法7条1項・2項).

No operator is there to be asked: what refuses stands in the work list, with what to do.
"""

from datetime import date

from daicho.law.entries.holding import INDIVIDUAL_NUMBERS_SINCE_ON
from daicho.law.rule import Finding, finding, rule
from daicho.terms.changes import NumberAssigned, Scene

_CLOSED = finding(
    "mna7.closed_meanwhile",
    refuses=True,
    cites=["MNA 7(1)", "MNA 7(2)", "BRRA 15-2"],
    what="個人番号の通知が届きましたが、その者の住民票は消除され、除票となっています。",
    remedy="死亡した者には、することはありません。転出した者には、住所地の市区町村長が機構に照会するよう"
    "知らせてください。消除が誤りであれば、消除を取り消してから、この通知をもう一度処理してください。",
)
_HAS_NUMBER = finding(
    "mna7.has_number",
    refuses=True,
    cites=["MNA 7(1)"],
    what="はじめての個人番号の通知が届きましたが、その者にはすでに個人番号があります。",
    remedy="どちらの番号が有効か、機構に照会してください。今の番号が違うときは、個人番号の変更を求めます。",
)
_NO_NUMBER_BEFORE = finding(
    "mna7.no_number_before",
    refuses=True,
    cites=["MNA 7(2)"],
    what="個人番号の変更の通知が届きましたが、その者には、変更する前の個人番号がありません。",
    remedy="通知された者と番号を、機構に照会してください。",
)


@rule(cites=["MNA 7(1)", "MNA 7(2)", "BRRA 15-2"], since=INDIVIDUAL_NUMBERS_SINCE_ON)
def assigned_to_resident(is_living: bool, *, on: date) -> Finding | None:
    """個人番号は、住民票に記載されている者に指定する。除票に、消除の後の番号を記載することはない。

    A number that comes when the record is closed is not written: a 除票 says what stood in the
    住民票 when it was closed, and whoever lives elsewhere has another mayor.
    """
    return None if is_living else _CLOSED()


@rule(cites=["MNA 7(1)", "MNA 7(2)"], since=INDIVIDUAL_NUMBERS_SINCE_ON)
def number_expected(changes_another: bool, state: str, *, on: date) -> Finding | None:
    """個人番号は一人に一つであり、はじめての番号は番号のない者に、変更する番号は番号のある者に指定する。

    A first number goes to who has none, another to who has one. `state` is the 個人番号の状態.
    """
    if changes_another:
        return None if state == "held" else _NO_NUMBER_BEFORE()
    return _HAS_NUMBER() if state == "held" else None


def judge(change: NumberAssigned, scene: Scene, *, on: date) -> tuple[Finding, ...]:
    """個人番号の指定の審査: every finding that only an assignment has."""
    befores = [scene.befores[one] for one in change.record_ids]
    found = [assigned_to_resident(one.is_living, on=on) for one in befores]
    found += [
        number_expected(change.changes_another, one.individual_number_state, on=on)
        for one in befores
    ]
    return tuple(dict.fromkeys(one for one in found if one is not None))
