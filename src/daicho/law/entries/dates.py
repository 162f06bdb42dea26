"""年月日: what the dates of one record may be, and what they must be to each other."""

from collections.abc import Iterator
from datetime import date

from daicho.law import dates_of_changes
from daicho.law.entries.case import ACT_IN_FORCE_ON, Case, about, asked
from daicho.law.rule import Finding, finding, rule
from daicho.terms.dates import RegisterDate, allows

_NOT_IN_CALENDAR = finding(
    "std1-1-8.not_in_calendar",
    refuses=True,
    cites=["STD 1.1.8"],
    what="【項目】が、暦にない日です。この項目には暦にある日だけを入力できます。",
    remedy="【項目】を確かめ、暦にある日を入力してください。",
)
_UNCERTAIN = finding(
    "std1-1-8.uncertain",
    refuses=True,
    cites=["STD 1.1.8"],
    what="【項目】が不詳日です。この項目には不詳日を入力できません。",
    remedy="【項目】を確かめ、暦にある日を入力してください。",
)
_BORN_NOT_IN_CALENDAR = finding(
    "std1-1-8.born_not_in_calendar",
    refuses=False,
    cites=["STD 1.1.8"],
    what="生年月日が、暦にない日です。",
    remedy="届書などの生年月日を確かめ、誤りであれば直してください。"
    "そのように記載されていれば、確認して進んでください。",
    on_item="born_on",
)
_BEFORE_BIRTH = finding(
    "entry.before_birth",
    refuses=True,
    cites=["STD 11.1"],
    what="【項目】（{day_on}）が生年月日（{born_on}）より前です。",
    remedy="【項目】と生年月日を確かめ、誤っているほうを直してください。",
)
_IN_FUTURE = finding(
    "entry.in_future",
    refuses=True,
    cites=["STD 4.0.3", "STD 11.1"],
    what="【項目】（{day_on}）が処理日より後です。",
    remedy="【項目】を確かめ、処理日以前の日を入力してください。",
)

_SINCE = ("resident_since_on", "address_since_on", "foreign_resident_since_on")
_CHANGES_OF_REASONS = {"died": "死亡", "ex_officio": "失踪"}
_LEAVING = ("moved_out", "moved_out_abroad")


@rule(cites=["STD 1.1.8"], since=ACT_IN_FORCE_ON)
def date_form(
    item: str, value: RegisterDate, *, closing_reason: str = "", on: date
) -> Finding | None:
    """年月日は暦上日に限る。生年月日などの定められた項目だけは、暦にない日と不詳日を許容する。

    Dates are days of the calendar; only the items named hold other days and uncertain ones, and
    the day of the event of a 除票 only where it is a death or a 失踪 (職権消除).
    """
    if item == "closing_event_on":
        allowed = allows(
            value.pattern, "occurred_on", change=_CHANGES_OF_REASONS.get(closing_reason, "転出")
        )
    else:
        allowed = allows(value.pattern, item)
    if allowed:
        return None
    kind = _UNCERTAIN if value.uncertain else _NOT_IN_CALENDAR
    return about(kind(), item)


@rule(cites=["STD 1.1.8"], since=ACT_IN_FORCE_ON)
def born_not_in_calendar(value: RegisterDate, *, on: date) -> Finding | None:
    """生年月日には暦にない日を許容するが、打ち間違いと見分けがつかないので、確かめる。

    The 30th of February may stand in a family register; more often a finger slipped.
    """
    return _BORN_NOT_IN_CALENDAR() if value.pattern == "not_in_calendar" else None


@rule(cites=["STD 11.1"], since=ACT_IN_FORCE_ON)
def before_birth(item: str, day_on: date, *, born_on: date, on: date) -> Finding | None:
    """論理的に成立し得ない入力（生まれる前の住民となった年月日など）は、確定することができない。

    What cannot be, a date of the record before the birth, cannot be recorded. `born_on` is the
    first day the birth can have been, `day_on` the last day the other can have been.
    """
    if born_on <= day_on:
        return None
    return about(_BEFORE_BIRTH(day_on=day_on, born_on=born_on), item)


@rule(cites=["STD 4.0.3", "STD 11.1"], since=ACT_IN_FORCE_ON)
def item_in_future(item: str, day_on: date, *, on: date) -> Finding | None:
    """異動日は、転出を除き処理日以前とするので、住民となった年月日などが処理日より後になることはない。

    Only a move out is entered ahead, so no other day of the record lies after the day of
    processing (`on`). `day_on` is the first day the date can have been.
    """
    return about(_IN_FUTURE(day_on=day_on), item) if on < day_on else None


def check(case: Case) -> Iterator[Finding]:
    """年月日の審査: the form of each date, then the birth, then the days of residence."""
    yield from _forms(case)
    born = case.record.born_on
    if born is not None and (case.before is None or case.before.born_on != born):
        yield from _some(born_not_in_calendar(born, on=case.on))
    born_from_on = None
    if born is not None and born.bounds is not None:
        born_from_on = born.bounds[0]
        if born_from_on > case.on:
            yield from _some(dates_of_changes.born_in_future(born_from_on, case.on, on=case.on))
    for item, first_on, last_on in _days(case):
        if born_from_on is not None and last_on < born_from_on:
            yield from _some(before_birth(item, last_on, born_on=born_from_on, on=case.on))
        if first_on > case.on and not (item == "closing_event_on" and _leaves(case)):
            yield from _some(asked(item_in_future, item, first_on, on=case.on))
    yield from _residence(case)


def _leaves(case: Case) -> bool:
    """Its day of the event is the planned one, which stays so when a notice closes it earlier."""
    return case.record.closing_reason in _LEAVING


def _forms(case: Case) -> Iterator[Finding]:
    record = case.record
    for item in (*_SINCE, "old_registration_on", "closing_event_on", "born_on"):
        value: RegisterDate | None = getattr(record, item)
        if value is not None and value.pattern != "exact":
            yield from _some(
                date_form(item, value, closing_reason=record.closing_reason, on=case.on)
            )


def _days(case: Case) -> Iterator[tuple[str, date, date]]:
    """Each date of the record that is known well enough to be compared: item, first, last day."""
    record = case.record
    seen: tuple[RegisterDate | None, date, date] | None = None
    for item in (*_SINCE, "closing_event_on"):
        value: RegisterDate | None = getattr(record, item)
        if value is None:
            continue
        # The day of taking the address is mostly the day of becoming a resident: reckoned once.
        if seen is None or seen[0] != value:
            if value.bounds is None:
                continue
            seen = (value, *value.bounds)
        yield item, seen[1], seen[2]
    if record.notified_on is not None:
        yield "notified_on", record.notified_on, record.notified_on


def _residence(case: Case) -> Iterator[Finding]:
    """The address not before the residence (E08), the leaving not before it (E09)."""
    record = case.record
    since, address_since = record.resident_since_on, record.address_since_on
    if case.foreign or since is None or since.bounds is None:
        return
    since_on = since.bounds[0]
    if address_since is not None and address_since != since and address_since.bounds is not None:
        yield from _some(
            dates_of_changes.address_before_residence(
                case.kind, address_since.bounds[1], since_on, on=case.on
            )
        )
    leaves = record.closing_event_on
    if leaves is not None and _leaves(case) and leaves.bounds is not None:
        found = dates_of_changes.leaves_before_residence(leaves.bounds[1], since_on, on=case.on)
        yield from (about(one, "closing_event_on") for one in _some(found))


def _some(found: Finding | None) -> tuple[Finding, ...]:
    return () if found is None else (found,)
