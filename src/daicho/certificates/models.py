"""交付の記録 (標準仕様書 1.3.8): what left the register on paper, and who certified it.

No personal data stands here: persons are ids, what was asked and decided are codes and articles.
What a certificate said of whom is told by the versions it names, which never change; who asked and
in what capacity is told by the 受付. No PDF is kept.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from daicho.access.append_only import AppendOnly


class Certifier(AppendOnly):
    """認証者 (1.3.9): title and name on certificates from one day to another.

    On one day a 職務代理者 goes before the 長, and of two rows of a kind the later one counts.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10)  # mayor, deputy
    title = models.TextField()  # 福島県郡山市長
    name = models.TextField()
    seal = models.TextField()  # the letters of the drawn 電子公印
    seal_svg = models.TextField(blank=True)  # the picture of a real one instead
    from_on = models.DateField()
    until_on = models.DateField(null=True)


class Serial(models.Model):
    """連番: the last running number that a terminal has used on a day; gaps are lawful."""

    pk = models.CompositePrimaryKey("terminal", "on")
    terminal = models.CharField(max_length=20)
    on = models.DateField()
    last = models.PositiveIntegerField()


class Issue(AppendOnly):
    """交付: one copy of one certificate, as it was handed to the printer.

    `record_ids` and `history_nos` go together: which version of each person was certified.
    `file_hash` is the SHA-256 of the signed file. A digest of the text alone is not kept: whoever
    knows the rest of a page could find a 個人番号 by trying all of them.
    """

    issue_id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=120, unique=True)  # 発行番号 without page and pages
    request_id = models.UUIDField(unique=True)
    reception_id = models.UUIDField(db_index=True)
    purpose = models.CharField(max_length=40)
    form = models.CharField(max_length=40)
    record_ids = ArrayField(models.UUIDField())
    history_nos = ArrayField(models.PositiveIntegerField())
    decision = models.JSONField()  # what was asked, what was shown, by which articles
    page_count = models.PositiveSmallIntegerField()
    copy_no = models.PositiveSmallIntegerField()
    copy_count = models.PositiveSmallIntegerField()  # of this request of the visitor
    file_hash = models.BinaryField(max_length=32)
    issued_on = models.DateField()
    is_reissue = models.BooleanField()  # 再交付 of a 転出証明書
    reissue_of = models.UUIDField(null=True)  # the first issue, or the spoiled one
    posted_to_principal = models.BooleanField()
    shows_individual_number = models.BooleanField()
    shows_record_code = models.BooleanField()
    certifier = models.ForeignKey(Certifier, on_delete=models.PROTECT, db_index=False)
    operator_id = models.BigIntegerField()
    office = models.CharField(max_length=10)
    terminal = models.CharField(max_length=20)
    ward = models.CharField(max_length=6)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["record_ids"], name="issue_of"),
            models.Index(
                fields=["issued_on"], name="issue_issued_on"
            ),  # a month is let go together
        ]


class Spoiled(AppendOnly):
    """書損: an issue that was not handed out, and why (処分情報)."""

    issue = models.OneToOneField(Issue, on_delete=models.PROTECT, primary_key=True)
    reason = models.CharField(max_length=20)  # see queries.SPOILED
    operator_id = models.BigIntegerField()
    terminal = models.CharField(max_length=20)
    request_id = models.UUIDField()
