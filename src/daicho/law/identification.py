"""本人確認情報: of which changes the governor is told, and of which not (住民基本台帳法30条の6)."""

from collections.abc import Iterable
from datetime import date

from daicho.law.rule import rule
from daicho.law.tables import table

OPENS, CHANGES, CLOSES = "opens", "changes", "closes"


def columns(on: date) -> frozenset[str]:
    """本人確認情報の項目: the columns of a record whose change is told."""
    rows = table("identification_items").on(on)
    return frozenset(column for row in rows for column in row.texts("columns"))


@rule(cites=["BRRA 30-6(1)"], since=date(2002, 8, 5))
def prefecture_must_be_told(what: str, changed: Iterable[str], *, on: date) -> bool:
    """市町村長は、住民票の記載、消除又は氏名等の記載の修正をしたときは、本人確認情報を知事に通知する。

    Every entry and every closing is told, a correction only of the items the Act lists: not of the
    household, the 続柄, the 本籍 or insurance.
    """
    return what in (OPENS, CLOSES) or not columns(on).isdisjoint(changed)
