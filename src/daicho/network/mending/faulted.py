"""誤りの読取り: what an outcome says was wrong with a message of ours."""

from dataclasses import dataclass
from datetime import date, datetime

from daicho.law.network import mending
from daicho.law.network.faults import FAULTS, Fault
from daicho.network.messages.outcomes import DONE, LATE, REFUSED
from daicho.network.models import Sent

_NO_FAULT = {"", DONE, LATE}


@dataclass(frozen=True)
class Faulted:
    """誤り: its `code`; `was_taken` where only the carrying out failed; `at_centre` where the
    centre did not carry out what the prefecture told on."""

    code: str
    was_taken: bool
    at_centre: bool
    told_at: datetime | None

    @property
    def fault(self) -> Fault | None:
        """What the table says of it; None for a code that this version does not know."""
        return FAULTS.get(self.code)

    def way(self, on: date) -> str:
        """再送の仕方: one of `mending.WAYS`."""
        return mending.way_again(self.code, self.was_taken, on)


def fault_of(row: Sent) -> Faulted | None:
    """誤り: of a message of ours; None where it was carried out, or nothing is known yet."""
    if row.outcome not in _NO_FAULT:
        is_refused = row.outcome.startswith(REFUSED)
        return Faulted(row.outcome.removeprefix(REFUSED), not is_refused, False, row.outcome_at)
    if row.above not in _NO_FAULT:
        return Faulted(row.above.removeprefix(REFUSED), True, True, row.above_at)
    return None
