"""届出: who notifies the mayor, by when, and what a late notification means (住民基本台帳法第4章).

Being late never refuses a notification: the clerk is told, records the reason and accepts it.
Each rule takes the day of the event and the day of receipt; `on` is the day by whose law it judges.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from daicho.law.periods import HOLIDAYS_MISSING, due_on, elapsed_on, is_late
from daicho.law.rule import Finding, FindingKind, finding, rule, versions
from daicho.law.tables import Row, table

_LATE_REMEDY = (
    "届出期間経過通知の要否を確認し、遅れた理由を記録したうえで、届出として受理してください。"
)


def _late_kind(code: str, event: str, *cites: str) -> FindingKind:
    return finding(
        code,
        refuses=False,
        cites=cites,
        what=event + "（{occurred_on}）から14日を過ぎた届出です。期限は{due_on}でした。",
        remedy=_LATE_REMEDY,
        on_item="received_on",
    )


_LATE: Mapping[str, FindingKind] = {
    "moved_in": _late_kind("brra22.late", "転入をした日", "BRRA 22(1)"),
    "moved_within": _late_kind("brra23.late", "転居をした日", "BRRA 23"),
    "household_changed": _late_kind("brra25.late", "世帯に変更があった日", "BRRA 25"),
    "arrived": _late_kind("brra30-46.late", "住所を定めた日", "BRRA 30-46"),
    "became_foreign_resident": _late_kind(
        "brra30-47.late", "中長期在留者等となった日", "BRRA 30-47"
    ),
    "relationship_changed": _late_kind("brra30-48.late", "続柄に変更があった日", "BRRA 30-48"),
}


def _late(code: str, occurred_on: date, received_on: date, on: date) -> Finding | None:
    due = due_on(code, occurred_on, on=on)
    late = is_late(due, received_on, on=on)
    if late is None:
        return HOLIDAYS_MISSING(counted_to=due.counted_to)
    if not late:
        return None
    return _LATE[code](occurred_on=occurred_on, due_on=due.due_on or due.counted_to)


@rule(cites=["BRRA 22(1)", "CC 140", "LAA 4-2(4)"], since=date(1989, 1, 1))
def moved_in_late(occurred_on: date, received_on: date, on: date) -> Finding | None:
    """転入をした者は、転入をした日から14日以内に、市町村長に届け出なければならない。

    A person who moved in notifies the mayor within 14 days of the day of moving in.
    """
    return _late("moved_in", occurred_on, received_on, on)


@rule(cites=["BRRA 23", "CC 140", "LAA 4-2(4)"], since=date(1989, 1, 1))
def moved_within_late(occurred_on: date, received_on: date, on: date) -> Finding | None:
    """転居をした者は、転居をした日から14日以内に、市町村長に届け出なければならない。

    A person who moved within the municipality notifies the mayor within 14 days.
    """
    return _late("moved_within", occurred_on, received_on, on)


@rule(cites=["BRRA 25", "CC 140", "LAA 4-2(4)"], since=date(1989, 1, 1))
def household_changed_late(occurred_on: date, received_on: date, on: date) -> Finding | None:
    """世帯又は世帯主に変更があった者は、その変更があった日から14日以内に届け出なければならない。

    A person whose household or householder changed notifies within 14 days of the change.
    """
    return _late("household_changed", occurred_on, received_on, on)


@rule(cites=["BRRA 30-46", "CC 140", "LAA 4-2(4)"], since=date(2012, 7, 9))
def arrived_late(occurred_on: date, received_on: date, on: date) -> Finding | None:
    """国外から転入した中長期在留者等は、住所を定めた日から14日以内に届け出なければならない。

    A mid- to long-term resident who comes from abroad notifies within 14 days of settling.
    """
    return _late("arrived", occurred_on, received_on, on)


@rule(cites=["BRRA 30-47", "CC 140", "LAA 4-2(4)"], since=date(2012, 7, 9))
def became_foreign_resident_late(occurred_on: date, received_on: date, on: date) -> Finding | None:
    """住所を有する者が中長期在留者等となったときは、その日から14日以内に届け出なければならない。

    A person living here who becomes a mid- to long-term resident notifies within 14 days.
    """
    return _late("became_foreign_resident", occurred_on, received_on, on)


@rule(cites=["BRRA 30-48", "CC 140", "LAA 4-2(4)"], since=date(2012, 7, 9))
def relationship_changed_late(occurred_on: date, received_on: date, on: date) -> Finding | None:
    """外国人住民は、世帯主との続柄に変更があった日から14日以内に届け出なければならない。

    A foreign resident notifies a changed relationship to the householder within 14 days.
    """
    return _late("relationship_changed", occurred_on, received_on, on)


_EX_OFFICIO = finding(
    "brra24.ex_officio",
    refuses=False,
    cites=["BRRA 24", "STD 4.1.3.0.1", "STD 4.1.3.0.3"],
    what="転出をした日（{occurred_on}）から14日を経過した転出届です。"
    "届出ではなく、職権による転出として記載するものです。",
    remedy="転出の日に誤りがなければ、この受付を取り下げ、転出を職権で受け付け直して入力してください。"
    "転出証明書の代わりに、転出証明書に準ずる証明書又は除票の写しを交付します。"
    "このまま登録すると、届出による転出として記録されます。",
    on_item="received_on",
)


@rule(cites=["BRRA 24", "STD 4.1.3.0.1"], since=date(1967, 11, 10))
def moved_out_ex_officio(occurred_on: date, received_on: date, on: date) -> Finding | None:
    """転出届の日が転出をした日から14日を経過しているときは、届出ではなく職権で記載する。

    A moving-out notified when 14 days have passed is recorded ex officio, not as a notification.
    """
    if received_on < elapsed_on("moved_out_by_notification", occurred_on, on=on):
        return None
    return _EX_OFFICIO(occurred_on=occurred_on)


LATENESS: Mapping[str, Callable[[date, date, date], Finding | None]] = {
    "moved_in": moved_in_late,
    "moved_within": moved_within_late,
    "moved_out": moved_out_ex_officio,
    "household_changed": household_changed_late,
    "arrived": arrived_late,
    "became_foreign_resident": became_foreign_resident_late,
    "relationship_changed": relationship_changed_late,
}
"""届出の遅れ: the rule of each notification: (occurred_on, received_on, on) -> finding or None."""

_SPECIAL_CLOSED = finding(
    "brra24-2.closed",
    refuses=True,
    cites=["BRRA 24-2(1)", "BRRA 22(2)"],
    what="{closes_on}からは、この転出について特例による転入届をすることができません。",
    remedy="転出証明書又は転出証明書に準ずる証明書を添えた、通常の転入届として受け付けてください。",
    on_item="received_on",
)

_SPECIAL_PLANNED_UNKNOWN = finding(
    "brra24-2.planned_unknown",
    refuses=False,
    cites=["BRRA 24-2(1)", "BRRA 22(2)"],
    what="特例による転入届ですが、転出の予定日が分からず、特例によることができる期間を確かめられません。",
    remedy="転出証明書情報の転出の予定年月日を入力してください。",
    on_item="planned_on",
)


@rule(cites=["BRRA 24-2(1)", "BRRA 22(2)"], since=date(2016, 1, 1))
def special_moved_in_closed(
    planned_on: date | None, occurred_on: date | None, received_on: date, *, on: date
) -> Finding | None:
    """転出の予定日から30日又は転入をした日から14日を経過した日からは、転入届の特例によれない。

    The notification without a move-out certificate closes on the day on which 30 days from the
    planned moving-out, or 14 days from the moving-in, have passed. A day that is not known, or not
    certain, is None and closes nothing.
    """
    starts = {"special_moved_in_planned": planned_on, "special_moved_in_settled": occurred_on}
    closing = [elapsed_on(code, day, on=on) for code, day in starts.items() if day is not None]
    closes_on = min(closing, default=None)
    if closes_on is None or received_on < closes_on:
        return None
    return _SPECIAL_CLOSED(closes_on=closes_on)


@rule(cites=["BRRA 24-2(1)", "BRRA 22(2)"], since=date(2016, 1, 1))
def special_planned_unknown(is_known: bool, *, on: date) -> Finding | None:
    """転入届の特例によれるかどうかは、転出証明書情報の転出の予定年月日により確かめる。

    Whether the special notification is still open is known only with the planned day of moving
    out, which the other town's message tells.
    """
    return None if is_known else _SPECIAL_PLANNED_UNKNOWN()


@dataclass(frozen=True)
class Notifier:
    """届出をする者の資格: in what capacity someone stands at the counter (26条, 27条).

    `for_another`: a 個人番号 that he brings is another's (番号法16条).
    """

    code: str
    name: str
    needs_authority: bool
    for_another: bool


def _notifier(row: Row) -> Notifier:
    row.only("code", "name", "needs_authority", "for_another")
    flags = (row.flag("needs_authority"), row.flag("for_another"))
    return Notifier(row.text("code"), row.text("name"), *flags)


_NOTIFIERS = tuple((row, _notifier(row)) for row in table("notifiers").keyed())

_CAPACITY = finding(
    "brra26.capacity",
    refuses=True,
    cites=["BRRA 26(1)", "BRRA 27(3)"],
    what="届出をすることができる者の資格が選ばれていません。",
    remedy="本人、世帯主、同一世帯の者、代理人などの別を確かめて選んでください。",
    on_item="capacity",
)
_AUTHORITY = finding(
    "brra27.authority",
    refuses=True,
    cites=["BRRA 27(3)"],
    what="届出をする者の依頼又は法令により届出の任に当たることが、確かめられていません。",
    remedy="委任状、戸籍謄本等の提示若しくは提出又は説明を求め、確かめた方法を記録してください。",
    on_item="authority",
)
_IDENTITY = finding(
    "brra27.identity",
    refuses=False,
    cites=["BRRA 27(2)", "STD 4.1.0.3"],
    what="届出の任に当たっている者が本人であることを、書類で確かめられていません。",
    remedy="書類の提示又は説明を求めてください。"
    "受理するときは、住民異動届受理通知を異動者に送ってください。",
    on_item="identity",
)


def notifiers(on: date) -> tuple[Notifier, ...]:
    """届出をする者の資格: the capacities a form offers on that day, in order."""
    return tuple(one for row, one in _NOTIFIERS if row.in_force(on))


def _capacity(code: str, on: date) -> Notifier | None:
    return next((one for one in notifiers(on) if one.code == code), None)


@rule(cites=["BRRA 26(1)", "BRRA 26(2)"], since=date(1967, 11, 10), until=date(2008, 4, 30))
def may_notify_1967_11_10(
    capacity: str, authority_confirmed: bool, identity_confirmed: bool, *, on: date
) -> tuple[Finding, ...]:
    """世帯主は、世帯員に代わって届出をすることができる。

    The householder may notify for the members of the household, and must where they cannot.
    """
    return () if _capacity(capacity, on) else (_CAPACITY(),)


@rule(cites=["BRRA 26(1)", "BRRA 26(2)", "BRRA 27(2)", "BRRA 27(3)"], since=date(2008, 5, 1))
def may_notify_2008_05_01(
    capacity: str, authority_confirmed: bool, identity_confirmed: bool, *, on: date
) -> tuple[Finding, ...]:
    """届出の任に当たっている者について、本人であること及び届出をする権限を確かめる。

    The mayor asks whoever brings the notification to show who he is and, unless he is of the same
    household, that he was asked to come or that the law lets him.
    """
    notifier = _capacity(capacity, on)
    if notifier is None:
        return (_CAPACITY(),)
    unproven = notifier.needs_authority and not authority_confirmed
    return ((_AUTHORITY(),) if unproven else ()) + (() if identity_confirmed else (_IDENTITY(),))


may_notify = versions(may_notify_1967_11_10, may_notify_2008_05_01)
