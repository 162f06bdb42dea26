"""廃棄の提案: the system looks through all numbers and lists those that are due, and why."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import connection

from daicho.access.people.registering import refuse
from daicho.access.permits import Permit, demand_work
from daicho.law.retention import disposing, kinds
from daicho.law.retention.of_numbers import Kept
from daicho.vault.disposing import rows, sources
from daicho.vault.disposing.steps import step, trail

LINES_MOST = 500
"""一覧の行: so many at most, that a person may read them; what is left comes in the next list."""
LOOKED_THROUGH = 5_000
_NOBODY = UUID(int=0)


def propose(permit: Permit) -> int:
    """提案: make a list of what is due today; gives its number. Raises Refused where there is
    nothing, or where a list is open."""
    demand_work(permit, "disposal_work")
    with step(permit, "propose", done_as="disposal_proposed") as done:
        if done:
            return done
        has_open = any(one.state in ("proposed", "approved") for one in rows.lists())
        due = {} if has_open else _due(permit)
        refuse([disposing.may_propose(has_open, len(due), on=permit.on)])
        articles = {one.kind: kinds.kind(one.kind, permit.on).article for one in due.values()}
        trail_id = trail(permit, "disposal_proposed", list(due), {"rows": len(due)})
        return rows.propose(trail_id, due, articles)


def _due(permit: Permit) -> Mapping[UUID, Kept]:
    """The records whose numbers are due, the first so many; read after the numbers themselves, so
    that no record is missed which came with its number in between."""
    kept = sources.source().kept
    trail_id = trail(permit, "disposal_sought")
    with connection.cursor() as cursor:
        # nobody waits for it: the time limit of the processes that serve people is not its own
        cursor.execute("SET LOCAL statement_timeout = 0")
    found: dict[UUID, Kept] = {}
    after = _NOBODY
    while len(found) < LINES_MOST:
        batch: Sequence[UUID] = rows.holders(trail_id, after, LOOKED_THROUGH)
        if not batch:
            break
        standing = kept(batch, permit.on)
        found |= {one: standing[one] for one in batch if standing[one].is_due(permit.on)}
        after = batch[-1]
    return dict(list(found.items())[:LINES_MOST])
