"""統合記載欄: history (A類型), 留意事項 (B) and 備考 (C) as a 個人票 prints them (standard 1.1.14).

The history is told from the versions themselves, item by item, so that an item which is left out of
the copy is left out of its history too. What older systems wrote as one text is printed only where
nothing is left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from daicho.certificates.forms.values import NAMES, item_of, value
from daicho.law.disclosure import Decision
from daicho.terms.changes.closing_cells import LEAVING
from daicho.terms.changes.reasons import REASONS
from daicho.terms.dates import RegisterDate, wareki
from daicho.terms.records import Record

Kind = Literal["履歴", "留意事項", "備考", "除票"]

_PLANS = (*LEAVING, "moved_out_notice_received")
# Told apart from the history: what the box of the item itself or the lines of a 除票 say.
_NOT_HISTORY = ("closing", "planned_destination")


@dataclass(frozen=True, kw_only=True)
class Past:
    """一つの異動: a version of the record and the days of the change that made it.

    `remark` is the stored A類型, `note` the B類型. `is_special`: a row of a special cause (1.1.4).
    """

    record: Record
    reason: str
    occurred_on: RegisterDate | None = None
    received_on: date | None = None
    remark: str = field(default="", repr=False)
    note: str = field(default="", repr=False)
    is_special: bool = False


@dataclass(frozen=True)
class Line:
    """記載: one entry of the 統合記載欄."""

    kind: Kind
    text: str = field(repr=False)


def lines(pasts: Sequence[Past], remark: str, decision: Decision) -> tuple[Line, ...]:
    """統合記載欄: the history where it is asked for, the oldest first; what closed a 除票; 備考.

    `pasts` are the versions of one residence, the last of them the one certified.
    """
    found: list[Line] = []
    if decision.request.with_history:
        befores: list[Past | None] = [None, *pasts]
        for before, past in zip(befores, pasts, strict=False):
            found.extend(_history(before, past, decision))
    if not pasts[-1].record.is_living:
        found.extend(Line("除票", text) for text in _closing(pasts[-1].record))
    return (*found, *((Line("備考", remark),) if remark else ()))


def former_address(pasts: Sequence[Past]) -> str:
    """異動前住所: the address in this town before the present one, blank where there was none."""
    now = pasts[-1].record.address
    before = (one.record.address for one in reversed(pasts))
    return next((one.written for one in before if one.written != now.written), "")


def _history(before: Past | None, past: Past, decision: Decision) -> Iterator[Line]:
    # Plans are no entry of the copy until the record has closed by them.
    is_plan = past.reason in _PLANS and past.record.is_living
    if is_plan or (past.is_special and not decision.prints_special_history):
        return
    told = _differences(before.record, past.record, decision) if before else ()
    is_telling = before is None or told or not past.record.is_living
    if not is_telling and _leaves_out(past.record, decision):
        return
    stored = () if told or _leaves_out(past.record, decision) else (past.remark,)
    text = "　".join(one for one in (_head(past), *told, *stored) if one)
    yield Line("履歴", text)
    if past.note:
        yield Line("留意事項", past.note)


def _head(past: Past) -> str:
    days = (
        past.occurred_on.in_wareki() if past.occurred_on else "",
        f"（届出等 {wareki(past.received_on)}）" if past.received_on else "",
    )
    return f"{days[0]}{REASONS[past.reason].text}{days[1]}"


def _differences(before: Record, after: Record, decision: Decision) -> tuple[str, ...]:
    """Item by item what stood there and what stands there, of the items that are shown."""
    found = []
    for name, title in NAMES.items():
        if name in _NOT_HISTORY or not decision.shows(after.record_id, item_of(name)):
            continue
        old, new = value(before, name), value(after, name)
        if old != new:
            found.append(f"{title}{_change(old, new)}")
    return tuple(found)


def _change(old: str, new: str) -> str:
    if not old:
        return f"「{new}」の記載"
    return f"「{old}」から「{new}」" if new else f"「{old}」の削除"


def _leaves_out(record: Record, decision: Decision) -> bool:
    return any(one.how == "omitted" for one in decision.entries[record.record_id])


def _closing(record: Record) -> Iterator[str]:
    """除票の記載 (1.1.5): what only a closed record says, of that which it has."""
    closed = record.closing_event_on
    told = (
        ("消除の事由", value(record, "closing")),
        ("事由の生じた年月日", closed.in_wareki() if closed else ""),
        ("転出先（予定）", record.planned_destination.written),
        ("転出先（確定）", record.confirmed_destination.written),
        ("届出年月日", _day(record.closing_notified_on)),
        ("転入通知年月日", _day(record.moved_in_notice_on)),
        ("転出年月日", _day(record.moved_out_on)),
        ("消除年月日", _day(record.closed_on)),
    )
    return (f"{title}　{text}" for title, text in told if text)


def _day(day: date | None) -> str:
    return wareki(day) if day else ""
