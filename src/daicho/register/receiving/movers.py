"""転出する者: who moves out by the 転出届 that was recorded under one 受付."""

from uuid import UUID

from daicho.access.permits import Permit, demand_work
from daicho.register.models import RecordedChange
from daicho.terms.changes import Cancelled, MovedOut


def movers(permit: Permit, reception_id: UUID) -> frozenset[UUID]:
    """転出する者: whom the changes under that 受付 move out; not whose 転出 was cancelled, nor who
    has notified another since.

    It gives ids alone, so nothing is trailed: the look that shows those persons is.
    """
    demand_work(permit, "moved_out_certificate")
    under = RecordedChange.objects.filter(reception_id=reception_id, kind=MovedOut.kind)
    said = dict(under.values_list("pk", "body__said__record_ids"))
    named = {UUID(one) for record_ids in said.values() for one in record_ids}
    if not named:
        return frozenset()
    standing = _standing(named)
    return frozenset(one for one in named if standing[one][-1:] and standing[one][-1] in said)


def _standing(named: set[UUID]) -> dict[UUID, list[int]]:
    """Of each person the 転出届 that stand, the newest last: a cancellation takes one away."""
    found: dict[UUID, list[int]] = {one: [] for one in named}
    rows = RecordedChange.objects.filter(
        kind__in=(MovedOut.kind, Cancelled.kind), record_ids__overlap=sorted(named)
    )
    kept = rows.order_by("pk").values_list("pk", "corrects_id", "body__said__record_ids")
    for pk, cancels, record_ids in kept:
        for one in named.intersection(map(UUID, record_ids)):
            found[one] = [*(it for it in found[one] if it != cancels), *([] if cancels else [pk])]
    return found
