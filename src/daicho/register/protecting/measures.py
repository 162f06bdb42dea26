"""支援措置の期間 (標準仕様書 1.1.16, 2.2.4): from when until when a person is protected.

That somebody is protected is marked for everybody (`register.visibility`); how long is told to who
has the right for it, and to nobody else.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from daicho.access.permits import Permit, demand, demand_work, look
from daicho.register.models import ProtectiveMeasure
from daicho.register.visibility import visible


@dataclass(frozen=True)
class Measure:
    """支援措置: first and last day, both counted; `until_on` None where no end is known."""

    is_provisional: bool  # 仮支援措置
    from_on: date
    until_on: date | None


def measures(permit: Permit, record_id: UUID) -> tuple[Measure, ...]:
    """支援措置の照会: every measure of a person, the latest first; () of whom the permit withholds.

    Raises NotPermitted. One row of the trail, also where there is none.
    """
    demand_work(permit, "protection")
    demand(permit, "protection")
    with transaction.atomic():
        seen = visible(permit, [record_id])
        rows = ProtectiveMeasure.objects.filter(record_id=record_id).order_by("-from_on", "-id")
        found = tuple(Measure(one.provisional, one.from_on, one.until_on) for one in rows)
        told = found if seen.tells_of(record_id) else ()
        said = {"rows": len(told)}
        look(permit, "look", "register.protecting", record_ids=[record_id], detail=said)
    return told
