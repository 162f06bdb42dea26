"""Offices, terminals, operators, and the trail of what they did."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from daicho.access.append_only import AppendOnly


class Office(models.Model):
    """入力場所: a place of work: main office, branch, section (標準仕様書 1.3.1)."""

    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=30)  # a row of law/tables/office_kinds.toml
    ward = models.CharField(max_length=6)  # 全国地方公共団体コード of the ward, or of the city

    def __str__(self) -> str:
        return self.name


class Terminal(models.Model):
    """入力端末: a registered terminal, with the room it stands in (標準仕様書 1.3.1)."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    room = models.CharField(max_length=60)
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    retired_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name


class Operators(BaseUserManager["Operator"]):
    """Finding an operator by the name typed at sign-in."""


class Operator(AbstractBaseUser):
    """操作者: a person who may sign in; holds one post in one office (標準仕様書 10.3)."""

    last_login = None  # the trail says it, with terminal and outcome

    login = models.CharField("操作者ID", max_length=40, unique=True)
    name = models.CharField("氏名", max_length=60)
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    post = models.CharField(max_length=30)  # a row of law/tables/posts.toml
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)  # ends with the made-up town it came with
    failures = models.PositiveSmallIntegerField(default=0)  # wrong passwords since the last right
    locked_until = models.DateTimeField(null=True)
    password_changed_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = Operators()

    def __str__(self) -> str:
        return self.name


class Trail(AppendOnly):
    """利用記録: one row for each sign-in, look, search, change, refusal and output.

    What the row says of persons stands apart (`TrailSubjects`), so that lawful disposal of the
    persons leaves the row and its proof whole: `commitment` is SHA-256 over salt and subjects.
    """

    disposable = False

    id = models.BigAutoField(primary_key=True)
    event = models.CharField(max_length=30)  # a row of trail_events.toml
    door = models.CharField(max_length=60, blank=True)  # the function or screen
    operator = models.ForeignKey(
        Operator, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    office = models.CharField(max_length=10, blank=True)
    terminal = models.CharField(max_length=20, blank=True)
    ward = models.CharField(max_length=6, blank=True)
    purpose = models.CharField(max_length=40, blank=True)
    job = models.CharField(max_length=40, blank=True)
    article = models.CharField(max_length=40, blank=True)
    finding = models.CharField(max_length=40, blank=True)  # code of what was refused
    request_id = models.UUIDField()
    subject_count = models.PositiveIntegerField(default=0)
    number_seen = models.BooleanField(default=False)  # 個人番号アクセス有無
    detail = models.JSONField(default=dict)  # the event's own fields: codes and counts only
    commitment = models.BinaryField(max_length=32)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["operator", "-id"], name="trail_operator"),
            models.Index(fields=["event", "-id"], name="trail_event"),
            BrinIndex(fields=["at"], name="trail_at"),
        ]


class TrailSubjects(AppendOnly):
    """利用記録の対象者: whom a trail row concerns, and the salt of its commitment."""

    trail = models.OneToOneField(Trail, on_delete=models.PROTECT, primary_key=True)
    record_ids = ArrayField(models.UUIDField())
    salt = models.BinaryField(max_length=16)
