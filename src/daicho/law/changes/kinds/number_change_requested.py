"""個人番号の変更の請求・職権の審査: whose number is changed, and why (番号法7条2項、令3条・4条)."""

from collections.abc import Mapping
from datetime import date

from daicho.law.entries.holding import INDIVIDUAL_NUMBERS_SINCE_ON
from daicho.law.rule import Finding, finding, rule
from daicho.law.tables import table
from daicho.terms.changes import NumberChangeRequested, Scene
from daicho.terms.changes.number_change_requested import EX_OFFICIO, REQUESTED

_ROWS = table("number_circumstances").keyed()
_WAITS = table("number_waits")
for _row in _ROWS:
    _row.only("code", "name")
_BASIS_OF: Mapping[str, str] = {REQUESTED: "request", EX_OFFICIO: "ex_officio"}

_NO_NUMBER = finding(
    "mna7.no_number_to_change",
    refuses=True,
    cites=["MNA 7(2)"],
    what="個人番号がまだないため、変更を求めることができません。",
    remedy="個人番号の状態を確かめてください。生成待ちのときは、番号が届いてから入力します。",
)
_AWAITED = finding(
    "mna7.change_awaited",
    refuses=True,
    cites=["MNA 7(2)"],
    what="個人番号の変更をすでに機構に求めていて、新しい番号がまだ届いていません。",
    remedy="新しい番号を待ってください。送信の誤りがあるときは、通信の誤りの一覧から送り直してください。"
    "{days}日を過ぎても届かないときは、もう一度求められます。",
)
_CIRCUMSTANCE = finding(
    "mna7.circumstance",
    refuses=True,
    cites=["MNA 7(2)"],
    what="個人番号の変更の事由が、番号法の定めるものではありません。",
    remedy="漏えいして不正に用いられるおそれがあるときに限り、変更できます。請求書の理由を確かめて選んでください。",
)
_NOT_IN_WRITING = finding(
    "mno3.not_in_writing",
    refuses=True,
    cites=["MNA 7(2)", "MNO 3"],
    what="個人番号の変更の理由を書いた請求書を受け取っていません。",
    remedy="請求書を受け取り、理由を確かめてから「請求書を受け取った」を選んでください。",
)
_OTHER_GROUND = finding(
    "mna7.ground_of_basis",
    refuses=True,
    cites=["MNA 7(2)", "MNO 3", "MNO 4(1)"],
    what="個人番号の変更が請求によるか職権によるかが、受付の根拠と異なります。",
    remedy="最初の画面から受付を開き直してください。根拠が違うときは、新しく受け付けてください。",
    on_item="basis",
)


def circumstances(on: date) -> tuple[tuple[str, str], ...]:
    """変更の事由: code and name, as the form offers them on that day."""
    return tuple((row.text("code"), row.text("name")) for row in _ROWS.on(on))


@rule(cites=["MNA 7(2)"], since=INDIVIDUAL_NUMBERS_SINCE_ON)
def has_number_to_change(state: str, *, on: date) -> Finding | None:
    """個人番号の変更は、個人番号のある者について行う。

    Who has no number, or still awaits the first one, has none to change. `state` is the
    個人番号の状態.
    """
    return None if state == "held" else _NO_NUMBER()


@rule(cites=["MNA 7(2)"], since=INDIVIDUAL_NUMBERS_SINCE_ON)
def asked_once(is_awaiting: bool, *, on: date) -> Finding | None:
    """機構に変更を求めた個人番号は、新しい番号が指定されるまで、重ねて求めない。

    While another number is awaited none is asked for. What went wrong on the way is sent again
    from the work list of errors; no second change is recorded for it.
    """
    return _AWAITED(days=_days(on)) if is_awaiting else None


@rule(cites=["MNA 7(2)"], since=INDIVIDUAL_NUMBERS_SINCE_ON)
def still_awaited(days_since: int, *, on: date) -> bool:
    """機構に変更を求めた個人番号は、相当の日数を過ぎても届かないときは、もう一度求めることができる。

    Whether another number, asked for so many days ago, is still awaited.
    """
    return days_since < _days(on)


def _days(on: date) -> int:
    (row,) = _WAITS.on(on)
    return row.number("days")


@rule(cites=["MNA 7(2)"], since=INDIVIDUAL_NUMBERS_SINCE_ON)
def circumstance_known(circumstance: str, *, on: date) -> Finding | None:
    """個人番号は、漏えいして不正に用いられるおそれがあると認められるときに、変更する。

    A number is changed where it has leaked and might be misused, and for no other reason.
    `circumstance` is a code of the table.
    """
    return _CIRCUMSTANCE() if _ROWS.find(circumstance, on) is None else None


@rule(cites=["MNA 7(2)", "MNO 3"], since=INDIVIDUAL_NUMBERS_SINCE_ON)
def asked_in_writing(ground: str, in_writing: bool, *, on: date) -> Finding | None:
    """個人番号の変更の請求は、その理由を書いた請求書を出して行う。

    Who asks for another number says why in writing; a change ex officio has no such paper.
    """
    return _NOT_IN_WRITING() if ground == REQUESTED and not in_writing else None


@rule(cites=["MNA 7(2)", "MNO 3", "MNO 4(1)"], since=INDIVIDUAL_NUMBERS_SINCE_ON)
def ground_of_basis(ground: str, basis: str, *, on: date) -> Finding | None:
    """個人番号は、その者の請求により、又は職権で、変更する。

    The ground told to the 機構 is that of the 受付: 請求 or 職権. `basis` is a code of `BASES`.
    """
    return None if _BASIS_OF[ground] == basis else _OTHER_GROUND()


def judge(change: NumberChangeRequested, scene: Scene, *, on: date) -> tuple[Finding, ...]:
    """個人番号の変更の審査: every finding that only this change has."""
    before = scene.befores[change.record_id]
    found = (
        has_number_to_change(before.individual_number_state, on=on),
        asked_once(change.record_id in scene.awaiting, on=on),
        circumstance_known(change.circumstance, on=on),
        asked_in_writing(change.ground, change.in_writing, on=on),
    )
    return tuple(one for one in found if one is not None)


def judge_ground(
    change: NumberChangeRequested, scene: Scene, basis: str, *, on: date
) -> tuple[Finding, ...]:
    """根拠の審査: is the change on the ground that the 受付 has?"""
    del scene
    found = ground_of_basis(change.ground, basis, on=on)
    return (found,) if found else ()
