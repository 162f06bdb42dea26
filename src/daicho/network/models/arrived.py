"""What came for the register of a municipality, until it is recorded there."""

from typing import ClassVar

from django.db import models

from daicho.network.models.lines import PARTY_CHARS


class RegisterNotice(models.Model):
    """台帳への通知: a message that the register is to be changed by; it goes when that is done.

    `body` is the text as it was sealed, so a 個人番号 in it stands nowhere in the open. `due_at` is
    when it is looked at next, none where the program is to do nothing more. `findings` is what the
    law says against it, in words that name nobody: such a row stands in the work list until
    somebody has seen to it.
    """

    id = models.BigAutoField(primary_key=True)
    origin = models.CharField(max_length=PARTY_CHARS)
    message_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    v = models.PositiveSmallIntegerField()
    resident = models.UUIDField()
    body = models.TextField()
    arrived_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=list)
    is_open = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["origin", "message_id"], name="network_registernotice_message"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"],
                name="network_registernotice_due",
                condition=models.Q(due_at__isnull=False),
            ),
            models.Index(
                fields=["arrived_at"],
                name="network_registernotice_open",
                condition=models.Q(is_open=True),
            ),
        ]
