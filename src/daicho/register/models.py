"""The three kinds of table (design §4).

| kind | tables | written by | may be rebuilt |
|---|---|---|---|
| ledger | `RecordedChange` | appended once | no: it is the source |
| versions | `RecordVersion`, `Remark` | appended with the ledger row | no: it was printed |
| projections | `Current`, `Household`, `SearchKey` | `register` only | yes: `manage rebuild` |

Beside them stands what the counter keeps of its own work (`register.receiving`): `Reception` and
`ReceptionEnding` are appended once, `EditLease` and `Draft` come and go.
"""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from daicho.access.append_only import AppendOnly
from daicho.terms.records import ITEMS, Item, Kind


class RecordedChange(AppendOnly):
    """異動台帳: one row for each change, as it was entered; `at` is the moment of recording.

    `occurred_on` is the internal day of the event; the event's own date, which may be 不詳, stands
    in `body`. `processed_on` is the business day, or for an imported row the source's 処理日.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=40)
    v = models.PositiveSmallIntegerField()
    body = models.JSONField()
    record_ids = ArrayField(models.UUIDField())
    occurred_on = models.DateField(null=True)
    received_on = models.DateField(null=True)
    processed_on = models.DateField()
    basis = models.CharField(max_length=20)
    article = models.CharField(max_length=40)
    operator_id = models.BigIntegerField(null=True)
    office = models.CharField(max_length=10, blank=True)
    terminal = models.CharField(max_length=20, blank=True)
    ward = models.CharField(max_length=6)
    request_id = models.UUIDField()
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, db_index=False)
    reception_id = models.UUIDField(null=True)  # None: an import, a machine's job

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["record_ids"], name="change_of"),
            models.Index(
                fields=["reception_id"],
                condition=models.Q(reception_id__isnull=False),
                name="change_under_reception",
            ),
            models.Index(
                fields=["corrects"],
                condition=models.Q(corrects__isnull=False),
                name="change_corrected",
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # a repeat of a request gives the first result; an import is one request of many rows
            models.UniqueConstraint(
                fields=["request_id"],
                condition=~models.Q(kind="imported"),
                name="one_change_a_request",
            )
        ]


class RecordVersion(AppendOnly):
    """履歴: the whole record after each change, as entered and printed (標準仕様書 1.2.1).

    (宛名番号, 履歴番号) of the standard is (record_id, history_no) here. `residence_no` counts the
    times the person came to live here: two residences are never joined into one life (2.2.1).
    The columns of the record itself are made from `terms.records.ITEMS`.
    """

    pk = models.CompositePrimaryKey("record_id", "history_no")
    record_id = models.UUIDField()
    history_no = models.PositiveIntegerField()
    residence_no = models.PositiveSmallIntegerField()
    change = models.ForeignKey(RecordedChange, on_delete=models.PROTECT, db_index=False)
    reason = models.CharField(max_length=40)  # 異動事由
    history_remark = models.TextField(blank=True)  # 統合記載欄 A類型
    note = models.TextField(blank=True)  # 統合記載欄 B類型

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["household_number"], name="version_household"),
            # 除票 of a month, and what stands in one ledger row with them, are let go together;
            # the database asks for the second itself before it lets a ledger row go
            models.Index(
                fields=["closed_on"],
                condition=models.Q(closed_on__isnull=False),
                name="version_closed",
            ),
            models.Index(fields=["change"], name="version_change"),
        ]


class Remark(AppendOnly):
    """備考: 統合記載欄 C類型, free and apart from the history; the highest number counts."""

    pk = models.CompositePrimaryKey("record_id", "remark_no")
    record_id = models.UUIDField()
    remark_no = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    operator_id = models.BigIntegerField(null=True)
    request_id = models.UUIDField()


class Household(models.Model):
    """世帯: a projection, and the row that is locked while one of its members changes."""

    number = models.CharField(max_length=15, primary_key=True)  # 世帯番号
    ward = models.CharField(max_length=6)
    householder_id = models.UUIDField(null=True)  # None: 世帯主 未設定 (1.1.10)
    member_count = models.PositiveIntegerField()


class Current(models.Model):
    """現在: a projection: which version of each person is the present one."""

    disposable: ClassVar[bool] = True  # it goes with the last 除票 of the person

    record_id = models.UUIDField(primary_key=True)
    address_number = models.CharField(max_length=15, unique=True)
    history_no = models.PositiveIntegerField()
    residence_no = models.PositiveSmallIntegerField()
    household_number = models.CharField(max_length=15)
    state = models.CharField(max_length=40)
    ward = models.CharField(max_length=6)
    resident_record_code = models.CharField(max_length=11, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["household_number"], name="current_household")
        ]


class SearchKey(models.Model):
    """検索キー: a projection: what of each person a search compares (`register.search`).

    One row a person, of all the versions up to `history_no`; texts hold the present values first.
    """

    disposable: ClassVar[bool] = True  # made anew where a 除票 of the person goes

    record_id = models.UUIDField(primary_key=True)
    history_no = models.PositiveIntegerField()
    tokens = ArrayField(models.IntegerField())
    kana = models.TextField()
    kanji = models.TextField()
    roman = models.TextField()
    address = models.TextField()
    building = models.TextField()
    born_from = models.DateField(null=True)
    born_until = models.DateField(null=True)
    sex = models.CharField(max_length=40)
    state = models.CharField(max_length=40)
    closing_reason = models.CharField(max_length=40)

    class Meta:
        # Pending entries make an import four times as fast; each search reads their list from end
        # to end, so it is kept short (kB).
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["tokens"], name="search_tokens", gin_pending_list_limit=512),
            # Those few whose planned day will come: asked each hour and by the first screen.
            models.Index(
                fields=["record_id"],
                condition=models.Q(
                    state="living", closing_reason__in=["moved_out", "moved_out_abroad"]
                ),
                name="search_moving_out",
            ),
        ]


class Suppression(AppendOnly):
    """抑止: what is held back for one person, since when and until when (標準仕様書 3.1).

    Written once: what protects a person is not taken away by one statement of the database.
    """

    id = models.BigAutoField(primary_key=True)

    record_id = models.UUIDField(db_index=True)
    process = models.CharField(max_length=20)  # change, certificate, look
    level = models.CharField(max_length=10)  # error, alert
    from_on = models.DateField()
    until_on = models.DateField(null=True)  # never ends by itself


class ProtectiveMeasure(AppendOnly):
    """支援措置: that a person is protected, and for how long (標準仕様書 1.1.16, 3.4)."""

    id = models.BigAutoField(primary_key=True)

    record_id = models.UUIDField(db_index=True)
    provisional = models.BooleanField()  # 仮支援措置
    from_on = models.DateField()
    until_on = models.DateField(null=True)


class RecordCode(models.Model):
    """住民票コードの備え: codes received from above and not yet given (標準仕様書 4.3.1)."""

    code = models.CharField(max_length=11, primary_key=True)
    record_id = models.UUIDField(null=True, db_index=True)  # whom it was given to: former ones too


class Reception(AppendOnly):
    """受付: who stood at the counter, in what capacity, with which papers, for which work.

    Without one there is no 届出 and no certificate. What is written here is what was said on that
    day; what became of it is told by `ReceptionEnding`, `Draft` and the ledger. No 個人番号.
    """

    reception_id = models.UUIDField(primary_key=True)
    request_id = models.UUIDField(unique=True)
    office = models.CharField(max_length=10)
    taken_on = models.DateField()  # the business day
    day_no = models.PositiveIntegerField()  # running, of that office and day
    work = models.CharField(max_length=40)  # a row of law/tables/receptions.toml
    basis = models.CharField(max_length=20)
    received_on = models.DateField()  # 届出日・申出日・通知日・請求日
    capacity = models.CharField(max_length=40, blank=True)
    visitor_name = models.TextField(blank=True)
    visitor_address = models.TextField(blank=True)
    visitor_phone = models.CharField(max_length=40, blank=True)
    principal_name = models.TextField(blank=True)  # 依頼者: for whom an agent stands there
    identity = ArrayField(models.CharField(max_length=40))  # codes of documents shown
    authority = ArrayField(models.CharField(max_length=40))
    sender = models.TextField(blank=True)  # of a notice; the body that asks for official use
    reference = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    asked = ArrayField(models.CharField(max_length=40))  # what is specially asked to be shown
    copy_count = models.PositiveSmallIntegerField(null=True)
    post_to_principal = models.BooleanField(default=False)
    previous_id = models.UUIDField(null=True)  # the same visitor's reception before
    operator_id = models.BigIntegerField()
    terminal = models.CharField(max_length=20)
    ward = models.CharField(max_length=6)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["office", "taken_on", "day_no"], name="one_reception_a_number"
            )
        ]
        # a month of all offices is let go together
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["taken_on"], name="reception_taken_on")
        ]


class ReceptionEnding(AppendOnly):
    """受付の終了: how a reception ended that no change of the ledger answers; at most one."""

    reception = models.OneToOneField(Reception, on_delete=models.PROTECT, primary_key=True)
    how = models.CharField(max_length=20)  # withdrawn, declined, issued
    reason = models.TextField(blank=True)
    operator_id = models.BigIntegerField()
    terminal = models.CharField(max_length=20)
    request_id = models.UUIDField()


class EditLease(models.Model):
    """編集中: who has a resident's record open for a change, and until when (標準仕様書 10.3)."""

    record_id = models.UUIDField(primary_key=True)
    operator_id = models.BigIntegerField()
    office = models.CharField(max_length=10)
    terminal = models.CharField(max_length=20)
    reception_id = models.UUIDField()
    until_at = models.DateTimeField()


class Draft(models.Model):
    """仮登録: what was typed for a change, kept until it is decided (標準仕様書 4.0.8).

    No history row and no change: everything else goes on with the data before it.
    """

    reception = models.OneToOneField(Reception, on_delete=models.PROTECT, primary_key=True)
    kind = models.CharField(max_length=40)
    typed = models.JSONField()  # by name of the field; never a 個人番号
    record_ids = ArrayField(models.UUIDField())
    office = models.CharField(max_length=10)
    operator_id = models.BigIntegerField()
    terminal = models.CharField(max_length=20)
    kept_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [GinIndex(fields=["record_ids"], name="draft_of")]


def _column(item: Item) -> "models.Field[Any, Any]":
    if item.kind is Kind.FLAG:
        return models.BooleanField(default=False)
    if item.kind is Kind.COUNT:
        return models.PositiveSmallIntegerField(null=True)
    if item.kind is Kind.DATE:
        return models.DateField(null=True)
    return models.CharField(max_length=item.chars_max, blank=True, default="")


RECORD_COLUMNS = tuple(item for item in ITEMS if item.column != "record_id")
for _item in RECORD_COLUMNS:
    RecordVersion.add_to_class(_item.column, _column(_item))
