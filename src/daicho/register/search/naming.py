"""宛名番号から記録へ: of whom the trail is checked, where nothing of the person may be seen."""

from uuid import UUID

from django.db import transaction

from daicho.access.permits import Permit, demand_work, look
from daicho.register.models import Current


def record_named(permit: Permit, address_number: str) -> UUID | None:
    """参照番号: the record_id of who has that 宛名番号; None for nobody. One search, trailed.

    For who checks the trail, or names an operator's own record: it tells that there is a record,
    and nothing of what it holds.
    """
    demand_work(permit, "trail", "own_record")
    with transaction.atomic():
        rows = Current.objects.filter(address_number=address_number)
        found = rows.values_list("record_id", flat=True).first()
        look(
            permit,
            "search",
            "register.naming",
            record_ids=[found] if found else [],
            detail={"rows": int(found is not None), "keys": "address_number"},
        )
    return found
