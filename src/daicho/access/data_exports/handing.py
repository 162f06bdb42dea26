"""持出しのファイルの受渡し: to whom made it, while the leave is in force; each time is trailed."""

from pathlib import Path
from uuid import UUID

from django.db import transaction

from daicho.access.data_exports import folders, gate
from daicho.access.data_exports.leaves import held, leave_of
from daicho.access.filing.steps import who
from daicho.access.models import DataExport
from daicho.access.people.registering import NotThere
from daicho.access.permits import Permit, demand_work, look
from daicho.law.data_exports import export_leaves


def hand_over(permit: Permit, request_no: int, export_id: UUID, folder: Path) -> Path:
    """受け渡す: the sealed file. Raises NotMade (a refusal), NotThere."""
    demand_work(permit, "data_export")
    with gate.trailed(permit, request_no), transaction.atomic():
        made = DataExport.objects.filter(pk=export_id, request_id=request_no).first()
        if made is None:
            raise NotThere(export_id)
        taker = who(permit)
        found = export_leaves.may_hand_over(
            leave_of(held(request_no)),
            made.by_id,
            taker.operator_id,
            gate.room_of(taker.terminal),
            on=permit.on,
        )
        if found is not None:
            raise gate.NotMade([found])
        file = folders.place_of(folder, export_id)
        if not file.exists():
            raise NotThere(export_id)
        detail: dict[str, int | str] = {
            "leave": request_no,
            "rows": made.rows,
            "digest": made.digest,
        }
        look(permit, "data_export_handed_over", "data_exports.handing", detail=detail)
    return file
