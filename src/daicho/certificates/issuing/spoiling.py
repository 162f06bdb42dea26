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
    owned(permit, reception_id)
    assert permit.actor is not None, "owned() has said so"
    with transaction.atomic():
        row = Issue.objects.filter(pk=issue_id, reception_id=reception_id).first()
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
        said = {"reason": reason, "form": row.form}
        look(permit, "issue_spoiled", "certificates.spoil", record_ids=row.record_ids, detail=said)
    return True
