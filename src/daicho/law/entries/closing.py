"""除票: what a closed record says of its closing, and what a living one cannot say of it."""

from collections.abc import Iterator
from datetime import date

from daicho.law.entries.case import ACT_IN_FORCE_ON, Case, about, columns_of
from daicho.law.rule import Finding, finding, rule
from daicho.law.tables import table
from daicho.terms.dates import RegisterDate
from daicho.terms.records import CODES, item_of

_BLANK = finding(
    "std1-1-5.blank",
    refuses=False,
    cites=["STD 1.1.5", "STD 1.1.6"],
    what="除票ですが、【項目】が空欄です。",
    remedy="【項目】を確かめてください。分からないときは、空欄のまま進められます。",
)
_STATE = finding(
    "std1-1-5.state",
    refuses=True,
    cites=["STD 1.1.5", "STD 1.2.2"],
    what="消除事由と住民状態が合いません。",
    remedy="消除事由と住民状態を確かめ、誤っているほうを直してください。",
    on_item="state",
)
_LIVING_CLOSED_ITEM = finding(
    "std1-1-5.living_closed_item",
    refuses=True,
    cites=["STD 1.1.5"],
    what="現存者ですが、除票だけの項目（【項目】）に記入があります。",
    remedy="転出の予定がある者は、予定の項目だけを入力してください。そのほかは【項目】を空欄にしてください。",
)
_PLANNED_DAY_PASSED = finding(
    "std1-1-5.planned_day_passed",
    refuses=False,
    cites=["STD 1.1.5"],
    what="転出予定日（{planned_on}）を過ぎていますが、消除されていません。",
    remedy="転出の届出が取り消されていないか確かめてください。取り消されていなければ、毎時の処理で"
    "消除されます。消除されない理由は、最初の画面の「消除できなかった転出予定者」で確かめられます。",
    on_item="closing_event_on",
)

_STATES = {row.text("code"): row.text("state") for row in table("closing_states").keyed()}
for _row in table("closing_states"):
    _row.only("code", "state")
    if _row.text("state") not in CODES["state"]:
        raise _row.wrong("state is a 住民状態 of terms")
assert _STATES.keys() == CODES["closing_reason"].keys(), "closing_states.toml: every 消除事由"

_LEAVING = ("moved_out", "moved_out_abroad")
_PLANNED = ("closing_reason", "closing_event_on", "closing_notified_on")
_, _closed_values = _CLOSED = columns_of(lambda one: one.closed_only)


def _is_planned(item: str) -> bool:
    return item in _PLANNED or item.startswith("planned_destination")


@rule(cites=["STD 1.1.5", "STD 1.1.6"], since=ACT_IN_FORCE_ON)
def closing_blank(item: str, *, on: date) -> Finding | None:
    """除票には、消除事由と事由の生じた年月日を記載する。これらは空欄を許容する。

    A 除票 says why it was closed and when that happened; both may stand blank, which asks. Asked of
    a blank `item`.
    """
    needed = item in ("closing_reason", "closing_event_on")
    return about(_BLANK(), item) if needed else None


@rule(cites=["STD 1.1.5", "STD 1.2.2"], since=ACT_IN_FORCE_ON)
def closing_state(state: str, closing_reason: str, *, on: date) -> Finding | None:
    """除票の住民状態（転出・死亡・消除等）は、消除事由のとおりとする。転出予定の者は住民である。

    The state of a 除票 is the one of its reason; a resident has none, but for a planned move out.
    """
    if state in ("", "living"):
        return _STATE() if closing_reason and closing_reason not in _LEAVING else None
    return _STATE() if closing_reason and _STATES[closing_reason] != state else None


@rule(cites=["STD 1.1.5"], since=ACT_IN_FORCE_ON)
def living_closed_item(item: str, closing_reason: str, *, on: date) -> Finding | None:
    """除票となるまでは現存者であり、除票固有の項目は、転出の届出をした者の予定のほかにない。

    Until it is closed a record is a resident's: of the items of a 除票 it has only the plans of one
    who has notified a move out. Asked of an `item` of a living resident that is filled in.
    """
    if not item_of(item).closed_only or (_is_planned(item) and closing_reason in _LEAVING):
        return None
    return about(_LIVING_CLOSED_ITEM(), item)


@rule(cites=["STD 1.1.5"], since=ACT_IN_FORCE_ON)
def planned_day_passed(planned_on: date, *, on: date) -> Finding | None:
    """転出による消除は、転出予定年月日又は転入通知に記載された転入日のいずれか早い日で行う。

    A move out closes the record on the planned day or the day of moving in, whichever is earlier;
    a record still open after it asks.
    """
    return _PLANNED_DAY_PASSED(planned_on=planned_on) if planned_on < on else None


def check(case: Case) -> Iterator[Finding]:
    """除票の審査: of a 除票 what is missing, of a resident what is too much."""
    yield from (one for one in (_of_living if case.living else _of_closed)(case) if one)


def _of_closed(case: Case) -> Iterator[Finding | None]:
    record, on = case.record, case.on
    if not record.closing_reason:
        yield closing_blank("closing_reason", on=on)
    elif _STATES[record.closing_reason] != record.state:
        yield closing_state(record.state, record.closing_reason, on=on)
    if record.closing_event_on is None:
        yield closing_blank("closing_event_on", on=on)


def _of_living(case: Case) -> Iterator[Finding | None]:
    record, on = case.record, case.on
    held = _closed_values(record)
    if not any(held):
        return
    reason = record.closing_reason
    if reason and reason not in _LEAVING:
        yield closing_state(record.state, reason, on=on)
    for item, value in zip(_CLOSED[0], held, strict=True):
        if value and item != "closing_reason":
            yield living_closed_item(item, reason, on=on)
    planned: RegisterDate | None = record.closing_event_on
    if case.kind == "moved_out":  # it says the plan only now: nothing has been left undone
        return
    if reason in _LEAVING and planned is not None and planned.bounds is not None:
        yield planned_day_passed(planned.bounds[1], on=on)
