"""所属の名: of whose use it was, as its person is told it."""

from collections.abc import Mapping

from django.conf import settings

from daicho.access.models import Office
from daicho.access.permits import Permit
from daicho.law.own_log import showing


def names(permit: Permit) -> Mapping[str, str]:
    """所属の名: of every office, by its code; blank where the person is not told which it was.

    A machine's permit is that of a card: nobody knows who holds it. At the counter, and before who
    decides on a disclosure, an operator stands in between.
    """
    is_by_staff = permit.actor is not None
    rows = Office.objects.order_by().values_list("code", "name", "kind", "ward")
    return {
        code: name
        if showing.names_office(kind, ward != settings.MUNICIPALITY, is_by_staff, on=permit.on)
        else ""
        for code, name, kind, ward in rows
    }
