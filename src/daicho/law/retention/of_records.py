"""記録の保存: what is kept of the work itself, by the month in which it was written.

受付, what was issued, and whom uses of the register concerned: as long as the municipality's own
rule of documents says, and then no longer. Whose rows of a month are still at work is known to who
keeps them, not here.
"""

from datetime import date, timedelta

from daicho.law.retention import kinds
from daicho.law.retention.of_numbers import Kept
from daicho.law.rule import rule

SINCE = date(1967, 11, 10)
_DAYS_OF_ANY_MONTH = 31


def last_day(month: date) -> date:
    """月の末日: of the month in which that day lies."""
    first_on = month.replace(day=1)
    return (first_on + timedelta(days=_DAYS_OF_ANY_MONTH)).replace(day=1) - timedelta(days=1)


@rule(cites=["BRRA 36-2(1)"], since=SINCE)
def record_kept(kind: str, month: date, on: date) -> Kept:
    """事務の記録は、書かれた月の末日から定められた期間保存し、過ぎたものは廃棄する。

    Records of a month are kept together and let go together; `month` is any day of it. Raises
    LookupError of a kind that the table does not name.
    """
    return Kept(kind, kinds.due_on(kind, last_day(month), on))
