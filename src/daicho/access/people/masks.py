"""表示しない項目: classes of items that one person does not see, from when to when (10.4)."""

from datetime import date, timedelta

from daicho.access import clock
from daicho.access.models import Mask
from daicho.access.people.registering import NotThere, by, days, held, refuse, step
from daicho.access.permits import Permit, demand_work, look
from daicho.law.safety import giving, masking

EVENT = "mask_changed"


def hide(permit: Permit, operator_id: int, item: str, since: date, until: date | None) -> None:
    """表示しない設定: from `since` (today or later), whatever right and purpose say; Refused.

    It holds from the next request on, at every terminal. It takes away, so it stays with who
    changes the office, and with who leaves and comes back: nothing ends it but `show` and its day.
    """
    demand_work(permit, "rights")
    with step(permit, EVENT, "masks.hide", operator_id) as is_new:
        if not is_new:
            return
        operator = held(permit, operator_id)
        same = Mask.objects.filter(operator=operator, item=item)
        refuse(
            [
                masking.may_be_masked(item, on=permit.on),
                *giving.given_period(since, until, on=permit.on),
                *(
                    giving.held_once(since, until, one.since, one.until, on=permit.on)
                    for one in same
                ),
            ]
        )
        mask = Mask.objects.create(
            operator=operator,
            item=item,
            since=since,
            until=until,
            given_by_id=by(permit),
            given_at=clock.now(),
        )
        _trail(permit, mask, "hidden")


def show(permit: Permit, mask_id: int, last_on: date | None) -> int:
    """終わり: the last day on which it is hidden; None shows it at once. Gives whose it is."""
    demand_work(permit, "rights")
    mask = Mask.objects.filter(pk=mask_id).first()
    if mask is None:
        raise NotThere(mask_id)
    with step(permit, EVENT, "masks.show", mask.operator_id) as is_new:
        if is_new:
            held(permit, mask.operator_id)
            last_on = last_on or permit.on - timedelta(days=1)
            refuse([giving.ended_from_now(last_on, on=permit.on)])
            _close(permit, mask, last_on)
    return mask.operator_id


def _close(permit: Permit, mask: Mask, last_on: date) -> None:
    """Set the last day of one that would last longer, in the running transaction; trailed."""
    if mask.until is not None and mask.until <= last_on:
        return
    mask.until, mask.ended_by_id = last_on, by(permit)
    mask.save(update_fields=["until", "ended_by"])
    _trail(permit, mask, "shown")


def _trail(permit: Permit, mask: Mask, what: str) -> None:
    detail: dict[str, int | str] = {
        "operator": mask.operator_id,
        "mask": mask.pk,
        "item": mask.item,
        "what": what,
        **days(mask.since, mask.until),
    }
    look(permit, EVENT, f"people.masks.{what}", detail=detail)
