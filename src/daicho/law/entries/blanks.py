"""空欄: items that the standard does not let stand blank, and blanks that are worth a look."""

from collections.abc import Iterator
from datetime import date
from functools import cache

from daicho.law.entries.case import (
    ACT_IN_FORCE_ON,
    FOREIGN_RESIDENTS_SINCE_ON,
    Case,
    Columns,
    about,
    asked,
    columns_of,
)
from daicho.law.entries.item_days import exists_from
from daicho.law.rule import Finding, finding, rule
from daicho.law.tables import table
from daicho.terms.records import CODES, Blank, Item, Kind, item_of

_BLANK = finding(
    "std1-1-6.blank",
    refuses=True,
    cites=["STD 1.1.6"],
    what="【項目】が空欄です。空欄にできない項目です。",
    remedy="【項目】を確かめて入力してください。",
)
_CARD_NUMBER_PENDING = finding(
    "std1-1-6.card_number_pending",
    refuses=False,
    cites=["STD 1.1.6", "BRRA 30-45"],
    what="在留カードの番号が空欄です。",
    remedy="在留カードが後日交付される場合は、そのまま進め、交付の通知が届いてから番号を入力してください。",
    on_item="residence_card_number",
)
_CLASS_ITEM_BLANK = finding(
    "brra30-45.item_blank",
    refuses=False,
    cites=["BRRA 30-45", "STD 1.1.2"],
    what="外国人住民の記載事項のうち、【項目】が空欄です。",
    remedy="在留カードなどで確かめて入力してください。確かめられないときは、空欄のまま進められます。",
)

_WITHOUT_END = table("stays_without_end").keyed()
for _row in _WITHOUT_END:
    _row.only("code")
    if _row.text("code") not in CODES["residence_status"]:
        raise _row.wrong("code is a 在留資格 of terms")

_STAY = ("residence_status", "period_of_stay", "period_of_stay_expires_on")
_CLASS_ITEMS = ("nationality", *_STAY)


def stays_without_end(residence_status: str, on: date) -> bool:
    """無期限の在留: whether the 在留資格 is one whose stay has no last day."""
    return _WITHOUT_END.find(residence_status, on) is not None


@rule(cites=["STD 1.1.6", "BRRA 30-45"], since=ACT_IN_FORCE_ON)
def blank(
    item: str, *, foreign: bool, foreign_class: str, living: bool, on: date
) -> Finding | None:
    """空欄を許容しない項目が空欄の記載は、確定することができない。在留カードの番号は後日でよい。

    An item that may not be blank, and is, refuses the entry; only the number of a residence card
    may follow. Asked of a blank `item` (its column; `address` for the whole 住所).
    """
    its = item_of("address_prefecture" if item == "address" else item)
    if not its.is_held_by(foreign=foreign, foreign_class=foreign_class):
        return None
    if its.blank is Blank.ALLOWED or on < exists_from(its.column, foreign=foreign):
        return None
    if its.blank is not Blank.NEVER and not living:
        return None
    if its.blank is Blank.ALERT_WHILE_LIVING:
        return _CARD_NUMBER_PENDING()
    return about(_BLANK(), item)


@rule(cites=["BRRA 30-45", "STD 1.1.2"], since=FOREIGN_RESIDENTS_SINCE_ON)
def class_item_blank(
    item: str, *, foreign_class: str, residence_status: str, on: date
) -> Finding | None:
    """外国人住民の住民票には、国籍・地域と、中長期在留者なら在留資格・在留期間・満了の日を記載する。

    A foreign resident's record has nationality and, of a mid- to long-term resident, status, period
    and last day of the stay; a blank asks. Asked of a blank `item` of a living resident.
    """
    if item in _STAY and foreign_class != "mid_to_long_term":
        return None
    if item == "period_of_stay_expires_on" and stays_without_end(residence_status, on):
        return None
    return about(_CLASS_ITEM_BLANK(), item) if item in _CLASS_ITEMS else None


def check(case: Case) -> Iterator[Finding]:
    """空欄の審査: every blank of the record that the law has something to say of."""
    record = case.record
    names, values = _asked_columns(case.foreign, record.foreign_class, case.living)
    held = values(record)
    if None in held or "" in held:
        for name, value in zip(names, held, strict=True):
            if value is None or value == "":
                yield from _found(case, name)
    if not (record.address_municipality or any(_written(record))):
        yield from _found(case, "address")


_, _written = columns_of(
    lambda one: one.part_of == "address" and one.kind is Kind.ADDRESS  # codes are no address
)


@cache
def _asked_columns(foreign: bool, foreign_class: str, living: bool) -> Columns:
    def is_asked(one: Item) -> bool:
        if one.part_of or not one.is_held_by(foreign=foreign, foreign_class=foreign_class):
            return False
        if foreign and living and one.column in _CLASS_ITEMS:
            return True
        return one.blank is Blank.NEVER or (living and one.blank is not Blank.ALLOWED)

    return columns_of(is_asked)


def _found(case: Case, item: str) -> Iterator[Finding]:
    record, on = case.record, case.on
    if item in _CLASS_ITEMS:
        found = asked(
            class_item_blank,
            item,
            foreign_class=record.foreign_class,
            residence_status=record.residence_status,
            on=on,
        )
    else:
        found = blank(
            item,
            foreign=case.foreign,
            foreign_class=record.foreign_class,
            living=case.living,
            on=on,
        )
    if found is not None:
        yield found
