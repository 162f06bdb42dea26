"""緊急の利用: asked for with a reason, granted by a second person for a short time, then reviewed.

What may be seen under a grant stands in the purposes (`needs_grant`), how long it holds in
`tables/emergency_periods.toml`. Nothing is opened by asking alone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from daicho.law import purposes
from daicho.law.rule import Finding, finding, rule
from daicho.law.tables import Row, table

SINCE = date(2013, 10, 1)
"""緊急の利用の初日: of the oldest ground by which it may be granted."""

STATES: Mapping[str, str] = {
    "waiting": "許可待ち",
    "lapsed": "時間切れ（許可されていない）",
    "withdrawn": "取下げ",
    "denied": "許可されなかった",
    "granted": "利用中",
    "ended": "終わり（点検待ち）",
    "reviewed": "点検済み",
}
"""緊急の利用の状態: by code."""

OUTCOMES: Mapping[str, str] = {"proper": "適正", "improper": "不適正"}
"""点検の結果: by code."""

_ANYWHERE = "security_manager"  # the responsible of a tree: the other post decides where it sits


@dataclass(frozen=True)
class Period:
    """期間: how long a request waits, how long a grant holds, by when it is reviewed.

    `asks_a_day`: so often may one person ask for it on one day, whatever became of it.
    """

    waits: timedelta
    holds: timedelta
    review_days: int
    asks_a_day: int


@dataclass(frozen=True)
class Use:
    """緊急の利用: the facts of one, by which each step is judged.

    `over_at` is the end of the grant: of its time, or the moment at which it was given back.
    """

    operator: int
    office: str
    waits_until_at: datetime
    is_withdrawn: bool = False
    decided_by: int | None = None
    is_granted: bool | None = None
    over_at: datetime | None = None
    is_reviewed: bool = False


def _period(row: Row) -> Period:
    row.only("purpose", "waits_minutes", "holds_minutes", "review_days", "asks_a_day")
    waits, holds = row.number("waits_minutes"), row.number("holds_minutes")
    asks = row.number("asks_a_day")
    if not waits or not holds or not asks:
        raise row.wrong("a request waits and a grant holds for at least a minute, once a day")
    days = row.number("review_days")
    return Period(timedelta(minutes=waits), timedelta(minutes=holds), days, asks)


_ROWS = table("emergency_periods").keyed("purpose")
_PERIODS = {(row.text("purpose"), row.since): _period(row) for row in _ROWS}
LONGEST = max(one.waits + one.holds for one in _PERIODS.values())
"""最も長い間: nothing that was asked for longer ago than that waits or holds."""

for _one in purposes.PURPOSES:
    assert not _one.needs_grant or _ROWS.find(_one.code, _one.since, "purpose"), _one.code

_NO_EMERGENCY = finding(
    "access.emergency_of_no_kind",
    refuses=True,
    cites=["BRRA 36-2(1)", "MNA 12"],
    what="この事務は、緊急の利用として許可を求めるものではありません。",
    remedy="緊急の利用の画面に示された事務から選んでください。ほかの事務は、受付から始めてください。",
    on_item="purpose",
)
_OPEN = finding(
    "access.emergency_open",
    refuses=True,
    cites=["BRRA 36-2(1)", "MNA 12"],
    what="許可を待っているか利用中の、自分の緊急の利用がもうあります。",
    remedy="続けて必要なときは、今のものを取り下げるか終えてから、新しく求めてください。"
    "許可の時間を延ばすことはできません。",
)
_TOO_MANY = finding(
    "access.emergency_too_many",
    refuses=True,
    cites=["BRRA 36-2(1)", "MNA 12"],
    what="この事務の緊急の利用を今日求めた回数が、一人一日{asks_a_day}回の限度に達しています。",
    remedy="まだ必要なときは、同じ所属のほかの担当者が求めてください。"
    "限度は、許可されなかったものや取り下げたものも数えます。",
)
_OWN = finding(
    "access.emergency_own",
    refuses=True,
    cites=["BRRA 36-2(1)", "MNA 12"],
    what="自分が求めた緊急の利用を、自分で許可することはできません。",
    remedy="同じ所属の審査・決裁担当か、情報セキュリティ管理者・事務取扱責任者に依頼してください。",
)
_ELSEWHERE = finding(
    "access.emergency_elsewhere",
    refuses=True,
    cites=["BRRA 36-2(1)", "MNA 12"],
    what="ほかの所属で求められた緊急の利用です。",
    remedy="その所属の審査・決裁担当か、情報セキュリティ管理者・事務取扱責任者が決めます。",
)
_DECIDED = finding(
    "access.emergency_decided",
    refuses=True,
    cites=["BRRA 36-2(1)", "MNA 12"],
    what="この求めは、もう決められたか、取り下げられています。",
    remedy="画面を開き直して、今の状態を確かめてください。",
)
_LAPSED = finding(
    "access.emergency_lapsed",
    refuses=True,
    cites=["BRRA 36-2(1)", "MNA 12"],
    what="この求めは、待つ時間が過ぎたため、許可することも許可しないこともできません。",
    remedy="まだ必要なときは、本人がもう一度求めてください。",
)
_NOT_ENDABLE = finding(
    "access.emergency_not_running",
    refuses=True,
    cites=["BRRA 36-2(1)", "MNA 12"],
    what="許可を待っている自分の求めか、利用中の自分の緊急の利用だけを、終えられます。",
    remedy="画面を開き直して、今の状態を確かめてください。",
)
_REVIEWED_BY = finding(
    "access.emergency_review_own",
    refuses=True,
    cites=["BRRA 36-2(1)", "MNA 12"],
    what="自分が求めたか許可した緊急の利用を、自分で点検することはできません。",
    remedy="求めた者とも許可した者とも別の、責任者の役割を負う者に依頼してください。",
)
_NOT_OVER = finding(
    "access.emergency_not_over",
    refuses=True,
    cites=["BRRA 36-2(1)", "MNA 12"],
    what="許可されて終わり、まだ点検されていない緊急の利用だけを点検できます。",
    remedy="画面を開き直して、今の状態を確かめてください。点検は一度だけです。",
)
_NO_NOTE = finding(
    "access.emergency_no_note",
    refuses=True,
    cites=["BRRA 36-2(1)", "MNA 12"],
    what="不適正とした内容が入力されていません。",
    remedy="何が不適正か、どう扱うかを入力してください。氏名や番号は書きません。",
    on_item="note",
)
_OVERDUE = finding(
    "access.emergency_overdue",
    refuses=False,
    cites=["BRRA 36-2(1)", "MNA 12"],
    what="{due_on}までに済ませる緊急の利用の点検が、まだ行われていません。",
    remedy="「緊急の利用」の画面で、求めた者とも許可した者とも別の責任者が点検してください。",
)


def period(purpose: str, on: date) -> Period:
    """期間: of a purpose on a day; on one without a row, as after the last has ended, the newest.

    What was asked for under a row is still shown and reviewed when that row is no more.
    """
    row = _ROWS.find(purpose, on, "purpose")
    since = row.since if row else max(day for code, day in _PERIODS if code == purpose)
    return _PERIODS[purpose, since]


def grantable(office_kind: str, posts: Collection[str], on: date) -> tuple[purposes.Purpose, ...]:
    """緊急の事務: what may be granted to these posts in that kind of office on that day."""
    return tuple(
        one
        for one in purposes.PURPOSES
        if one.needs_grant and purposes.may_use(one.code, office_kind, posts, on=on) is None
    )


def state(use: Use, at: datetime) -> str:
    """状態: one of STATES at a moment."""
    if use.is_withdrawn:
        return "withdrawn"
    if use.is_granted is None:
        return "waiting" if at < use.waits_until_at else "lapsed"
    if not use.is_granted:
        return "denied"
    if use.is_reviewed:
        return "reviewed"
    assert use.over_at is not None, "a grant has an end"
    return "granted" if at < use.over_at else "ended"


def decides_for(use: Use, office: str, posts: Collection[str]) -> bool:
    """決める者の範囲: does who has these posts in that office decide what was asked for there?"""
    return office == use.office or decides_everywhere(posts)


def decides_everywhere(posts: Collection[str]) -> bool:
    """全庁の決定者: does who has these posts decide what was asked for in any office?"""
    return _ANYWHERE in posts


@rule(cites=["BRRA 36-2(1)", "MNA 12"], since=SINCE)
def may_ask(
    purpose: str,
    office_kind: str,
    posts: Collection[str],
    has_open: bool,
    on: date,
    asked_today: int = 0,
) -> Finding | None:
    """緊急の利用は、その事務のできる所属の担当者が、一人一件ずつ、一日の限度まで求める。

    Only what needs a grant is asked for, by an office and post that may have it, one at a time;
    `asked_today` counts what the person asked for it on that day before.
    """
    found = purposes.may_use(purpose, office_kind, posts, on=on)
    if found is not None:
        return found
    if not purposes.purpose(purpose, on=on).needs_grant:
        return _NO_EMERGENCY()
    if has_open:
        return _OPEN()
    most = period(purpose, on).asks_a_day
    return _TOO_MANY(asks_a_day=most) if asked_today >= most else None


@rule(cites=["BRRA 36-2(1)", "MNA 12"], since=SINCE)
def may_decide(
    use: Use, decider: int, office: str, posts: Collection[str], at: datetime, on: date
) -> Finding | None:
    """緊急の利用は、求めた者とは別の、同じ所属の者か責任者が、求めから間もないうちに決める。

    A second person of the same office, or a responsible, grants or denies; once, and in time.
    """
    del on  # so it was on every day of its force
    if decider == use.operator:
        return _OWN()
    if not decides_for(use, office, posts):
        return _ELSEWHERE()
    now = state(use, at)
    if now == "lapsed":
        return _LAPSED()
    return None if now == "waiting" else _DECIDED()


@rule(cites=["BRRA 36-2(1)", "MNA 12"], since=SINCE)
def may_end(use: Use, operator: int, at: datetime, on: date) -> Finding | None:
    """緊急の利用は、求めた者がいつでも取り下げ、又は終えることができる。

    Who asked takes back what waits, or gives back what is granted; nobody else does.
    """
    del on  # so it was on every day of its force
    is_running = operator == use.operator and state(use, at) in ("waiting", "granted")
    return None if is_running else _NOT_ENDABLE()


@rule(cites=["BRRA 36-2(1)", "MNA 12"], since=SINCE)
def may_review(use: Use, reviewer: int, at: datetime, on: date) -> Finding | None:
    """緊急の利用は、終わった後に、求めた者とも許可した者とも別の責任者が一度点検する。

    A third person reviews each grant once, after its end.
    """
    del on  # so it was on every day of its force
    if reviewer in (use.operator, use.decided_by):
        return _REVIEWED_BY()
    return None if state(use, at) == "ended" else _NOT_OVER()


@rule(cites=["BRRA 36-2(1)", "MNA 12"], since=SINCE)
def explained(outcome: str, is_noted: bool, on: date) -> Finding | None:
    """不適正とした点検には、その内容を書く。

    A review that finds something improper says what.
    """
    del on  # so it was on every day of its force
    return _NO_NOTE() if outcome == "improper" and not is_noted else None


@rule(cites=["BRRA 36-2(1)", "MNA 12"], since=SINCE)
def review_overdue(purpose: str, ended_on: date, on: date) -> Finding | None:
    """終わった緊急の利用は、定めた日数のうちに点検する。

    What is not reviewed by its day is told to the responsible; the day of the end does not count.
    """
    due_on = ended_on + timedelta(days=period(purpose, ended_on).review_days)
    return _OVERDUE(due_on=due_on) if due_on < on else None
