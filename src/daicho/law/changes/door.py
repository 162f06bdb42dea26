"""異動の入口: what the write door finds, whatever the kind: who is there, who saw what."""

from datetime import date

from daicho.law.rule import Finding, finding, rule

_CHANGED_SINCE = finding(
    "std10-3.changed_since",
    refuses=True,
    cites=["STD 10.3"],
    what="開いた後に、ほかの操作者がこの住民の記載を変えました。",
    remedy="入力した内容を控え、開き直して、今の記載を確かめてからやり直してください。",
)
_NOT_THERE = finding(
    "std11-1.not_there",
    refuses=True,
    cites=["STD 11.1"],
    what="対象の住民がいないか、すでに消除されています。",
    remedy="住民を検索し直してください。除票の者には、転入通知の受理、留意事項による修正、異動の取消しだけができます。",
)
_HERE_ALREADY = finding(
    "std4-1-1-2.here_already",
    refuses=True,
    cites=["STD 4.1.1.2"],
    what="記載しようとする者は、すでに住民として記載されています。",
    remedy="検索して今の記載を確かめてください。",
)
_OTHER_REQUEST = finding(
    "access.request_used",
    refuses=True,
    cites=["STD 10.3", "STD 11.1"],
    what="この受付番号では、別の異動がすでに記録されています。この入力は記録していません。",
    remedy="最初の画面から開き直して、入力してください。",
)
_NOT_FREE = finding(
    "std4-0-2.household_in_use",
    refuses=True,
    cites=["STD 4.0.2", "STD 1.1.13"],
    what="新しい世帯の世帯番号に、すでに世帯員がいます。",
    remedy="新しい世帯番号を付番し直すか、既存の世帯に入ることを選んでください。",
)
_NOT_BY_JOB = finding(
    "access.not_by_job",
    refuses=True,
    cites=["BRRA 36-2(1)", "STD 10.3"],
    what="操作者のいない処理では記録できない異動です。",
    remedy="操作者が画面から入力してください。",
)


@rule(cites=["STD 11.1"], since=date(1967, 11, 10))
def somebody_there(is_there: bool, *, on: date) -> Finding | None:
    """論理的に成立し得ない入力（住民でない者の異動）は、確定することができない。

    What cannot be, a change of who is no resident, is not recorded; a 除票 takes only what may be
    said of it.
    """
    return None if is_there else _NOT_THERE()


@rule(cites=["STD 4.1.1.2"], since=date(1967, 11, 10))
def not_here_already(is_resident: bool, *, on: date) -> Finding | None:
    """現に住民である者を、重ねて記載することはない。

    Who is a resident is not entered a second time.
    """
    return _HERE_ALREADY() if is_resident else None


@rule(cites=["STD 10.3", "STD 11.1"], since=date(1967, 11, 10))
def same_request(is_same: bool, *, on: date) -> Finding | None:
    """一つの受付番号で記録する異動は、一つである。

    One request records one change: a repeat of it gives the first result, another change none.
    """
    return None if is_same else _OTHER_REQUEST()


@rule(cites=["STD 4.0.2", "STD 1.1.13"], since=date(1967, 11, 10))
def household_is_free(is_free: bool, *, on: date) -> Finding | None:
    """新しい世帯には、新しい世帯番号を付ける。

    A household that is made has a number that no other household has.
    """
    return None if is_free else _NOT_FREE()


@rule(cites=["STD 10.3"], since=date(1967, 11, 10))
def unchanged_since(is_same: bool, *, on: date) -> Finding | None:
    """他の操作者が更新した後の記載を、古い画面から更新することはできない。

    A record that another has changed since it was opened is opened again first.
    """
    return None if is_same else _CHANGED_SINCE()


@rule(cites=["BRRA 36-2(1)", "STD 10.3"], since=date(1967, 11, 10))
def by_operator(has_operator: bool, is_of_the_job: bool, *, on: date) -> Finding | None:
    """異動の入力は、権限のある操作者が行う。機械の仕事は、その仕事の異動だけを記録する。

    A change is entered by an operator; a machine's job records the kinds of its own alone.
    """
    return None if has_operator or is_of_the_job else _NOT_BY_JOB()
