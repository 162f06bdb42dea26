"""対象者: items that a resident of that class or of that time cannot have, and the 個人番号."""

from collections.abc import Iterator
from datetime import date
from functools import cache

from daicho.law.entries.case import (
    ACT_IN_FORCE_ON,
    Case,
    Columns,
    about,
    asked,
    columns_of,
)
from daicho.law.entries.item_days import ASKED_BEFORE, exists_from
from daicho.law.rule import Finding, finding, rule
from daicho.terms.records import item_of

INDIVIDUAL_NUMBERS_SINCE_ON = date(2015, 10, 5)

_NOT_HELD = finding(
    "entry.not_held",
    refuses=True,
    cites=["STD 1.1.1", "STD 1.1.2"],
    what="この住民種別・区分の住民票にはない項目（【項目】）に記入があります。",
    remedy="住民種別と法第30条の45の区分を確かめ、誤りがなければ【項目】を空欄にしてください。",
)
_BEFORE_LAW = finding(
    "entry.item_before_law",
    refuses=False,
    cites=["STD 1.1.1"],
    what="【項目】は{since_on}からの項目ですが、それより前の処理日の記載にあります。",
    remedy="【項目】とほかの項目（フリガナなど）を取り違えていないか確かめてください。",
)
_NUMBER_NONE = finding(
    "brra7.number_none",
    refuses=False,
    cites=["BRRA 7[8-2]"],
    what="現存者ですが、個人番号がありません。",
    remedy="個人番号の生成の要求をしたか確かめてください。",
    on_item="individual_number_state",
)
_NUMBER_PENDING_CLOSED = finding(
    "brra7.number_pending_closed",
    refuses=False,
    cites=["BRRA 7[8-2]"],
    what="除票ですが、個人番号が生成待ちのままです。",
    remedy="生成の要求の結果を確かめてください。",
    on_item="individual_number_state",
)


@rule(cites=["STD 1.1.1", "STD 1.1.2"], since=ACT_IN_FORCE_ON)
def not_held(item: str, *, foreign: bool, foreign_class: str, on: date) -> Finding | None:
    """戸籍や旧氏は日本人住民だけ、国籍や通称は外国人住民だけ、在留資格などはその区分だけの項目である。

    The 戸籍, 旧氏 and roll are of Japanese residents alone, nationality and 通称 of foreign ones,
    stay and card of their class. Asked of an `item` (its column) that is filled in.
    """
    if item_of(item).is_held_by(foreign=foreign, foreign_class=foreign_class):
        return None
    return about(_NOT_HELD(), item)


@rule(cites=["STD 1.1.1"], since=ACT_IN_FORCE_ON)
def before_law(item: str, *, foreign: bool, on: date) -> Finding | None:
    """旧氏や振り仮名は、その制度が始まった日からの記載事項である。

    Items such as 旧氏 and the statutory readings exist from the day their law began; one in a row
    processed before asks. Asked of an `item` that is filled in; `on` is the day of processing.
    """
    since_on = exists_from(item, foreign=foreign)
    if since_on <= on:
        return None
    return about(_BEFORE_LAW(since_on=since_on), item)


@rule(cites=["BRRA 7[8-2]"], since=INDIVIDUAL_NUMBERS_SINCE_ON)
def number_state(state: str, *, living: bool, on: date) -> Finding | None:
    """住民票には個人番号を記載する。生成の結果が届くまでは空欄のままでよい。

    A resident's record has an individual number, or one that is awaited; a record without either
    asks, and so does a 除票 that still awaits one. `state` is the 個人番号の状態.
    """
    if living:
        return _NUMBER_NONE() if state in ("", "none") else None
    return _NUMBER_PENDING_CLOSED() if state == "pending" else None


def check(case: Case) -> Iterator[Finding]:
    """対象者の審査: every item filled in that this resident cannot have, then the 個人番号."""
    record, on = case.record, case.on
    names, values = _others(case.foreign, record.foreign_class)
    held = values(record)
    if any(held):
        for name, value in zip(names, held, strict=True):
            if value:
                found = not_held(
                    name, foreign=case.foreign, foreign_class=record.foreign_class, on=on
                )
                assert found is not None, f"{name} is of no other class"
                yield found
    if not case.foreign and on < _LATEST_ON:
        for item, since_on in ASKED_BEFORE:
            if on < since_on and getattr(record, item):
                yield from filter(None, (before_law(item, foreign=False, on=on),))
    if record.individual_number_state != "held" and case.kind not in _ASKS_ITSELF:
        found = asked(number_state, record.individual_number_state, living=case.living, on=on)
        if found is not None:
            yield found


# A moving-in says of whom the number is missing, and where it is written
# (law.changes.kinds.moved_in).
_ASKS_ITSELF = ("moved_in",)
_LATEST_ON = max(since_on for _, since_on in ASKED_BEFORE)


@cache
def _others(foreign: bool, foreign_class: str) -> Columns:
    """The items that others have and this class has not."""
    return columns_of(lambda one: not one.is_held_by(foreign=foreign, foreign_class=foreign_class))
