"""転出証明書の交付: of whom and to whom it is made, and when only as a 再交付 (BRRO 23, 24)."""

from datetime import date

from daicho.law.disclosure.items import REQUESTERS, SINCE
from daicho.law.disclosure.requests import Under
from daicho.law.notifications import notifiers
from daicho.law.rule import Finding, finding, rule

_NOT_MOVING = finding(
    "brro23.not_moving_out",
    refuses=True,
    cites=["BRRO 23", "BRRA 24"],
    what="国内への転出を届け出ていない方が含まれています。",
    remedy="国内転出の届出をした方だけを選んでください。",
)
_BY_SPECIAL = finding(
    "brra24-2.no_certificate",
    refuses=True,
    cites=["BRRA 24-2", "STD 4.1.3.0.4"],
    what="特例による転出のため、転出証明書は交付しません。",
    remedy="転出証明書情報が転入地に送られます。転入地での手続きを案内してください。",
)
_ISSUED_BEFORE = finding(
    "brro24.issued_before",
    refuses=True,
    cites=["BRRO 24(1)", "STD 4.1.3.0.3"],
    what="この転出の転出証明書は、すでに交付されています。",
    remedy="亡失などのときは、再交付として作成してください。",
    on_item="is_reissue",
)
_NO_FIRST_ISSUE = finding(
    "brro24.no_first_issue",
    refuses=True,
    cites=["BRRO 24(1)", "STD 4.1.3.0.3"],
    what="再交付のもとになる転出証明書がありません。",
    remedy="はじめての交付として作成してください。",
    on_item="is_reissue",
)
_TWO_MOVINGS = finding(
    "brro23.two_movings",
    refuses=True,
    cites=["BRRO 23", "STD 5.1"],
    what="転出先か転出の予定年月日が異なる方を、一つの転出証明書に記載することはできません。",
    remedy="転出先と転出の予定年月日が同じ方ごとに作成してください。",
)
_NOT_OF_NOTIFICATION = finding(
    "brro23.not_of_notification",
    refuses=True,
    cites=["BRRO 23", "BRRA 24"],
    what="この受付の転出届により転出する方でない方が含まれています。",
    remedy="転出届を記録してから、その届出により転出する方だけを選んでください。"
    "ほかの方のものは、その方の請求として受け付けてください。",
)
_NOT_FOR_THEM = finding(
    "brro24.not_for_requester",
    refuses=True,
    cites=["BRRO 24(1)", "BRRA 12(4)"],
    what="この受付の資格では、転出証明書を交付できません。",
    remedy="転出届をした方、又は本人、同一世帯の者、権限を確かめた代理人の請求を受け付けてください。",
)
_FIRST_BY_REQUEST = finding(
    "brro23.first_by_request",
    refuses=False,
    cites=["BRRO 23", "BRRA 24"],
    what="はじめての転出証明書を、転出届の受付によらずに作成しようとしています。",
    remedy="転出届の受付がまだ使えるときは、その受付で作成してください。"
    "使えないときは、転出届の後に交付していない事情を確かめてください。",
)


@rule(cites=["BRRO 23", "BRRO 24(1)", "BRRA 24", "BRRA 27(3)", "BRRA 12(4)"], since=SINCE)
def may_be_given(requester: str, under: Under, is_reissue: bool, *, on: date) -> Finding | None:
    """転出証明書は、転出届をした者に交付し、再交付は、本人、同一世帯の者又はその代理人に限る。

    It holds the numbers of all its persons: it is given to whoever brought just their 転出届, and
    on a request to those alone who may have a copy with numbers. A first one on a request (the 受付
    of the 転出届 ends with its day) is asked about.
    """
    if under == "other_notification":
        return _NOT_OF_NOTIFICATION()
    if under == "own_notification":
        known = any(one.code == requester for one in notifiers(on))
        return None if known else _NOT_FOR_THEM()
    row = REQUESTERS.find(requester, on)
    if row is None or row.text("numbers") == "never":
        return _NOT_FOR_THEM()
    return None if is_reissue else _FIRST_BY_REQUEST()


@rule(cites=["BRRO 23", "BRRA 24", "BRRA 24-2"], since=SINCE)
def may_have_moved_out_certificate(
    closing_reason: str, state: str, by_special: bool, *, on: date
) -> Finding | None:
    """国内への転出届をした者には、特例の適用を受ける場合を除き、転出証明書を交付する。

    Only who has notified a moving to another town of Japan has one, before or after the day; who
    moves by the 特例 has none. Whose record closed for another cause has none either.
    """
    if closing_reason != "moved_out" or state not in ("", "living", "moved_out"):
        return _NOT_MOVING()
    return _BY_SPECIAL() if by_special else None


@rule(cites=["BRRO 24(1)", "STD 4.1.3.0.3"], since=SINCE)
def is_first_or_reissue(is_reissue: bool, has_first_issue: bool, *, on: date) -> Finding | None:
    """転出証明書は一度交付し、二度目からは再交付と表示して、当初の内容で作成する。

    The first issue is made once; every later one is marked 再交付 and repeats its content.
    """
    if is_reissue:
        return None if has_first_issue else _NO_FIRST_ISSUE()
    return _ISSUED_BEFORE() if has_first_issue else None


@rule(cites=["BRRO 23", "STD 5.1"], since=SINCE)
def is_one_moving(movings: int, is_reissue: bool, *, on: date) -> Finding | None:
    """転出証明書には、転出先及び転出の予定年月日を記載し、転出を共にする者を一つに記載する。

    Where to and when stand on it once, for all its movers; `movings` is how many differ. A 再交付
    repeats the persons of the first issue, whatever became of each since.
    """
    return _TWO_MOVINGS() if movings > 1 and not is_reissue else None
