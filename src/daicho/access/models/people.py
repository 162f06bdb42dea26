"""Offices, terminals, and operators with what they may do and when."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


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
    zone = models.CharField(max_length=30, default="unknown")  # a row of law/tables/zones.toml
    # SHA-256 of what the browser of this terminal holds, and of the code by which it is to get it
    key_digest = models.BinaryField(max_length=32, null=True)
    keyed_at = models.DateTimeField(null=True)
    code_digest = models.BinaryField(max_length=32, null=True)
    code_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Operators(BaseUserManager["Operator"]):
    """Finding an operator by the name typed at sign-in."""


class Operator(AbstractBaseUser):
    """操作者: one person, who signs in under one ID and works by rights (標準仕様書 10.3).

    `office` is where the person belongs; what may be done where stands in `Right`, and what all of
    an office may do there in `OfficeRight`.
    """

    last_login = None  # the trail says it, with terminal and outcome

    login = models.CharField("操作者ID", max_length=40, unique=True)
    name = models.CharField("氏名", max_length=60)
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    post = models.CharField(max_length=30)  # the first right's post: a row of law/tables/posts.toml
    kind = models.CharField(max_length=30, default="staff")  # law/tables/operator_kinds.toml
    from_on = models.DateField(null=True)  # the first day on which the person may sign in
    until_on = models.DateField(null=True)  # the last one; a leaver's
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)  # ends with the made-up town it came with
    failures = models.PositiveSmallIntegerField(default=0)  # wrong passwords since the last right
    locked_until = models.DateTimeField(null=True)
    password_changed_at = models.DateTimeField(null=True)
    password_is_initial = models.BooleanField(default=False)  # given by another: to be changed

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = Operators()

    def __str__(self) -> str:
        return self.name


class UsedPassword(models.Model):
    """使ったパスワード: hashes of an operator's passwords before the present one, against reuse."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE)
    password = models.CharField(max_length=128)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.operator_id}"


class Presence(models.Model):
    """在席: where an operator is signed in; one row a person, so that there is one session only."""

    operator = models.OneToOneField(Operator, on_delete=models.CASCADE, primary_key=True)
    session_digest = models.BinaryField(max_length=32)  # SHA-256 of the session's key
    terminal = models.ForeignKey(Terminal, on_delete=models.PROTECT, null=True)
    factors = models.CharField(max_length=60)  # rows of law/tables/factors.toml, by comma
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True)  # 画面ロック: nothing opens until it is undone
    failures = models.PositiveSmallIntegerField(default=0)  # wrong answers at the locked screen

    def __str__(self) -> str:
        return f"{self.operator_id}"


class EnrolmentLeave(models.Model):
    """登録の許可: leave for an operator to register one authenticator, for a short time."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE)
    given_by = models.ForeignKey(
        Operator, on_delete=models.PROTECT, null=True, related_name="+"
    )  # None: from the server's own terminal
    until_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.operator_id}"


class AuthenticatorState(models.Model):
    """認証器の状態: what we know of a registered authenticator beside its public key."""

    authenticator = models.OneToOneField(
        "mfa.Authenticator", on_delete=models.CASCADE, primary_key=True
    )
    model = models.CharField(max_length=36, blank=True)  # AAGUID, proven by the attestation
    sign_count = models.BigIntegerField(default=0)
    suspended_at = models.DateTimeField(null=True)  # 複製の疑い: its count went back

    def __str__(self) -> str:
        return f"{self.authenticator_id}"


class Position(models.Model):
    """職: a place in the organisation that persons hold one after the other (副市長, 市民課長)."""

    code = models.CharField(max_length=30, unique=True)
    title = models.CharField(max_length=60)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True)
    since = models.DateField()
    until = models.DateField(null=True)

    def __str__(self) -> str:
        return self.title


class Holding(models.Model):
    """在職: who holds a position, from when to when, and the 辞令 that says so."""

    position = models.ForeignKey(Position, on_delete=models.PROTECT)
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT)
    since = models.DateField()
    until = models.DateField(null=True)
    document = models.CharField(max_length=60)
    entered_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["operator", "since"], name="holding_operator"),
            models.Index(fields=["position", "since"], name="holding_position"),
        ]

    def __str__(self) -> str:
        return f"{self.position_id} {self.operator_id}"


class Responsible(models.Model):
    """責任者: which position bears a responsibility of one of the trees, from when to when."""

    role = models.CharField(max_length=40)  # a row of law/tables/responsibles.toml
    position = models.ForeignKey(Position, on_delete=models.PROTECT)
    since = models.DateField()
    until = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.role}"


class Designation(models.Model):
    """従事者の指定: who is charged with the affairs of a tree, by which responsible person."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT)
    tree = models.CharField(max_length=30)  # the tree of law/tables/responsibles.toml
    since = models.DateField()
    until = models.DateField(null=True)
    document = models.CharField(max_length=60)
    given_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["operator", "tree"], name="designation_operator"),
        ]

    def __str__(self) -> str:
        return f"{self.tree} {self.operator_id}"


class Right(models.Model):
    """操作権限: a post that an operator has in an office, from when to when; never by rank."""

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
            models.Index(fields=["operator", "since"], name="right_operator"),
            models.Index(fields=["office", "since"], name="right_office"),
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.operator_id}"


class Mask(models.Model):
    """表示しない項目: a class of items that an operator does not see, from when to when (10.4)."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT)
    item = models.CharField(max_length=30)  # a row of law/tables/maskable_items.toml
    since = models.DateField()
    until = models.DateField(null=True)
    given_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()
    ended_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["operator", "since"], name="mask_operator"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.operator_id}"


class EmergencyUse(models.Model):
    """緊急の利用: asked for with a reason, granted by a second person, reviewed by a third.

    `until_at` is the end of the grant; `ended_at` is set where who asked gives it back earlier.
    Each step changes the row; what it wrote is proved by the trail (`emergencies.proofs`).
    """

    is_never_deleted: ClassVar[bool] = True  # the role `app` has no DELETE here

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT)
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    terminal = models.CharField(max_length=20, blank=True)
    purpose = models.CharField(max_length=40)  # a row of law/tables/purposes.toml: needs_grant
    reason = models.CharField(max_length=400)
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    is_granted = models.BooleanField(null=True)
    until_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)  # a code of law.safety.emergencies
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["operator", "-until_at"], name="emergency_operator"),
            models.Index(
                fields=["asked_at"], name="emergency_open", condition=models.Q(reviewed_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.operator_id}"


class Engagement(models.Model):
    """受託者の従事: under what a contractor's person works; the newest row counts.

    Accounts of contractors open only while contract, pledge and training are all in force. The
    governance of contracts will write these rows; until then the responsible post enters them.
    """

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT)
    company = models.CharField(max_length=60)
    contract = models.CharField(max_length=60)
    contract_until = models.DateField()
    pledged_on = models.DateField(null=True)
    trained_until = models.DateField(null=True)
    entered_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["operator", "-id"], name="engagement_operator"),
        ]

    def __str__(self) -> str:
        return f"{self.operator_id}"


class RightsReview(models.Model):
    """権限の点検: the half-yearly look at an office's rights, and who signed it."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    half = models.CharField(max_length=6)  # fiscal year and half: "2026-1" is April to September
    opened_at = models.DateTimeField()
    signed_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["office", "half"], name="rights_review_once"),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.half}"


class RightsReviewLine(models.Model):
    """権限の点検の行: one right as it stood, of a person or of the office, and what was decided."""

    review = models.ForeignKey(RightsReview, on_delete=models.PROTECT)
    right = models.ForeignKey(Right, on_delete=models.PROTECT, null=True)
    office_right = models.ForeignKey("OfficeRight", on_delete=models.PROTECT, null=True)
    decision = models.CharField(max_length=10, blank=True)  # "keep" or "end"
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["review", "right"], name="rights_review_line_once"),
            models.UniqueConstraint(
                fields=["review", "office_right"], name="rights_review_office_line_once"
            ),
            models.CheckConstraint(
                condition=models.Q(right=None, office_right__isnull=False)
                | models.Q(right__isnull=False, office_right=None),
                name="rights_review_line_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.right_id or self.office_right_id}"
