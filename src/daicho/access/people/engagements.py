"""受託者の従事: contract, pledge and training of a contractor's person; the newest row counts."""

from dataclasses import dataclass
from datetime import date

from daicho.access import clock
from daicho.access.models import Engagement
from daicho.access.people.registering import by, held, step
from daicho.access.permits import Permit, demand_work, look

EVENT = "engagement_changed"


@dataclass(frozen=True)
class Entered:
    """従事の登録: for whom the person works, under what, and how long it holds."""

    company: str
    contract: str
    contract_until: date
    pledged_on: date | None
    trained_until: date | None


def enter(permit: Permit, operator_id: int, entered: Entered) -> None:
    """登録: what was seen of contract, pledge and training, in place of what was entered before."""
    demand_work(permit, "engagement")
    with step(permit, EVENT, "engagements.enter", operator_id) as is_new:
        if not is_new:
            return
        operator = held(permit, operator_id)
        Engagement.objects.create(
            operator=operator,
            company=entered.company,
            contract=entered.contract,
            contract_until=entered.contract_until,
            pledged_on=entered.pledged_on,
            trained_until=entered.trained_until,
            entered_by_id=by(permit),
            entered_at=clock.now(),
        )
        detail: dict[str, int | str] = {"operator": operator_id, "what": "entered"}
        look(permit, EVENT, "people.engagements.enter", detail=detail)


def newest(operator_id: int) -> Entered | None:
    """今の登録: what was entered last of a person, or None."""
    one = Engagement.objects.filter(operator=operator_id).order_by("-id").first()
    if one is None:
        return None
    return Entered(one.company, one.contract, one.contract_until, one.pledged_on, one.trained_until)
