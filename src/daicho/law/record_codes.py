"""住民票コード: who is given one, and the stock of them (住民基本台帳法30条の3)."""

from collections.abc import Collection
from datetime import date

from daicho.law.rule import COUNT_MAX, Finding, finding, rule
from daicho.law.tables import table

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
