"""書損: an issue that was not handed out is marked so; its number is never used again."""

from uuid import UUID

from django.db import transaction

from daicho.access.permits import Permit, demand_work, look
from daicho.certificates.models import Issue, Spoiled
from daicho.certificates.queries import SPOILED
from daicho.register.receiving.receptions import owned


def spoil(permit: Permit, reception_id: UUID, issue_id: UUID, reason: str) -> bool:
    """書損とする: once; False where this 受付 has no such issue. The first reason stays."""
    assert reason in SPOILED, reason
    demand_work(permit, "certificate", "moved_out_certificate")
    reception = owned(permit, reception_id)
    assert permit.actor is not None, "owned() has said so"
    with transaction.atomic():
        rows = Issue.objects.select_related("certifier")
        row = rows.filter(pk=issue_id, reception_id=reception_id).first()
        if row is None:
            return False
        if Spoiled.objects.filter(pk=issue_id).exists():
            return True
        Spoiled.objects.bulk_create(
            [
                Spoiled(
                    issue_id=issue_id,
                    reason=reason,
                    operator_id=permit.actor.operator_id,
                    terminal=permit.actor.terminal,
                    request_id=permit.request_id,
                )
            ],
            ignore_conflicts=True,
        )
        said = {**printed(row), "reason": reason, "capacity": reception.capacity}
        look(permit, "issue_spoiled", "certificates.spoil", record_ids=row.record_ids, detail=said)
    return True


def printed(row: Issue) -> dict[str, int | str]:
    """印刷の記録 (標準仕様書 10.2): what the trail says of a paper: sheets, 公印, 発行番号.

    Whether a 個人番号 stands on it is the trail row's own column.
    """
    return {
        "form": row.form,
        "pages": row.page_count,
        "seal": int(bool(row.certifier.seal or row.certifier.seal_svg)),
        "issue_number": row.number,
    }
