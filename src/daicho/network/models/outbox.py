"""What waits to be sent."""

from typing import ClassVar

from django.db import models

from daicho.access.append_only import AppendOnly


class Outbox(AppendOnly):
    """送信待ち: one message to be sent, written in the transaction of the change that causes it.

    `body` holds the record before and after as cells, never a 個人番号: what sends it later asks
    the vault. Whether and when it was sent stands apart, with what sends.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=40)  # stem of the message
    v = models.PositiveSmallIntegerField()
    article = models.CharField(max_length=40)
    record_id = models.UUIDField()
    history_no = models.PositiveIntegerField()
    change_id = models.BigIntegerField()
    request_id = models.UUIDField()
    ward = models.CharField(max_length=6)
    body = models.JSONField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            # order of one resident's messages, and what waits for them on their page
            models.Index(fields=["record_id", "id"], name="outbox_record"),
            # what one change causes to be sent, as the page that recorded it says
            models.Index(fields=["change_id"], name="outbox_change"),
        ]


class Due(models.Model):
    """未送信: a row of the outbox that is no message yet; it goes when it becomes one.

    Written with the row itself, so that nobody looks through what was sent for what was not. Of one
    resident the order of ids is that of the changes, for these hold the resident's household.
    """

    outbox_id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=40)
    record_id = models.UUIDField()
    due_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "outbox_id"], name="network_due_kind"),
            models.Index(fields=["record_id", "outbox_id"], name="network_due_record"),
        ]


class Hold(models.Model):
    """手動の保留 (STD 7.1.1.1): nothing of this resident is sent before an operator lets it go."""

    record_id = models.UUIDField(primary_key=True)
    reason = models.CharField(max_length=20)  # a row of law/tables/message_holds.toml
    operator_id = models.BigIntegerField(null=True)  # none: the program itself
    held_at = models.DateTimeField()
