"""台帳への追記: the one place where a single change is written: row, versions, projections.

The household rows are locked first, in ascending order of 世帯番号, so that two changes of one
household come one after the other and never deadlock. What was there is then read under the lock,
and the moment of recording is taken after it.
"""

from daicho.register.ledger.appending import Entered, append, begins, touched_by
from daicho.register.ledger.awaiting import awaits_number
from daicho.register.ledger.holding import Held, hold
from daicho.register.ledger.present import FIRST, hold_present, living_after
from daicho.register.ledger.reading import entries_of, record_of, recorded, was_said

__all__ = [
    "FIRST",
    "Entered",
    "Held",
    "append",
    "awaits_number",
    "begins",
    "entries_of",
    "hold",
    "hold_present",
    "living_after",
    "record_of",
    "recorded",
    "touched_by",
    "was_said",
]
