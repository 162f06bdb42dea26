"""転出する者: who moves out by the 転出届 that was recorded under one 受付."""

from collections.abc import Iterable
from uuid import UUID

from daicho.access.permits import Permit, demand_work
from daicho.register.models import RecordedChange
from daicho.terms.changes import Cancelled, MovedOut


def movers(permit: Permit, reception_id: UUID) -> frozenset[UUID]:
    """転出する者: whom the changes under that 受付 move out, without whose 転出 was cancelled.

    It gives ids alone, so nothing is trailed: the look that shows those persons is.
    """
    demand_work(permit, "moved_out_certificate")
    under = RecordedChange.objects.filter(reception_id=reception_id, kind=MovedOut.kind)
    cancelled = RecordedChange.objects.filter(kind=Cancelled.kind, corrects__in=under.values("pk"))
    return _named(under.values_list("body__said__record_ids", flat=True)) - _named(
        cancelled.values_list("body__said__record_ids", flat=True)
    )


def _named(said: Iterable[list[str]]) -> frozenset[UUID]:
    return frozenset(UUID(one) for record_ids in said for one in record_ids)
