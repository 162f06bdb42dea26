"""一人の記載の審査: what may be entered in one record (errors and alerts of standard 11.1).

`judge` is asked by every change at the counter, with the record as it would become, and by the
import of a whole register, row by row. The modules beside hold the rules, one chapter each; a
check looks first and asks a rule only where there may be something to say, so that an ordinary
row costs microseconds.
"""

from datetime import date

from daicho.law.entries import blanks, closing, dates, holding, householder, names, places, stay
from daicho.law.entries.case import ACT_IN_FORCE_ON, Case
from daicho.law.migration import Source, judged
from daicho.law.rule import Finding
from daicho.terms.records import Record

__all__ = ["Source", "judge"]

_CHECKS = (
    blanks.check,
    dates.check,
    holding.check,
    names.check,
    householder.check,
    stay.check,
    closing.check,
    places.check,
)


def judge(
    record: Record,
    *,
    on: date,
    source: Source = "counter",
    before: Record | None = None,
    kind: str = "",
) -> tuple[Finding, ...]:
    """一人の記載の審査: every finding on one record by the law of `on`, the day of processing.

    `source` "migration" judges a row of an old system: `on` is then the row's own 処理日 and
    `tables/migration.toml` says what of it only asks. `before` is the record before the change and
    `kind` the stem of the change, where there is one: a 旧氏 that is entered now must have its
    reading, one from before may lack it; some kinds of change may lie in an unusual order.
    Nothing dated before the Act is judged by other than its first day. Never raises.
    """
    case = Case(
        record,
        max(on, ACT_IN_FORCE_ON),
        foreign=record.is_foreign,
        living=record.is_living,
        before=before,
        kind=kind,
    )
    return judged((found for check in _CHECKS for found in check(case)), source)
