"""関係の分析を作る: by itself, of each month that has settled, once, where the extension is on."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from daicho.access.analysing.counting import Period
from daicho.access.analysing.months import Month
from daicho.access.permits import Permit
from daicho.access.relating import comparing, telling
from daicho.access.relating.comparing import Compared, Related
from daicho.access.trailing import finding
from daicho.law.safety.watching.relations import COLLEAGUE, OWN, closest
from daicho.register.relating import deriving


def make_due(permit: Permit) -> tuple[date, ...]:
    """関係の分析: of every month that is due, each in a transaction of its own, the oldest first.

    Nothing where the extension is off, or nobody has been told. Gives the first days of those made.
    """
    if not telling.is_on():
        return ()
    return tuple(one.first_on for one in comparing.due(permit) if make(permit, one) is not None)


def make(permit: Permit, month: Month) -> int | None:
    """一月の関係の分析: its number; None where it was made already or of nobody may be compared."""
    upto = finding.newest()
    with transaction.atomic():
        people = comparing.compared(permit, month) if comparing.begin(permit, month) else ()
        if not people:
            return None
        within = Period(month.first_on, month.next_on, upto).values
        own = {one.record_id: one.operator_id for one in people}
        found = [it for one in people for it in _related(permit, month, within, one, own)]
        return comparing.keep(permit, month, upto, people, found)


def _related(
    permit: Permit,
    month: Month,
    within: Mapping[str, Any],
    one: Compared,
    own: Mapping[UUID, int],
) -> Iterator[Related]:
    seen = comparing.looked_at(permit, within, one)
    known = deriving.related(permit, one.operator_id, one.record_id, [it.record_id for it in seen])
    for looked in seen:
        words = set(known.get(looked.record_id, ()))
        if looked.record_id == one.record_id:
            words.add(OWN)
        elif looked.record_id in own:
            words.add(COLLEAGUE)
        if relation := closest(words, on=month.last_on):
            yield Related(one.operator_id, relation, looked)
