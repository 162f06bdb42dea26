"""通信の誤りの処理 (STD 7.1.1.1): sending again, seeing to, holding, and how long is too long.

A message that was not taken has kept its turn: whoever is behind it waits, so it must go again. One
that was taken and could not be carried out has had its turn, and only a new message can mend it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from daicho.law.network.faults import NO_SUCH_PARTY, TURN_TAKEN
from daicho.law.rule import Finding, finding, rule
from daicho.law.tables import Row, table

SINCE = date(2002, 8, 5)
SAME_TURN, NEW_TURN, NEW_MESSAGE, NOT_AGAIN = "same_turn", "new_turn", "new_message", "not_again"
WAYS: Mapping[str, str] = {
    SAME_TURN: "同じ電文を、同じ順番で送り直します。",
    NEW_TURN: "同じ電文を、新しい順番で送り直します。",
    NEW_MESSAGE: "同じ内容を、新しい電文として送ります。",
    NOT_AGAIN: "送り直すものではありません。",
}
"""再送の仕方: by code, as the page says it."""


@dataclass(frozen=True)
class HoldReason:
    """保留の理由: `by_hand` where an operator chooses it."""

    code: str
    name: str
    by_hand: bool


def _hold(row: Row) -> HoldReason:
    row.only("code", "name", "by")
    if row.text("by") not in {"hand", "program"} or not row.because:
        raise row.wrong("a hold is by hand or by the program, for a reason that is written down")
    return HoldReason(row.text("code"), row.text("name"), row.text("by") == "hand")


_HOLDS = table("message_holds").keyed()
HOLDS: Mapping[str, HoldReason] = {one.code: one for one in map(_hold, _HOLDS)}
"""保留の理由の一覧: by code, of every day."""
NO_REASON = HoldReason("", "理由の記録がない", by_hand=True)
"""理由のない保留: of a code that this version of the table does not have."""
_WAITS = table("message_waits").keyed()
for _row in _WAITS:
    _row.only("code", "minutes")

_NOT_BY_HAND = finding(
    "std7-1-1-1.no_hold_reason",
    refuses=True,
    cites=["STD 7.1.1.1"],
    what="保留の理由が選ばれていません。",
    remedy="理由を一覧から選んでください。",
    on_item="reason",
)
_NEWER = finding(
    "std7-1-1-1.newer_sent",
    refuses=True,
    cites=["STD 7.1.1.1", "BRRA 30-6(1)"],
    what="同じ人について、後の通知をすでに送っています。"
    "この電文を送り直すと、上の団体の記録が古い内容に戻ります。",
    remedy="後の通知が県と国で受領されたことを個人の画面で確かめ、「確認済みにする」で閉じてください。",
)
_HELD = finding(
    "std7-1-1-1.is_held",
    refuses=True,
    cites=["STD 7.1.1.1"],
    what="この人の送信は保留されているため、送り直せません。",
    remedy="個人の画面で保留を解除してから、送り直してください。",
)
_UNASKED = finding(
    "std7-1-1-1.line_unasked",
    refuses=True,
    cites=["STD 7.1.1.1"],
    what="控えから戻した後、回線の先の団体にどこまで届いているかを、まだ確かめていません。",
    remedy="回線がつながると自動で確かめます。"
    "「回線の状況」で相手の応答を確かめてから、送り直してください。",
)
_NO_KEY = finding(
    "std7-1-1-1.no_key",
    refuses=True,
    cites=["BRRA 30-24", "STD 7.1.1.1"],
    what="この団体の署名の鍵がないか、その証明書の期限が切れているため、電文に署名できません。",
    remedy="情報システム担当に、通信用の証明書を新しくするよう依頼してください。",
)
_NOT_AGAIN = finding(
    "std7-1-1-1.nothing_to_mend",
    refuses=True,
    cites=["STD 7.1.1.1"],
    what="この電文に、送り直す誤りはありません。",
    remedy="一覧を開き直し、誤りの残る電文を選んでください。",
)
_WAITED_FOR = finding(
    "std7-1-1-1.waited_for",
    refuses=True,
    cites=["STD 7.1.1.1", "BRRA 30-6(2)"],
    what="この電文は受けられておらず、同じ人の後の通知が、この順番を待っています。",
    remedy="誤りの原因を直し、送り直してください。送り直すまで一覧に残ります。",
)
_OTHER_REASON = finding(
    "std7-1-1-1.other_reason",
    refuses=True,
    cites=["STD 7.1.1.1", "STD 1.2.2"],
    what="この電文の異動事由を、選ばれた事由には変えられません。",
    remedy="記載・修正・消除の別が同じ事由から選ぶか、異動そのものを窓口で直してください。",
    on_item="reason",
)
_IS_TRIED = finding(
    "std7-1-1-1.is_tried",
    refuses=True,
    cites=["STD 7.1.1.1"],
    what="この通知は、いま記載を試みているところです。",
    remedy="一覧を開き直し、記載できないと出たら、確認済みにしてください。",
)
_LONG = finding(
    "std7-1-1-1.waits_long",
    refuses=False,
    cites=["BRRA 30-6(2)", "STD 7.1.1.1"],
    what="送るべき電文が、{minutes}分を超えて受領されていません。",
    remedy="回線の状況の表で、応答のない相手とその理由を確かめてください。",
)
_TOO_LONG = finding(
    "std7-1-1-1.waits_too_long",
    refuses=False,
    cites=["BRRA 30-6(2)", "STD 7.1.1.1"],
    what="送るべき電文が、{minutes}分を超えて受領されていません。",
    remedy="相手の団体に連絡し、回線を確かめてください。"
    "原因が分からないときは、緊急時の手順によって報告してください。",
)


@rule(cites=["STD 7.1.1.1", "BRRA 30-6(2)"], since=SINCE)
def way_again(fault: str, was_taken: bool, on: date) -> str:
    """受けられなかった電文は同じ順番で、順番を失ったものは新しい順番で、処理できなかったものは
    新しい電文で送り直す。

    How a message with this fault is sent again: one of WAYS. Blank is no fault.
    """
    if not fault:
        return NOT_AGAIN
    if was_taken:
        return NEW_MESSAGE
    return NEW_TURN if fault == TURN_TAKEN.code else SAME_TURN


@rule(cites=["STD 7.1.1.1", "BRRA 30-6(1)"], since=SINCE)
def may_send_again(
    way: str, has_newer: bool, is_held: bool, is_line_known: bool, has_key: bool, on: date
) -> Finding | None:
    """送り直しは異動の時系列を保ち、後の通知を古い内容で置き換えない。

    What takes a new turn comes after everything sent before it, so nothing newer may have gone.
    `is_line_known`: the neighbour has said how far it is, since an old backup came back; `has_key`:
    there is one to sign with.
    """
    if way == NOT_AGAIN:
        return _NOT_AGAIN()
    if not is_line_known:
        return _UNASKED()
    if not has_key:
        return _NO_KEY()
    if is_held:
        return _HELD()
    return _NEWER() if has_newer and way != SAME_TURN else None


@rule(cites=["STD 7.1.1.1", "BRRA 30-6(2)"], since=SINCE)
def may_see_to(fault: str, was_taken: bool, on: date) -> Finding | None:
    """後の通知が待っている電文は、送り直さずに閉じることができない。

    What was carried out with a fault, or has lost its turn, holds nobody up and may be closed; so
    may what is addressed to a party that does not exist.
    """
    if not fault:
        return _NOT_AGAIN()
    waits = not was_taken and fault not in {TURN_TAKEN.code, NO_SUCH_PARTY.code}
    return _WAITED_FOR() if waits else None


@rule(cites=["STD 7.1.1.1"], since=SINCE)
def may_drop_notice(is_tried: bool, on: date) -> Finding | None:
    """届いた通知は、記載を試みている間は、記載しないことにできない。

    What is dropped while it is recorded would be recorded all the same.
    """
    return _IS_TRIED() if is_tried else None


@rule(cites=["STD 7.1.1.1"], since=SINCE)
def may_hold(reason: str, on: date) -> Finding | None:
    """送信は、理由を選んで一人ずつ保留する。

    Only for a reason of the table that is given by hand, in force on that day.
    """
    is_known = reason in HOLDS and HOLDS[reason].by_hand and _HOLDS.find(reason, on) is not None
    return None if is_known else _NOT_BY_HAND()


@rule(cites=["STD 7.1.1.1", "STD 1.2.2"], since=SINCE)
def may_say_reason(effect: str, what: str, on: date) -> Finding | None:
    """再送信の際は、記載・修正・消除の別を変えない異動事由に変更して送信できる。

    The new reason's `effect` on a record is what the message says was done to it.
    """
    return None if effect == what else _OTHER_REASON()


@rule(cites=["BRRA 30-6(2)", "STD 7.1.1.1"], since=SINCE)
def waited(minutes: int, on: date) -> Finding | None:
    """送るべきものが目安の時間を超えて届かないときは、知らせる。

    The graver of the two limits that the oldest has passed, or None.
    """
    for code, told in (("too_long", _TOO_LONG), ("long", _LONG)):
        row = _WAITS.find(code, on)
        if row is not None and minutes > row.number("minutes"):
            return told(minutes=row.number("minutes"))
    return None
