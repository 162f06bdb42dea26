"""住民票コード: who is given one, and the stock of them (住民基本台帳法30条の3)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from daicho.law.rule import COUNT_MAX, Finding, finding, rule
from daicho.law.tables import Row, table
from daicho.terms.changes.reasons import BASES, REASONS

_GROUNDS = table("record_code_grounds").keyed()
_NOTICES = table("record_code_notices").keyed()
NOTICES: dict[str, str] = {
    "record_code_notice": "住民票コード通知票",
    "record_code_change_notice": "住民票コード変更通知票",
    "record_code_correction_notice": "住民票コード修正通知票",
}
"""通知票: the notices by which a code is told (標準仕様書 20.4), by code."""

_LOW = finding(
    "std4-3-1.stock_low",
    refuses=False,
    cites=["STD 4.3.1", "BRRA 30-3(1)"],
    what="住民票コードの備えが{left}件になりました（目安は{least}件）。",
    remedy="都道府県を経て機構に空きコードを求め、取り込んでください。",
)
_EMPTY = finding(
    "std4-3-1.stock_empty",
    refuses=True,
    cites=["STD 4.3.1", "BRRA 30-3(1)"],
    what="住民票コードの備えがなくなりました。",
    remedy="空きコードを取り込むまで、新たな住民票コードを記載できません。"
    "システム運用担当に連絡してください。",
)
_NEVER_CODED = finding(
    "brra30-3.never_coded",
    refuses=False,
    cites=["BRRA 30-3(1)", "BRRA 30-3(2)"],
    what="住民票コードが空欄の者に、新しい住民票コードを記載します。",
    remedy="これまでにどの市区町村の住民基本台帳にも記録されたことがない者か、確かめてください。"
    "記録されたことがあれば、戻って、直近の住民票コードを入力します。",
    on_item="resident_record_code",
)
_NOT_OF_STOCK = finding(
    "brra30-3.not_of_stock",
    refuses=True,
    cites=["BRRA 30-3(2)", "STD 4.3.1"],
    what="生まれた者の住民票コードが、備えの空きコードにないものか、すでに付けられたものです。",
    remedy="住民票コードを空欄にしてください。備えの空きコードから自動で付けます。",
    on_item="resident_record_code",
)
_OF_ANOTHER = finding(
    "brra30-4.code_of_another",
    refuses=True,
    cites=["BRRA 7[13]", "BRRA 30-4(3)"],
    what="入力した住民票コードは、ほかの者に付けたことのある住民票コードです。",
    remedy="住民票コードを確かめてください。正しいコードが分からないときは、空欄にして備えから付けます。",
    on_item="resident_record_code",
)
_OF_CLOSED = finding(
    "brra30-3.code_of_closed",
    refuses=False,
    cites=["BRRA 30-3(1)", "STD 4.3.2"],
    what="入力した住民票コードの除票が、別の記録にあります。",
    remedy="除票の者と同一人か確かめてください。同一人の直近の住民票コードであれば、そのまま進められます。"
    "別人であれば、戻って入力し直してください。",
    on_item="resident_record_code",
)
_NO_NOTICE = finding(
    "std4-3-3.no_notice",
    refuses=True,
    cites=["BRRA 30-3(3)", "BRRA 30-4(4)", "STD 4.3.3"],
    what="この人の住民票コードを知らせる通知票はありません。",
    remedy="通知票は、この市区町村で住民票コードを新しく記載し、変更し、又は修正した人だけに印刷できます。"
    "住民票コードを知りたい人には、住民票コードを記載した住民票の写しを案内してください。",
)
_NOT_BLANK = finding(
    "std4-3-2.not_blank_again",
    refuses=True,
    cites=["STD 4.6.0.1", "STD 1.1.6"],
    what="住民票コードの職権記載は、取り消せません。取り消すと、住民の住民票コードが空欄になります。",
    remedy="記載したコードに誤りがあれば、住民票コードの職権修正を行ってください。",
)


@rule(cites=["STD 4.3.1", "BRRA 30-3(1)"], since=date(2002, 8, 5))
def stock_is_low(left: int, *, on: date) -> Finding | None:
    """住民票コードの備えが目安を下回ったときは、知らせる。

    A stock below the city's mark is told, an empty one refuses what needs a code.
    """
    if left == 0:
        return _EMPTY()
    (row,) = table("record_codes").on(on)
    least = row.number("least_count")
    return _LOW(left=min(left, COUNT_MAX), least=least) if left < least else None


@rule(cites=["BRRA 30-2(1)", "STD 4.3.1"], since=date(2002, 8, 5))
def codes_to_ask(coming: int, *, on: date) -> int:
    """新規付番用の住民票コードを、備えがなくなる前に機構から取得し、蓄積する。

    How many are asked for: as soon as what is left and on its way is below the city's mark, so many
    that the stock is full again.
    """
    (row,) = table("record_codes").on(on)
    is_low = coming < row.number("least_count")
    return row.number("filled_count") - coming if is_low else 0


@rule(cites=["BRRA 30-3(1)", "BRRA 30-3(2)"], since=date(2002, 8, 5))
def is_given_code(reason: str, is_blank: bool, had_code: bool, *, on: date) -> bool:
    """いずれの市町村の住民基本台帳にも記録されたことがない者には、新たな住民票コードを記載する。

    A code of the stock is given to who was never recorded anywhere; everybody else keeps the last
    one. `reason` is the 異動事由 of the entry, `is_blank` says that no code was stated, `had_code`
    that this register knows one of the person.
    """
    (row,) = table("record_codes").on(on)
    return is_blank and not had_code and reason in row.texts("given_for")


@rule(cites=["BRRA 30-3(2)"], since=date(2002, 8, 5))
def never_coded(reasons: Collection[str], *, on: date) -> Finding | None:
    """新たな住民票コードは、住民基本台帳に記録されたことがないことを確かめて記載する。

    Before a code is given to who comes from abroad or is entered ex officio, the clerk confirms
    that the person never had one; of a newborn that needs no question. `reasons` are the 異動事由
    of all who would be given one.
    """
    (row,) = table("record_codes").on(on)
    asked = row.texts("asked_for")
    return _NEVER_CODED() if any(one in asked for one in reasons) else None


@rule(cites=["BRRA 30-3(2)"], since=date(2002, 8, 5))
def is_numbered_anew(reason: str, *, on: date) -> bool:
    """生まれた者のように記録されたことのあり得ない者には、直近の住民票コードがない。

    Whether who is entered for that reason (異動事由) cannot have had a code, so that a code that is
    stated would be a new one. Of others it may be the last one, given elsewhere.
    """
    (row,) = table("record_codes").on(on)
    return reason in set(row.texts("given_for")) - set(row.texts("asked_for"))


@rule(cites=["BRRA 30-3(2)", "STD 4.3.1"], since=date(2002, 8, 5))
def code_of_stock(is_of_stock: bool, *, on: date) -> Finding | None:
    """新たに記載する住民票コードは、機構から指定された住民票コードのうちから選ぶ。

    A new code is one of those that were designated for this municipality and that nobody has.
    """
    return None if is_of_stock else _NOT_OF_STOCK()


@dataclass(frozen=True)
class Ground:
    """変更等の事由: on what a code changes; see `record_code_grounds.toml`."""

    basis: str
    is_typed: bool
    has_code: bool
    is_restored: bool


def _ground(row: Row) -> Ground:
    row.only("code", "basis", "is_typed", "has_code", "is_restored")
    if row.text("basis") not in BASES or row.text("code") not in REASONS:
        raise row.wrong("basis or 異動事由 stands in no table")
    flags = {name: row.flag(name) for name in ("is_typed", "has_code", "is_restored")}
    return Ground(row.text("basis"), **flags)


for _row in _GROUNDS:
    _ground(_row)
for _row in _NOTICES:
    _row.only("code", "form", "of_stock")
    _row.flag("of_stock")
    if _row.text("form") not in NOTICES or _row.text("code") not in REASONS:
        raise _row.wrong("form or 異動事由 stands in no table")


def ground(reason: str, on: date) -> Ground:
    """変更等の事由: that of an 異動事由; KeyError for one by which no code changes."""
    row = _GROUNDS.find(reason, on)
    if row is None:
        raise KeyError(reason)
    return _ground(row)


@rule(cites=["BRRA 30-4(3)", "STD 4.3.1", "STD 4.3.2"], since=date(2002, 8, 5))
def is_given_another(reason: str, is_blank: bool, *, on: date) -> bool:
    """変更異動の場合にも、新規付番用の住民票コードを自動で付番する。

    Whose code changes, is corrected or entered is given one of the stock where none is stated.
    """
    return is_blank and _GROUNDS.find(reason, on) is not None


@rule(cites=["BRRA 7[13]", "BRRA 30-4(3)"], since=date(2002, 8, 5))
def code_of_nobody_else(had_by_another: bool, *, on: date) -> Finding | None:
    """一度付けた住民票コードは、変更の後も、ほかの者に付けることはない。

    A code that another was given once is that person's, also after it has changed.
    """
    return _OF_ANOTHER() if had_by_another else None


@rule(cites=["BRRA 30-3(1)", "STD 4.3.2"], since=date(2002, 8, 5))
def code_of_closed(closed: int, *, on: date) -> Finding | None:
    """記載漏れの住民票コードが除票にあるときは、同一人か確かめて記載する。

    A code that stands on a 除票 is that person's last one: whether it is the same person is asked.
    """
    return _OF_CLOSED() if closed else None


@rule(cites=["STD 4.6.0.1", "BRRA 30-4(3)", "STD 1.1.6"], since=date(2002, 8, 5))
def code_returns(reason: str, *, on: date) -> Finding | None:
    """変更又は修正の取消しでは従前の住民票コードに戻し、職権記載は取り消さない。

    Cancelling brings the former code back, which was given to nobody else; a resident is not left
    without one. `reason` is the 異動事由 of what is cancelled.
    """
    row = _GROUNDS.find(reason, on)
    return None if row is None or _ground(row).is_restored else _NOT_BLANK()


@rule(
    cites=["BRRA 30-3(3)", "BRRA 30-4(4)", "STD 4.3.3"],
    since=date(2002, 8, 5),
)
def told_by(reason: str, is_of_stock: bool, *, on: date) -> str:
    """住民票コードを新たに記載し、変更し、又は修正したときは、書面により本人に通知する。

    The notice by which a code is told (a code of `NOTICES`), blank for one that the person knew
    before it came here. `reason` is the 異動事由 with which it came into the record; `is_of_stock`:
    it was drawn of the stock.
    """
    row = _NOTICES.find(reason, on)
    if row is None or (row.flag("of_stock") and not is_of_stock):
        return ""
    return row.text("form")


@rule(cites=["BRRA 30-3(3)", "BRRA 30-4(4)", "STD 4.3.3"], since=date(2002, 8, 5))
def notice_there(is_there: bool, *, on: date) -> Finding | None:
    """通知票は、住民票コードを新たに記載し、変更し、又は修正したときに出力し、確認票は発行しない。

    A code is told by the notice of the change that brought it, also again; there is none beside.
    """
    return None if is_there else _NO_NOTICE()
