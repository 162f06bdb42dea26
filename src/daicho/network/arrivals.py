"""届いた通知: what neighbours told for the register, handed to whoever records it there.

The row is settled, or stands in the work list with what the law says against it; what failed for a
reason of ours is tried again, later and later. Who records must be proof against being told twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from daicho.access import clock
from daicho.law.rule import Finding
from daicho.network.deeds.register_notices import said_in
from daicho.network.lines.working import PATIENCE
from daicho.network.messages.body import Said
from daicho.network.messages.individual_number import IndividualNumber
from daicho.network.models import RegisterNotice
from daicho.network.protocol.parties import Party

AT_ONCE = 100


@dataclass(frozen=True, repr=False)
class Arrival:
    """届いた通知: from whom, about which resident of this municipality, and what it says."""

    id: int
    origin: Party
    message_id: UUID
    resident: UUID
    said: Said


def due() -> tuple[int, ...]:
    """処理すべき通知: those to be looked at now, in the order in which they came.

    Of one resident none before what came earlier and is still to be tried.
    """
    earlier = RegisterNotice.objects.filter(
        resident=OuterRef("resident"),
        kind=OuterRef("kind"),
        id__lt=OuterRef("id"),
        due_at__isnull=False,
    )
    rows = RegisterNotice.objects.filter(~Exists(earlier), due_at__lte=clock.now())
    return tuple(rows.order_by("id").values_list("id", flat=True)[:AT_ONCE])


def of(one: int) -> Arrival | None:
    """一つの通知: opened; None where it is done meanwhile. Raises CannotOpen."""
    row = RegisterNotice.objects.filter(pk=one).first()
    if row is None:
        return None
    return Arrival(row.pk, Party(row.origin), row.message_id, row.resident, said_in(row))


def settled(arrival: Arrival) -> None:
    """記載した: what is kept of it stands where it was recorded.

    An earlier number of the same person that the law was against is not to be recorded any more.
    """
    rows = Q(pk=arrival.id)
    if isinstance(arrival.said, IndividualNumber):
        rows |= Q(kind=arrival.said.KIND, resident=arrival.resident, id__lt=arrival.id)
    RegisterNotice.objects.filter(rows).delete()


def refused(one: int, findings: Iterable[Finding]) -> None:
    """記載できない: it stands in the work list, with what the law says and what is to be done."""
    told = [
        {"code": it.code, "what": it.what, "remedy": it.remedy, "cited": it.cited}
        for it in findings
    ]
    RegisterNotice.objects.filter(pk=one).update(due_at=None, is_open=True, findings=told)


def failed(one: int) -> int:
    """失敗した: it is tried again later; gives how often it has failed."""
    row = RegisterNotice.objects.filter(pk=one).first()
    if row is None:
        return 0
    row.due_at = clock.now() + PATIENCE[min(row.failures, len(PATIENCE) - 1)]
    row.failures += 1
    row.save(update_fields=["due_at", "failures"])
    return row.failures
