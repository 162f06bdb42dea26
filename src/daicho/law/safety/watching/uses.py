"""目に付く利用: the analyses that 標準仕様書 10.2 asks for, and sudden change of habit."""

from collections.abc import Sequence
from datetime import date
from statistics import median

from daicho.law import periods
from daicho.law.rule import Finding, finding, rule
from daicho.law.safety.watching.limits import limits

_CITES = ("STD 10.2", "MNA 12", "BRRA 36-2(1)")
_SINCE = date(2015, 10, 5)

_NIGHT = finding(
    "watching.night",
    refuses=False,
    cites=_CITES,
    what="{opens_hour}時より前又は{closes_hour}時からの、時間外の利用があります。",
    remedy="時間外勤務の命令の記録と、その時刻の利用を照らし合わせてください。",
)
_CLOSED_DAY = finding(
    "watching.closed_day",
    refuses=False,
    cites=[*_CITES, "LAA 4-2(2)"],
    what="市の休日の利用があります。",
    remedy="休日開庁と休日勤務の記録を確かめ、その日の利用と照らし合わせてください。",
)
_SIGN_IN_FAILURES = finding(
    "watching.sign_in_failures",
    refuses=False,
    cites=_CITES,
    what="1日に{sign_in_failures_day}回以上、サインイン又は端末の確認に失敗しています。",
    remedy="本人に確かめ、端末と時刻を見てください。"
    "操作者の分からない失敗は、端末のある所属に確かめてください。",
)
_REFUSALS = finding(
    "watching.refusals",
    refuses=False,
    cites=_CITES,
    what="1日に{refusals_day}回以上、利用や操作が拒まれています。",
    remedy="拒まれた利用を開き、担当の違いか、許されないものを試したのかを確かめてください。",
)
_STOPPED = finding(
    "watching.stopped",
    refuses=False,
    cites=_CITES,
    what="照会と検索が短い時間の上限に達し、利用が止められています。",
    remedy="その時間の照会と検索を見て、手で行われたか、何のためであったかを操作者に確かめてください。",
)
_MASS_SEARCH = finding(
    "watching.mass_search",
    refuses=False,
    cites=_CITES,
    what="1時間に{searches_hour}回以上の検索があります。",
    remedy="その時間の検索の条件と事務を見て、受付の件数と照らし合わせてください。",
)
_MASS_SUBJECTS = finding(
    "watching.mass_subjects",
    refuses=False,
    cites=_CITES,
    what="1日に延べ{subjects_day}人以上の記録が示されています。",
    remedy="その日の事務と出力を見て、必要な人数であったかを確かめてください。",
)
_BY_MANY = finding(
    "watching.person_by_many",
    refuses=False,
    cites=_CITES,
    what="一人の記録を、1月に{operators_of_person}人以上の操作者が見ています。",
    remedy="参照番号で利用記録を検索し、それぞれの事務に理由があるかを確かめてください。",
)
_BY_ONE = finding(
    "watching.person_again",
    refuses=False,
    cites=_CITES,
    what="一人の操作者が、受付のない照会で、同じ者の記録を1月に{days_of_person}日以上見ています。",
    remedy="参照番号と操作者で利用記録を検索し、どの事務のためであったかを操作者に確かめてください。",
)
_OWN_PAST = finding(
    "watching.above_own_past",
    refuses=False,
    cites=_CITES,
    what="一日の利用が、この操作者のこれまでの{times_of_own}倍を超えています。",
    remedy="担当の変更や繁忙の有無を所属に確かめ、なければ利用の中身を見てください。",
)
_OFFICE = finding(
    "watching.above_office",
    refuses=False,
    cites=_CITES,
    what="一日の利用が、所属の操作者の中央値の{times_of_office}倍を超えています。",
    remedy="所属での分担を確かめ、分担によらなければ利用の中身を見てください。",
)
_HABIT = finding(
    "watching.habit",
    refuses=False,
    cites=_CITES,
    what="これまで{weeks_back}週間の同じ曜日と比べて、利用が急に増えた日があります。",
    remedy="その日の事務を所属に確かめ、理由がなければ利用の中身を見てください。",
)


@rule(cites=_CITES, since=_SINCE)
def night(hour: int, *, on: date) -> Finding | None:
    """執務時間外の利用を分析する。

    A use in an hour outside those in which the office is at work stands out.
    """
    held = limits(on)
    if held.opens_hour <= hour < held.closes_hour:
        return None
    return _NIGHT(opens_hour=held.opens_hour, closes_hour=held.closes_hour)


@rule(cites=[*_CITES, "LAA 4-2(2)"], since=_SINCE)
def closed_day(*, on: date) -> Finding | None:
    """市の休日の利用を分析する。

    A use on a day on which the office is closed stands out; of a year whose holidays stand in no
    table, nothing is said.
    """
    return _CLOSED_DAY() if periods.is_closed(on, on=on) else None


@rule(cites=_CITES, since=_SINCE)
def sign_in_failures(failures: int, *, on: date) -> Finding | None:
    """サインインの失敗を分析する。

    Many failures to sign in on one day stand out, also where nobody knows whose they were.
    """
    most = limits(on).sign_in_failures_day
    return _SIGN_IN_FAILURES(sign_in_failures_day=most) if failures >= most else None


@rule(cites=_CITES, since=_SINCE)
def refusals(refused: int, *, on: date) -> Finding | None:
    """拒まれた利用を分析する。

    Many uses of one operator that were refused on one day stand out.
    """
    most = limits(on).refusals_day
    return _REFUSALS(refusals_day=most) if refused >= most else None


@rule(cites=_CITES, since=_SINCE)
def stopped(stops: int, *, on: date) -> Finding | None:
    """上限で止められた利用を分析する。

    Uses that were stopped because one operator saw too much in a short time stand out, each time.
    """
    del on  # the figures are those of the day on which it was stopped
    return _STOPPED() if stops else None


@rule(cites=_CITES, since=_SINCE)
def mass_search(searches: int, *, on: date) -> Finding | None:
    """大量の検索を分析する。

    Many searches of one operator in one hour stand out.
    """
    most = limits(on).searches_hour
    return _MASS_SEARCH(searches_hour=most) if searches >= most else None


@rule(cites=_CITES, since=_SINCE)
def mass_subjects(subjects: int, *, on: date) -> Finding | None:
    """大量の表示を分析する。

    Many persons shown to one operator on one day stand out, each counted as often as shown.
    """
    most = limits(on).subjects_day
    return _MASS_SUBJECTS(subjects_day=most) if subjects >= most else None


@rule(cites=_CITES, since=_SINCE)
def person_by_many(operators: int, *, on: date) -> Finding | None:
    """特定の者の記録を多くの操作者が見ていないかを分析する。

    A person at whose record many operators looked within a month stands out.
    """
    most = limits(on).operators_of_person
    return _BY_MANY(operators_of_person=most) if operators >= most else None


@rule(cites=_CITES, since=_SINCE)
def person_again(days: int, *, on: date) -> Finding | None:
    """特定の者の記録を、受付によらず繰り返し見ていないかを分析する。

    One operator who looks at one person again and again without a 受付 stands out, by the days.
    """
    most = limits(on).days_of_person
    return _BY_ONE(days_of_person=most) if days >= most else None


@rule(cites=_CITES, since=_SINCE)
def above_own_past(a_day: int, past: Sequence[int], *, on: date) -> Finding | None:
    """操作者ごとの利用を、その者のこれまでと比べる。

    The median of an operator's days this month against that of the days of the weeks before;
    `past` are the uses of each of these days. Too few days say nothing.
    """
    held = limits(on)
    if len(past) < held.days_known_least or a_day < held.uses_day_least:
        return None
    is_above = a_day > held.times_of_own * median(past)
    return _OWN_PAST(times_of_own=held.times_of_own) if is_above else None


@rule(cites=_CITES, since=_SINCE)
def above_office(a_day: int, office: Sequence[int], *, on: date) -> Finding | None:
    """操作者ごとの利用を、所属の操作者と比べる。

    The median of an operator's days against the median over the operators of the office, himself
    among them. Too few operators say nothing.
    """
    held = limits(on)
    if len(office) < held.operators_known_least or a_day < held.uses_day_least:
        return None
    is_above = a_day > held.times_of_office * median(office)
    return _OFFICE(times_of_office=held.times_of_office) if is_above else None


@rule(cites=_CITES, since=_SINCE)
def habit(uses: int, past: Sequence[int], *, on: date) -> Finding | None:
    """利用の急な変化を分析する。

    A day stands out whose uses lie further above the median of the same weekdays before than so
    many times their median absolute deviation; `past` holds the uses of each, 0 where there were
    none. A deviation below one counts as one, so that a steady habit is not broken by one use.
    """
    held = limits(on)
    if sum(one > 0 for one in past) < held.days_known_least or uses < held.uses_day_least:
        return None
    usual = median(past)
    spread = max(median(abs(one - usual) for one in past), 1)
    return _HABIT(weeks_back=held.weeks_back) if uses > usual + held.spreads * spread else None
