"""異動の入口: the one write door of the register (design §4, §5).

    law           findings on that day -> Refused: nothing is written but a trail row
    ledger        row, versions, projections, under the lock of the households
    consequences  what the change causes: outbox rows, same transaction
    trail         who did it, for whom

`CONSEQUENCES` (`recording/consequences.py`) is the table to read first.
"""

from daicho.recording.consequences import BY_JOBS, CONSEQUENCES
from daicho.recording.daily_closing import ClosedDue, NotClosed, close_due, not_closed
from daicho.recording.door import preview, record
from daicho.recording.remarks import remark
from daicho.recording.statement import Asked, Household, NotRecorded, Preview, Statement

__all__ = [
    "BY_JOBS",
    "CONSEQUENCES",
    "Asked",
    "ClosedDue",
    "Household",
    "NotClosed",
    "NotRecorded",
    "Preview",
    "Statement",
    "close_due",
    "not_closed",
    "preview",
    "record",
    "remark",
]
