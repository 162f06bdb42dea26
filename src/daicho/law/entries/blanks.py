"""空欄: items that the standard does not let stand blank, and blanks that are worth a look."""

from collections.abc import Iterator
from dataclasses import replace
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
from daicho.terms.records import CODES, Blank, Item, Kind, Record, item_of

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
_NAME_BLANK = finding(
    "brra7.name_blank",
    refuses=True,
    cites=["BRRA 7[1]"],
    what="氏名がすべて空欄です。",
    remedy="届書、転出証明書、在留カードなどで氏名を確かめて入力してください。通称だけでは記載できません。",
)
_NAME_UNDECIDED = finding(
    "brra7.name_undecided",
    refuses=False,
    cites=["BRRA 7[1]"],
    what="出生した外国人住民の氏名がすべて空欄です。",
    remedy="氏名が決まっていれば入力してください。未定のときは、空欄のまま進められます。",
    on_item="roman_name",
)
_SEX_BLANK = finding(
    "brra7.sex_blank",
    refuses=False,
    cites=["BRRA 7[3]", "STD 1.1.6"],
    what="性別が空欄です。",
    remedy="届書、転出証明書、在留カードなどで確かめて入力してください。戸籍などで未定のときは、空欄のまま進められます。",
    on_item="sex",
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


@rule(cites=["BRRA 7[1]"], since=ACT_IN_FORCE_ON)
def name_blank(*, foreign: bool, kind: str, on: date) -> Finding | None:
    """住民票には、氏名を記載する。出生した外国人住民の氏名が未定のときは、空欄でよい。

    Nobody is entered without any name. A Japanese newborn has the 氏 of the 戸籍 at least; of a
    foreign newborn there may be none yet, which asks. Asked where every name item is blank: a
    通称 is no 氏名.
    """
    if foreign and kind == "born":
        return _NAME_UNDECIDED()
    return replace(_NAME_BLANK(), on_item="roman_name" if foreign else "family_name")


@rule(cites=["BRRA 7[3]", "STD 1.1.6"], since=ACT_IN_FORCE_ON)
def sex_blank(sex: str, *, on: date) -> Finding | None:
    """住民票には、男女の別を記載する。未定の者については、空欄でよい。

    The record says the sex; the standard lets it stand blank, so a blank asks.
    """
    return None if sex else _SEX_BLANK()


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
    if case.living and not (record.sex and _has_name(record)):
        yield from _unnamed(case)


_, _written = columns_of(
    lambda one: one.part_of == "address" and one.kind is Kind.ADDRESS  # codes are no address
)


def _has_name(record: Record) -> bool:
    if record.is_foreign:
        return bool(record.roman_name or record.kanji_name)
    return bool(record.family_name or record.given_name)


def _unnamed(case: Case) -> Iterator[Finding]:
    """Asked of who is entered, or had it before: what stands blank already is not asked anew."""
    record, before, on = case.record, case.before, case.on
    stood = before if before is not None and before.is_living else None
    was_named = stood is None or _has_name(stood)
    was_sexed = stood is None or bool(stood.sex)
    found = (
        name_blank(foreign=case.foreign, kind=case.kind, on=on)
        if was_named and not _has_name(record)
        else None,
        sex_blank(record.sex, on=on) if was_sexed else None,
    )
    yield from (one for one in found if one is not None)


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
