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
CHANGED_SINCE = _CHANGED_SINCE.code
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
_NUMBER_WRONG = finding(
    "brra7.number_wrong",
    refuses=True,
    cites=["BRRA 7[8-2]", "STD 11.1"],
    what="個人番号が12桁でないか、検査用数字が合いません。",
    remedy="個人番号を、通知された番号のとおり入力し直してください。",
    on_item="individual_number",
)
_NUMBER_OF_OTHER = finding(
    "brra7.number_not_entered",
    refuses=True,
    cites=["BRRA 7[8-2]", "STD 4.4"],
    what="この異動で記載しない者に、個人番号が入力されています。",
    remedy="個人番号は、記載する者だけに入力できます。すでに住民である者の番号は、個人番号の異動で入力します。",
    on_item="individual_number",
)
_NAMED_TWICE = finding(
    "std11-1.named_twice",
    refuses=True,
    cites=["STD 11.1"],
    what="一つの異動に、同じ者が二度含まれています。",
    remedy="重ねて入力した者を除いてください。別人であれば、最初の画面から開き直して入力してください。",
)
_NUMBER_IN_TEXT = finding(
    "mna12.number_in_change",
    refuses=True,
    cites=["MNA 12"],
    what="個人番号と思われる12桁の数字が、住民の記載となる文字の欄に入力されています。",
    remedy="その数字を消してください。個人番号は、個人番号の欄だけに入力します。",
)
_REMARK_UNFIT = finding(
    "std1-1-14.remark_unfit",
    refuses=True,
    cites=["STD 1.1.14"],
    what="備考に、記録できない文字があるか、{chars}字を超えています。",
    remedy="備考を短くするか、文字を改めて、入力し直してください。",
    on_item="remark",
)
REMARK_CHARS = 2_000
"""備考の長さ: ours; a remark is read on a screen and printed in a box, it is no file."""


_SUPPRESSED = finding(
    "std3-1.change_suppressed",
    refuses=True,
    cites=["STD 3.1"],
    what="異動の入力が抑止されている人がいるため、この異動は登録できません。",
    remedy="抑止を担当する者に、解除又は一時解除を申し出てください。",
)
_SUPPRESSED_ALERT = finding(
    "std3-1.change_suppressed_alert",
    refuses=False,
    cites=["STD 3.1"],
    what="異動の入力に注意を要する人がいます。",
    remedy="抑止を担当する者に確かめてから登録してください。",
)


_WITHHELD = finding(
    "std3-1.remark_withheld",
    refuses=True,
    cites=["STD 3.1"],
    what="照会が抑止されている人がいるため、備考を入力できません。",
    remedy="抑止を担当する者に、解除又は一時解除を申し出てください。",
)


@rule(cites=["STD 3.1"], since=date(1967, 11, 10))
def remark_seen(is_withheld: bool, *, on: date) -> Finding | None:
    """照会の抑止がされている者の備考は示されないので、書き改めることもできない。

    Whose 照会 is suppressed at the level error takes no remark: what stands there is not shown.
    """
    return _WITHHELD() if is_withheld else None


@rule(cites=["STD 3.1"], since=date(1967, 11, 10))
def not_suppressed(level: str, *, on: date) -> Finding | None:
    """異動の抑止がされている者の異動は、解除されるまで入力することができない。

    A change of somebody for whom 異動入力 is suppressed is refused at the level error and asked at
    the level alert. `level` is error, alert or blank.
    """
    return {"error": _SUPPRESSED, "alert": _SUPPRESSED_ALERT}[level]() if level else None


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


@rule(cites=["BRRA 7[8-2]", "STD 11.1"], since=date(2015, 10, 5))
def number_is_right(is_right: bool, *, on: date) -> Finding | None:
    """個人番号は12桁で、末尾は検査用数字である。

    An individual number that is typed has twelve digits, and its check digit holds.
    """
    return None if is_right else _NUMBER_WRONG()


@rule(cites=["BRRA 7[8-2]", "MNA 7(1)", "STD 4.4"], since=date(2015, 10, 5))
def number_of_entered(is_of_entered: bool, is_assigned: bool, *, on: date) -> Finding | None:
    """転入等の記載のときは記載する者の、個人番号の指定のときは指定を受ける者の個人番号を記載する。

    A change that enters persons takes the individual numbers of those persons, an assignment those
    of whom it names; neither takes that of anybody else.
    """
    return None if is_of_entered or is_assigned else _NUMBER_OF_OTHER()


@rule(cites=["STD 1.1.14"], since=date(1967, 11, 10))
def remark_fits(is_fit: bool, *, on: date) -> Finding | None:
    """備考は、住民票に表すことのできる文字で、欄に収まる長さで記録する。

    A remark is written in letters that a record can hold and fits its box.
    """
    return None if is_fit else _REMARK_UNFIT(chars=REMARK_CHARS)


@rule(cites=["STD 11.1"], since=date(1967, 11, 10))
def named_once(is_once: bool, *, on: date) -> Finding | None:
    """一つの異動は、一人について一度だけ記録する。

    One change names each person once: two entries of one person in it cannot both hold.
    """
    return None if is_once else _NAMED_TWICE()


@rule(cites=["MNA 12"], since=date(2015, 10, 5))
def no_number_in_text(is_held: bool, *, on: date) -> Finding | None:
    """個人番号の漏えい等を防ぐため、住民票の文字の欄にも留意事項にも備考にも記録しない。

    A 個人番号 stands in no text of a change and in no remark: the ledger is never rewritten.
    """
    return _NUMBER_IN_TEXT() if is_held else None
