"""権限の点検: each half of the fiscal year someone looks at every right of an office, and signs."""

from dataclasses import dataclass
from datetime import date, timedelta

from daicho.law.rule import Finding, finding, rule
from daicho.terms.calendar_dates import wareki_year

_APRIL, _OCTOBER = 4, 10

_OVERDUE = finding(
    "access.review_overdue",
    refuses=False,
    cites=["BRRA 36-2(1)", "MNA 12"],
    what="{last_on}までに済ませる操作権限の点検が、まだ署名されていません。",
    remedy="情報セキュリティ管理者又は事務取扱責任者が、今の半期の点検を行い、署名してください。",
)
_UNDECIDED = finding(
    "access.review_undecided",
    refuses=True,
    cites=["BRRA 36-2(1)", "MNA 12"],
    what="残すか終えるかを決めていないか、ほかの者が決め直した権限が{lines}件あります。",
    remedy="表示された判断を確かめ、すべての行を決めてから署名してください。",
)
_PAST_HALF = finding(
    "access.review_past_half",
    refuses=True,
    cites=["BRRA 36-2(1)", "MNA 12"],
    what="過ぎた半期の点検は、判断も署名もできません。",
    remedy="{first_on}からの今の半期の点検を始め、署名してください。",
)
_SIGNED = finding(
    "access.review_signed",
    refuses=True,
    cites=["BRRA 36-2(1)", "MNA 12"],
    what="この点検は署名されているため、変えられません。",
    remedy="権限を変えるときは、操作権限の管理担当に依頼してください。",
)


@dataclass(frozen=True)
class Half:
    """半期: a half of a fiscal year; `code` "2026-1" is April to September of 2026."""

    code: str
    first_on: date
    last_on: date

    @property
    def name(self) -> str:
        """The half as printed: 令和8年度上半期."""
        era, year = wareki_year(date(int(self.code[:4]), _APRIL, 1))
        return f"{era}{year}年度{'上' if self.code.endswith('1') else '下'}半期"

    @property
    def before(self) -> "Half":
        """The half that ended the day before this one began."""
        return half_of(self.first_on - timedelta(days=1))


def half_of(on: date) -> Half:
    """半期を求める: the half in which a day lies."""
    if _APRIL <= on.month < _OCTOBER:
        return Half(f"{on.year}-1", date(on.year, _APRIL, 1), date(on.year, 9, 30))
    year = on.year if on.month >= _OCTOBER else on.year - 1
    return Half(f"{year}-2", date(year, _OCTOBER, 1), date(year + 1, 3, 31))


def half(code: str) -> Half:
    """符号の半期: the half with that code."""
    return half_of(date(int(code[:4]), _APRIL if code.endswith("1") else _OCTOBER, 1))


@rule(cites=["BRRA 36-2(1)", "MNA 12"], since=date(1967, 11, 10))
def review_overdue(given_on: date | None, signed_on: date | None, on: date) -> Finding | None:
    """操作権限は、半期ごとに責任者の側で点検し、署名する。

    A half that ended with rights in an office (the oldest was given on `given_on`) must have been
    signed for; who signs in the next half makes good what was missed.
    """
    past = half_of(on).before
    if given_on is None or given_on > past.last_on:
        return None
    if signed_on is not None and signed_on >= past.first_on:
        return None
    return _OVERDUE(last_on=past.last_on)


@rule(cites=["BRRA 36-2(1)", "MNA 12"], since=date(1967, 11, 10))
def may_sign(undecided: int, is_signed: bool, on: date) -> Finding | None:
    """点検の署名は、すべての権限を残すか終えるかを決めてから、一度だけ行う。

    A review is signed once, after every right in it has been decided.
    """
    del on  # so it was on every day
    if is_signed:
        return _SIGNED()
    return _UNDECIDED(lines=undecided) if undecided else None


@rule(cites=["BRRA 36-2(1)", "MNA 12"], since=date(1967, 11, 10))
def of_this_half(code: str, on: date) -> Finding | None:
    """点検の判断と署名は、その半期のうちに行う。

    A review of another half is neither decided nor signed; the one of the present half is.
    """
    now = half_of(on)
    return None if code == now.code else _PAST_HALF(first_on=now.first_on)
