"""転出証明書の交付: of whom it is made, and when only as a 再交付 (BRRO 23, 24)."""

from datetime import date

from daicho.law.disclosure.items import SINCE
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
