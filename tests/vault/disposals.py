"""Lists of numbers to be destroyed, for the tests: who proposes, who decides, what is made up."""

from dataclasses import replace
from uuid import UUID

from daicho.access import clock
from daicho.access.models import FilePermit
from daicho.access.permits import Permit, permit
from daicho.vault.disposing import carrying_out, deciding, proposing, rows
from people import Cast

# Carries a list out a few lines at a time, and tells of each batch.
DISPOSER = """
import sys
import django
django.setup()
from uuid import uuid4
from daicho.access import clock
from daicho.access.acting import actor
from daicho.access.models import Operator
from daicho.access.permits import permit
from daicho.vault.disposing import carrying_out
carrying_out.LINES_AT_ONCE = 2
who = Operator.objects.select_related("office").get(login="system")
given = permit(actor(who, "S901", uuid4()), "disposal.work", clock.today())
carrying_out.carry_out(given, int(sys.argv[1]), lambda left: print(left, flush=True))
"""


def worker(cast: Cast) -> Permit:
    """The permit of who proposes and carries out, for one request."""
    return permit(cast.system_operator.acting(), "disposal.work", clock.today())


def responsible(cast: Cast) -> Permit:
    """The permit of who decides, for one request."""
    return permit(cast.security_manager.acting(), "disposal.approve", clock.today())


def worker_who_decides(cast: Cast) -> Permit:
    """As if who proposes were given the other post too."""
    actor = replace(cast.system_operator.acting(), posts=frozenset({"security_manager"}))
    return permit(actor, "disposal.approve", clock.today())


def approved(cast: Cast) -> int:
    """A list of all that is due, proposed by one and approved by the other."""
    list_id = proposing.propose(worker(cast))
    deciding.decide(responsible(cast), list_id, rows.digest(list_id), is_approved=True)
    return list_id


def done(cast: Cast) -> int:
    """The same, carried out."""
    list_id = approved(cast)
    carrying_out.carry_out(worker(cast), list_id)
    return list_id


def file_permit(cast: Cast) -> FilePermit:
    """Leave to make a file with numbers, asked for by the system operator."""
    found, _ = FilePermit.objects.get_or_create(
        file="number_check",
        asked_by=cast.system_operator.operator,
        from_on=clock.today(),
        until_on=clock.today(),
        rows_most=10,
    )
    return found


def listed(list_id: int) -> set[UUID]:
    """The records of a list that are not taken off."""
    return {one.record_id for one in rows.lines(list_id) if not one.taken_off}
