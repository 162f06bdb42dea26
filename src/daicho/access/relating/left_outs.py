"""比べていない操作者: who has not confirmed the notice, or of whom no record is named, by name.

That somebody never says that he read it would else hide him for ever behind a count.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from daicho.access.models import Operator, RelationNotice
from daicho.access.permits import Permit, demand_work, look
from daicho.access.relating import telling
from daicho.law.safety.watching import relations

WORK = "relations"
SHOWN_MOST = 300
"""示す操作者の上限: the rest is told by number."""


@dataclass(frozen=True)
class LeftOut:
    """比べていない操作者: told and not named, or not even told."""

    login: str
    name: str
    office: str
    is_told: bool


def left_out(permit: Permit) -> tuple[LeftOut, ...]:
    """比べていない操作者: of those who may sign in on the permit's day, who was not told first;
    one look, trailed; of residents nothing is told."""
    demand_work(permit, WORK)
    on = permit.on
    version = relations.notice(on).version
    told = set(RelationNotice.objects.filter(version=version).values_list("operator_id", flat=True))
    named = telling.own_records(on, on).keys()
    works = Q(until_on__isnull=True) | Q(until_on__gte=on)
    with transaction.atomic():
        rows = Operator.objects.filter(works, is_active=True).select_related("office")
        found = [
            LeftOut(one.login, one.name, one.office.name, one.pk in told)
            for one in rows.order_by("office__code", "login")
            if not relations.is_analysed(one.pk in told, one.pk in named, on=on)
        ]
        if found:
            look(permit, "look", "relating.left_out", detail={"rows": len(found)})
    return tuple(sorted(found, key=lambda one: one.is_told))
