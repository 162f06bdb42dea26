"""妨げ: what stands in the way of an operator on a day, whatever is shown at the sign-in."""

from collections.abc import Sequence
from datetime import date

from daicho.access.models import Engagement, Operator
from daicho.law.rule import Finding
from daicho.law.safety.entering import EngagementFacts, hinders


def may_enter(operator: Operator, on: date) -> Finding | None:
    """入れるか: what stands in the way of the operator on that day, beside what is shown."""
    return hindered([operator], on)[operator.pk]


def hindered(operators: Sequence[Operator], on: date) -> dict[int, Finding | None]:
    """入れるか: the same of each, by id, with one question for what contractors work under."""
    rows = Engagement.objects.filter(operator__in=[one.pk for one in operators]).order_by("id")
    newest = {
        one.operator_id: EngagementFacts(one.contract_until, one.pledged_on, one.trained_until)
        for one in rows
    }
    return {
        one.pk: hinders(
            one.kind, one.is_active, one.from_on, one.until_on, newest.get(one.pk), on=on
        )
        for one in operators
    }
