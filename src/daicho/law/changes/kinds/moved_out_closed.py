"""転出による消除の審査: that the day has come, and is the planned one (標準仕様書1.1.5)."""

from datetime import date

from daicho.law.rule import Finding, finding, rule
from daicho.terms.changes import MovedOutClosed, Scene
from daicho.terms.changes.closing_cells import LEAVING
from daicho.terms.dates import RegisterDate, from_cell

_NO_PLAN = finding(
    "std1-1-5.no_plan",
    refuses=True,
    cites=["STD 1.1.5", "BRRA 24"],
    what="転出の予定がない者が含まれています。",
    remedy="転出の届出を先に入力してください。届出がない者は、職権で転出を記載してください。",
)
_NOT_DUE = finding(
    "std1-1-5.not_due",
    refuses=True,
    cites=["STD 1.1.5"],
    what="転出予定日（{planned_on}）が、まだ来ていません。",
    remedy="転出予定日を待ってください。転入通知が届いたときは、転入通知の受理を行ってください。",
    on_item="occurred_on",
)
_ANOTHER_DAY = finding(
    "std1-1-5.another_day",
    refuses=True,
    cites=["STD 1.1.5"],
    what="消除の日が転出予定日（{planned_on}）と異なります。",
    remedy="消除の日を転出予定日としてください。予定日の異なる者は、分けて消除してください。",
    on_item="occurred_on",
)


@rule(cites=["STD 1.1.5", "BRRA 24"], since=date(1967, 11, 10))
def closing_day(planned_on: date | None, closes_on: date | None, *, on: date) -> Finding | None:
    """転出の届出をした者は、転出予定年月日又は転入通知に記載された転入日のいずれか早い日に消除する。

    Who has said that they move out is closed on that day, not before and as of no other. An earlier
    day that the 転入通知 says is closed by its receipt. None: no plan, no day of the calendar.
    """
    if planned_on is None:
        return _NO_PLAN()
    if planned_on > on:
        return _NOT_DUE(planned_on=planned_on)
    return _ANOTHER_DAY(planned_on=planned_on) if planned_on != closes_on else None


def judge(change: MovedOutClosed, scene: Scene, *, on: date) -> tuple[Finding, ...]:
    """転出による消除の審査: every finding that only this closing has."""
    closes_on = _day(from_cell(scene.when.occurred_on))
    found = []
    for one in change.record_ids:
        before = scene.befores[one]
        planned = before.closing_event_on if before.closing_reason in LEAVING else None
        found.append(closing_day(_day(planned), closes_on, on=on))
    return tuple(one for one in found if one is not None)


def _day(planned: RegisterDate | None) -> date | None:
    return planned.sort_on if planned is not None and planned.certain else None
