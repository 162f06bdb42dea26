"""表示しない項目: classes of items that one person does not see, on whatever screen."""

from collections.abc import Collection, Mapping
from datetime import date

from daicho.law.rule import Finding, finding, rule, words
from daicho.law.tables import table

_ITEMS = table("maskable_items").keyed()
for _row in _ITEMS:
    _row.only("code", "name")

MASKABLE: Mapping[str, str] = {row.text("code"): row.text("name") for row in _ITEMS}
"""表示しない設定のできる項目: Japanese name by class of items; 続柄 is never among them."""

words(MASKABLE.values())

_MASKED = finding(
    "access.item_masked",
    refuses=True,
    cites=["STD 10.4", "BRRA 36-2(1)"],
    what="「{item}」は、この操作者には表示しない設定になっています。",
    remedy="この項目を扱う担当の職員に引き継いでください。"
    "担当が変わったときは、操作権限の管理担当に設定の変更を依頼してください。",
)
_NOT_MASKABLE = finding(
    "access.item_not_maskable",
    refuses=True,
    cites=["STD 10.4"],
    what="この項目は、操作者ごとに表示しない設定にすることができません。",
    remedy="戸籍の表示、個人番号、住民票コード、在留資格等の中から選んでください。",
)


@rule(cites=["STD 10.4"], since=date(1967, 11, 10))
def may_be_masked(item: str, on: date) -> Finding | None:
    """戸籍の表示、個人番号、住民票コード、在留資格等は操作者ごとに非表示にでき、続柄はできない。

    Of which classes of items it may be said that one person does not see them.
    """
    return None if _ITEMS.find(item, on) else _NOT_MASKABLE()


@rule(cites=["STD 10.4", "BRRA 36-2(1)"], since=date(1967, 11, 10))
def masked(item: str, masks: Collection[str], on: date) -> Finding | None:
    """表示しない設定の項目は、その操作者にはどの画面でも表示しない。

    What refuses a work that needs to see the item; None where the person sees it.
    """
    if item not in masks or not _ITEMS.find(item, on):
        return None
    return _MASKED(item=MASKABLE[item])
