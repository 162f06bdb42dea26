"""在留: the end of a foreign resident's stay, and of the 60 days of 経過滞在."""

from collections.abc import Iterator
from datetime import date, timedelta

from daicho.law.entries.blanks import stays_without_end
from daicho.law.entries.case import FOREIGN_RESIDENTS_SINCE_ON, Case, asked
from daicho.law.rule import Finding, finding, rule
from daicho.law.tables import Row, table

_ENDED = finding(
    "brra30-45.stay_ended",
    refuses=False,
    cites=["BRRA 30-45", "STD 11.1"],
    what="在留期間の満了の日（{expires_on}）を過ぎています。",
    remedy="在留カードで在留期間の更新や申請中の旨を確かめてください。そのまま進められます。",
    on_item="period_of_stay_expires_on",
)
_ENDING = finding(
    "brra30-45.stay_ending",
    refuses=False,
    cites=["BRRA 30-45", "STD 11.1"],
    what="在留期間の満了の日（{expires_on}）まで、あと{left_days}日です。",
    remedy="在留期間の更新の予定を確かめてください。そのまま進められます。",
    on_item="period_of_stay_expires_on",
)
_EXPIRES_WITHOUT_END = finding(
    "brra30-45.stay_without_end",
    refuses=False,
    cites=["BRRA 30-45", "STD 11.1"],
    what="在留期間が無期限の在留資格ですが、満了の日があります。",
    remedy="在留カードの有効期間と取り違えていないか確かめてください。",
    on_item="period_of_stay_expires_on",
)
_EXPIRES_BEFORE = finding(
    "brra30-45.expires_before_residence",
    refuses=False,
    cites=["BRRA 30-45", "STD 11.1"],
    what="在留期間の満了の日（{expires_on}）が外国人住民となった年月日（{since_on}）より前です。",
    remedy="二つの年月日を確かめてください。誤りがなければ、そのまま進められます。",
    on_item="period_of_stay_expires_on",
)
_TRANSITIONAL = finding(
    "brra30-45.transitional",
    refuses=False,
    cites=["BRRA 30-45"],
    what="経過滞在者です。在留資格によらずに在留できるのは{until_on}までです。",
    remedy="在留資格の取得の手続きを案内してください。",
    on_item="foreign_class",
)
_TRANSITIONAL_ENDED = finding(
    "brra30-45.transitional_ended",
    refuses=False,
    cites=["BRRA 30-45"],
    what="経過滞在者の期間（{until_on}まで）を過ぎています。",
    remedy="出入国在留管理庁長官からの通知を確かめ、職権による修正又は消除を検討してください。",
    on_item="foreign_class",
)

_DAYS = table("stay_days").keyed()
for _row in _DAYS:
    _row.only("code", "name", "period_days")
    _row.text("name")
    _row.number("period_days")


def _days(code: str, on: date) -> Row:
    found = _DAYS.find(code, on)
    assert found is not None, f"stay_days.toml: {code} since the first foreign residents"
    return found


@rule(cites=["BRRA 30-45", "STD 11.1"], since=FOREIGN_RESIDENTS_SINCE_ON)
def stay_ends(residence_status: str, expires_on: date, *, on: date) -> Finding | None:
    """在留期間の満了の日を過ぎた者、満了の日が近い者の記載は、注意喚起する。

    A stay whose last day has passed or is near asks; a permit without an end has no last day.
    """
    if stays_without_end(residence_status, on):
        return _EXPIRES_WITHOUT_END()
    if expires_on < on:
        return _ENDED(expires_on=expires_on)
    left_days = (expires_on - on).days
    if left_days > _days("stay_ending", on).number("period_days"):
        return None
    return _ENDING(expires_on=expires_on, left_days=left_days)


@rule(cites=["BRRA 30-45", "STD 11.1"], since=FOREIGN_RESIDENTS_SINCE_ON)
def expires_before_residence(expires_on: date, since_on: date, *, on: date) -> Finding | None:
    """満了の日が外国人住民となった年月日より前の記載は、注意喚起する。

    A stay that ended before the person became a foreign resident asks. `since_on` is the first day
    that can have been.
    """
    if since_on <= expires_on:
        return None
    return _EXPIRES_BEFORE(expires_on=expires_on, since_on=since_on)


@rule(cites=["BRRA 30-45"], since=FOREIGN_RESIDENTS_SINCE_ON)
def transitional(since_on: date, *, on: date) -> Finding | None:
    """出生又は国籍喪失による経過滞在者は、その事由が生じた日から一定の期間に限り在留できる。

    Who is a foreign resident by birth or by loss of nationality may stay for a set number of days
    from that event, `since_on` (the first day not counted), without a status of residence.
    """
    until_on = since_on + timedelta(days=_days("transitional", on).number("period_days"))
    return (_TRANSITIONAL_ENDED if until_on < on else _TRANSITIONAL)(until_on=until_on)


def check(case: Case) -> Iterator[Finding]:
    """在留の審査: only of a living foreign resident."""
    record, on = case.record, case.on
    if not (case.foreign and case.living):
        return
    since = record.foreign_resident_since_on
    bounds = since.bounds if since is not None else None
    expires_on = record.period_of_stay_expires_on
    found: list[Finding | None] = []
    if expires_on is not None:
        found.append(asked(stay_ends, record.residence_status, expires_on, on=on))
        if bounds is not None and expires_on < bounds[0]:
            found.append(asked(expires_before_residence, expires_on, bounds[0], on=on))
    if record.foreign_class.startswith("transitional") and bounds is not None:
        found.append(asked(transitional, bounds[1], on=on))
    yield from (one for one in found if one is not None)
