"""住民票コードの変更等の審査: what only a change of the code asks (30条の4, 標準仕様書4.3.2)."""

from collections.abc import Iterator
from datetime import date

from daicho.law import record_codes
from daicho.law.rule import Finding, finding, rule
from daicho.terms.changes import RecordCodeChanged, Scene

_SINCE = date(2002, 8, 5)
_OTHER_BASIS = finding(
    "brra30-4.basis_of_ground",
    refuses=True,
    cites=["BRRA 30-4(1)", "BRRO 12(3)", "STD 4.3.2"],
    what="住民票コードの変更等の事由が、受付の根拠と合いません。",
    remedy="変更請求は請求による受付で、職権修正と職権記載は職権による受付で、入力してください。",
    on_item="ground",
)
_NOT_IN_WRITING = finding(
    "brra30-4.not_in_writing",
    refuses=True,
    cites=["BRRA 30-4(2)"],
    what="住民票コードの変更請求書を受け取っていません。",
    remedy="請求する者に、変更請求書の提出を求めてください。受け取ったら、その欄を選びます。",
    on_item="in_writing",
)
_TYPED = finding(
    "brra30-4.code_typed",
    refuses=True,
    cites=["BRRA 30-4(3)", "STD 4.3.1"],
    what="変更請求による新しい住民票コードが、入力されています。",
    remedy="住民票コードを空欄にしてください。登録の時に、備えの空きコードから無作為に付けます。",
    on_item="resident_record_code",
)
_NONE = finding(
    "brra30-4.no_code",
    refuses=True,
    cites=["BRRA 30-4(1)", "BRRA 30-3(1)"],
    what="この住民の住民票コードは、まだ空欄です。変更も修正もできません。",
    remedy="職権による受付で、住民票コードの職権記載を行ってください。",
    on_item="ground",
)
_THERE = finding(
    "brra30-3.code_there",
    refuses=True,
    cites=["BRRA 30-3(1)", "STD 4.3.2"],
    what="この住民には、すでに住民票コードが記載されています。",
    remedy="誤りがあれば職権修正を、本人の請求があれば変更請求を行ってください。",
    on_item="ground",
)
_SAME = finding(
    "std4-3-2.same_code",
    refuses=True,
    cites=["STD 4.3.2", "STD 11.1"],
    what="入力した住民票コードは、今の住民票コードと同じです。",
    remedy="正しい住民票コードを入力してください。誤りがなければ、修正は要りません。",
    on_item="resident_record_code",
)


@rule(cites=["BRRA 30-4(1)", "BRRO 12(3)", "STD 4.3.2"], since=_SINCE)
def basis_of_ground(reason: str, basis: str, *, on: date) -> Finding | None:
    """住民票コードの変更は請求により、誤記の修正と記載漏れの記載は職権により行う。

    A code is changed on request, and corrected or entered ex officio. `reason` is the 異動事由,
    `basis` a code of `BASES`.
    """
    return None if record_codes.ground(reason, on).basis == basis else _OTHER_BASIS()


@rule(cites=["BRRA 30-4(2)"], since=_SINCE)
def asked_in_writing(basis: str, in_writing: bool, *, on: date) -> Finding | None:
    """住民票コードの変更の請求は、変更請求書を提出して行う。

    A change of the code is asked for in writing. `basis` is a code of `BASES`.
    """
    return _NOT_IN_WRITING() if basis == "request" and not in_writing else None


@rule(cites=["BRRA 30-4(3)", "STD 4.3.1"], since=_SINCE)
def drawn_not_typed(reason: str, is_typed: bool, *, on: date) -> Finding | None:
    """変更後の住民票コードは、指定された住民票コードのうちから無作為に選択する。

    The code that is asked for in the place of another is drawn and typed by nobody.
    """
    is_allowed = record_codes.ground(reason, on).is_typed
    return _TYPED() if is_typed and not is_allowed else None


@rule(cites=["BRRA 30-3(1)", "BRRA 30-4(1)", "STD 4.3.2"], since=_SINCE)
def code_before(reason: str, has_code: bool, is_same: bool, *, on: date) -> Finding | None:
    """変更と修正は住民票コードの記載のある者について、職権記載は記載のない者について行う。

    What is changed or corrected stands there, and what is entered does not. `is_same`: the code
    that is typed is the one that stands there.
    """
    if record_codes.ground(reason, on).has_code != has_code:
        return _THERE() if has_code else _NONE()
    return _SAME() if is_same else None


def judge_basis(
    change: RecordCodeChanged, _scene: Scene, basis: str, *, on: date
) -> tuple[Finding, ...]:
    """根拠の審査: `basis` is a code of `BASES`."""
    found = (
        basis_of_ground(change.reason, basis, on=on),
        asked_in_writing(basis, change.in_writing, on=on),
    )
    return tuple(one for one in found if one is not None)


def judge(change: RecordCodeChanged, scene: Scene, *, on: date) -> tuple[Finding, ...]:
    """住民票コードの変更等の審査: every finding that only a change of the code has."""
    return tuple(one for one in _found(change, scene, on) if one is not None)


def _found(change: RecordCodeChanged, scene: Scene, on: date) -> Iterator[Finding | None]:
    before, code = scene.befores[change.record_id].resident_record_code, change.code
    is_same = bool(code) and code == before
    yield code_before(change.reason, bool(before), is_same, on=on)
    yield drawn_not_typed(change.reason, bool(code), on=on)
