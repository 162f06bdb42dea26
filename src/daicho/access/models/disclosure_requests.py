"""開示請求: what was asked for, and each step taken on it; both are written once."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from daicho.access.append_only import AppendOnly
from daicho.access.models.people import Operator


class DisclosureRequest(AppendOnly):
    """開示請求: by whom, of whose data, of which kind; its state follows from the steps."""

    id = models.BigAutoField(primary_key=True)
    request_id = models.UUIDField(unique=True)
    reception_id = models.UUIDField(unique=True)  # one 受付, one request
    kind = models.CharField(max_length=40)  # a row of law/tables/disclosure_requests.toml
    record_id = models.UUIDField(db_index=True)
    received_on = models.DateField()
    since_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    capacity = models.CharField(max_length=40)
    requester_name = models.TextField()
    requester_address = models.TextField()
    principal_name = models.TextField(blank=True)
    taken_by = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    office = models.CharField(max_length=10)
    ward = models.CharField(max_length=6)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["ward", "id"], name="disclosure_of_ward"),
        ]


class DisclosureWaiting(models.Model):
    """待っている開示請求: a row for each that is neither given nor withdrawn yet.

    What lies on the desks at this moment, so that no list reads through what was ever asked for.
    """

    disclosure = models.OneToOneField(
        DisclosureRequest, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    ward = models.CharField(max_length=6)


class DisclosureStep(AppendOnly):
    """開示請求の一歩: 補正, 延長, 決定, 開示, 取下げ; texts are those told to the requester."""

    id = models.BigAutoField(primary_key=True)
    request_id = models.UUIDField(unique=True)
    disclosure = models.ForeignKey(
        DisclosureRequest, on_delete=models.PROTECT, related_name="steps"
    )
    what = models.CharField(max_length=20)
    by = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    taken_on = models.DateField()
    until_on = models.DateField(null=True)  # by when a 補正 is asked for
    days = models.PositiveSmallIntegerField(null=True)  # of an extension
    reason = models.TextField(blank=True)
    outcome = models.CharField(max_length=20, blank=True)  # of a decision
    grounds = ArrayField(models.CharField(max_length=40), default=list)
    # did the decider say to have asked whether it does harm?
    confirmed = models.BooleanField(default=False)
    # rows that the decision does not show: of the trail by number, of a record by column
    left_out = ArrayField(models.CharField(max_length=60), default=list)
    pages = models.PositiveSmallIntegerField(null=True)  # of a notice that was printed

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["disclosure", "what"],
                condition=models.Q(what__in=["extended", "withdrawn"]),
                name="disclosure_step_once",
            ),
        ]
