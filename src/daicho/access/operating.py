"""運用の注意: what the checks of the running program tell those who run it.

An app registers such a check with Django, under the tag `OPERATING`: it is then told at every start
and on the first screens of those who can act.
"""

from dataclasses import dataclass

from django.core import checks

from daicho.access.permits import Permit, demand_work

OPERATING = "operating"
"""運用の点検: the tag of checks whose answer changes while the program runs, as days go by."""


@dataclass(frozen=True)
class Warned:
    """運用の注意: what is so, what to do about it, and the code under which the log has it."""

    code: str
    what: str
    remedy: str


def warned(permit: Permit) -> tuple[Warned, ...]:
    """運用の注意: everything that the checks find at this moment."""
    demand_work(permit, "console")
    found = checks.run_checks(tags=[OPERATING])
    return tuple(Warned(one.id or "", str(one.msg), str(one.hint or "")) for one in found)
