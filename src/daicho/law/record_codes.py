"""住民票コード: the stock of codes that a municipality keeps (住民基本台帳法30条の3)."""

from datetime import date

from daicho.law.rule import Finding, finding, rule
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
COUNT_MAX = 9_999  # a finding shows no larger figure


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
