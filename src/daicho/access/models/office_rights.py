"""What a whole office may do, and who of it may not."""

from typing import ClassVar

from django.db import models

from daicho.access.models.people import Office, Operator


class OfficeRight(models.Model):
    """所属の操作権限: a post that all of an office have who work from it, from when to when."""

    is_never_deleted: ClassVar[bool] = True  # what was worked with it is explained by it

    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    post = models.CharField(max_length=30)  # a row of law/tables/posts.toml: to_offices
    since = models.DateField()
    until = models.DateField(null=True)
    given_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()
    ended_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["office", "since"], name="office_right_office"),
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.office_id}"


class OfficeRightExclusion(models.Model):
    """所属の操作権限の除外: a person who does not have a post of the office, from when to when.

    It names office and post, not the row of the right: given to the office anew, it is not lifted.
    """

    is_never_deleted: ClassVar[bool] = True

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT)
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    post = models.CharField(max_length=30)  # a row of law/tables/posts.toml
    since = models.DateField()
    until = models.DateField(null=True)
    given_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()
    ended_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["operator", "office"], name="office_exclusion_operator"),
            models.Index(fields=["office", "since"], name="office_exclusion_office"),
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.operator_id}"
