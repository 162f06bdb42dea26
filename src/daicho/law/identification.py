"""本人確認情報と附票: of which changes the governor and the 本籍地 are told (30条の6, 19条)."""

from collections.abc import Iterable
from datetime import date

from daicho.law.rule import rule
from daicho.law.tables import table

_SUPPLEMENT = table("supplement_items").keyed()
for _row in _SUPPLEMENT:
    _row.only("code", "name", "columns")

# A domestic moving-out is told by the town that is moved to, when it enters the newcomer.
_TOLD_BY_ANOTHER = ("moved_out",)

OPENS, CHANGES, CLOSES = "opens", "changes", "closes"


def columns(on: date) -> frozenset[str]:
    """本人確認情報の項目: the columns of a record whose change is told."""
    rows = table("identification_items").on(on)
    return frozenset(column for row in rows for column in row.texts("columns"))


def _reasons(on: date) -> frozenset[str]:
    """番号の変更の異動事由: by which an item becomes another although no column does."""
    rows = table("identification_items").on(on)
    told = (row for row in rows if "reasons" in row.entries)
    return frozenset(reason for row in told for reason in row.texts("reasons"))


@rule(cites=["BRRA 30-6(1)"], since=date(2002, 8, 5))
def prefecture_must_be_told(
    what: str, changed: Iterable[str], *, on: date, reason: str = ""
) -> bool:
    """市町村長は、住民票の記載、消除又は氏名等の記載の修正をしたときは、本人確認情報を知事に通知する。

    Every entry and every closing is told, a correction only of the items the Act lists: not of the
    household, the 続柄, the 本籍 or insurance. `reason` is the 異動事由: it tells of another
    個人番号, of which no column speaks.
    """
    return what in (OPENS, CLOSES) or reason in _reasons(on) or not columns(on).isdisjoint(changed)


@rule(cites=["BRRA 19(1)", "BRRA 17"], since=date(1967, 11, 10))
def domicile_must_be_told(what: str, reason: str, changed: Iterable[str], *, on: date) -> bool:
    """住所地の市町村長は、戸籍の附票の記載の修正をすべきときは、本籍地の市町村長に通知する。

    The 本籍地 is told where what its 附票 shows becomes different: every entry, every closing but
    the one of a domestic moving-out, and a correction of the items of the 附票. `reason` is the
    異動事由.
    """
    if what == CLOSES:
        return reason not in _TOLD_BY_ANOTHER
    rows = _SUPPLEMENT.on(on)
    shown = frozenset(column for row in rows for column in row.texts("columns"))
    return what == OPENS or not shown.isdisjoint(changed)
