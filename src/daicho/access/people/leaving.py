"""離職・異動: a leaver ends everywhere in one act: rights, positions, designations, sign-in."""

from datetime import date, timedelta

from daicho.access import presences
from daicho.access.emergencies import asking
from daicho.access.entering import factors, leaves
from daicho.access.models import Designation, Holding, Operator, Right
from daicho.access.people import accounts, designations, positions, rights
from daicho.access.people.registering import held, not_over, step
from daicho.access.permits import Permit, demand_work, look
from daicho.law.safety import entering

EVENT = "operator_changed"


def leave(permit: Permit, operator_id: int, last_on: date) -> None:
    """終わり: the last day of a person; today or earlier, sign-in ends at this moment, and with it
    leave to register an authenticator and an emergency that waits or is granted.

    For a day to come only last days are set: everything is compared with the day at its use. For
    a day gone by what was held ends yesterday: what was done since was done with the right. Who
    has ended keeps the last day; what is still open is closed.
    """
    demand_work(permit, "operators")
    with step(permit, EVENT, "leaving", operator_id) as is_new:
        if not is_new:
            return
        operator = held(permit, operator_id)
        if entering.is_over(operator.is_active, operator.until_on, permit.on):
            last_on = operator.until_on or last_on
        operator.until_on = last_on
        operator.is_active = operator.is_active and last_on > permit.on
        operator.save(update_fields=["until_on", "is_active"])
        _end_all(permit, operator, max(last_on, permit.on - timedelta(days=1)))
        if not operator.is_active:
            presences.end(operator.pk, "left", permit.request_id)
            leaves.void(operator)
            asking.end_with(permit, operator.pk)
            for one in factors.registered(operator):
                accounts.remove_held(permit, operator, one.id)
        what = "leaving" if operator.is_active else "ended"
        detail: dict[str, int | str] = {"operator": operator_id, "what": what}
        detail["until_on"] = last_on.isoformat()
        look(permit, EVENT, "people.leaving", detail=detail)


def _end_all(permit: Permit, operator: Operator, last_on: date) -> None:
    """What would last longer ends with the person; what was to begin later never begins."""
    longer = not_over(permit.on)  # what is over stays as it was
    for right in Right.objects.filter(longer, operator=operator):
        rights.close(permit, right, last_on)
    for holding in Holding.objects.filter(longer, operator=operator).select_related("position"):
        positions.close(permit, holding, last_on)
    for designation in Designation.objects.filter(longer, operator=operator):
        designations.close(permit, designation, last_on)
