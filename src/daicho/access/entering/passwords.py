"""パスワード: trying one, changing it, its rules, and when it must be changed."""

import unicodedata
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from daicho.access import clock, policy, trail
from daicho.access.acting import actor
from daicho.access.entering import tries
from daicho.access.hindering import may_enter
from daicho.access.models import Operator, Trail, UsedPassword
from daicho.law.rule import Finding
from daicho.law.safety import factors

OWN_CHARS_MIN = 8
OUR_WORDS = (
    "daicho",
    "台帳",
    "juki",
    "住基",
    "juminhyo",
    "住民票",
    "madoguchi",
    "窓口",
    "shiyakusho",
    "市役所",
    "password",
    "パスワード",
)
"""使わせない語: docs/operating/sign-in.md tells of them."""


class Backend:
    """Django's way in: right password, may enter, not locked; every try leaves a trail row.

    A name that is not registered, a wrong password and a locked operator look alike from outside.
    The failures are forgotten when everything is through, not here: who knows a password must not
    guess codes without end.
    """

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = ""
    ) -> Operator | None:
        request_id = getattr(request, "request_id", None) or uuid4()
        with transaction.atomic(durable=True):
            tries.one_by_one(username)
            rows = Operator.objects.select_for_update(of=("self",)).select_related("office")
            operator = rows.filter(login=username).first()
            if operator is None:
                make_password(password)  # costs as much time as a check
                trail.write("sign_in_failed", request_id=request_id)
                return None
            who = actor(operator, terminal="", request_id=request_id)
            found = _wrong(operator, password) or may_enter(operator, clock.today())
            if tries.judge(operator, found, who, "sign_in_failed") is not None:
                return None
            trail.write("password_accepted", request_id=request_id, actor=who)
            return operator

    def get_user(self, operator_id: int) -> Operator | None:
        found = Operator.objects.select_related("office").filter(pk=operator_id, is_active=True)
        return found.first()


def _wrong(operator: Operator, password: str) -> Finding | None:
    is_right = operator.check_password(password)
    return factors.may_come_in(is_right, is_suspended=False, is_listed=True, on=clock.today())


def confirm(operator: Operator, password: str, *, terminal: str, request_id: UUID) -> bool:
    """Does the person at an open screen know the operator's password? Counts like a sign-in, so
    that an unattended screen is no place to guess."""

    def check(kept: Operator) -> Finding | None:
        found = _wrong(kept, password)
        if found is None:
            tries.forget(kept)
        return found

    found = tries.attempt(
        operator, check, failed="sign_in_failed", terminal=terminal, request_id=request_id
    )
    return found is None


def must_be_changed(operator: Operator) -> bool:
    """変更が必要か: given by another, or older than the policy lets it be."""
    days = policy.sign_in().password_days
    if operator.password_is_initial:
        return True
    changed_at = operator.password_changed_at
    if not days:
        return False
    return changed_at is None or changed_at + timedelta(days=days) <= clock.now()


def keep_used(operator: Operator) -> None:
    """使ったパスワードを残す: the present hash, among as many as the policy remembers."""
    remembered = policy.sign_in().passwords_remembered
    if remembered and operator.password:
        UsedPassword.objects.create(
            operator=operator, password=operator.password, changed_at=clock.now()
        )
    kept = UsedPassword.objects.filter(operator=operator).order_by("-id")
    newest = kept.values_list("pk", flat=True)[:remembered]
    UsedPassword.objects.filter(operator=operator).exclude(pk__in=list(newest)).delete()


def change_password(operator: Operator, password: str, *, terminal: str, request_id: UUID) -> bool:
    """Set a new password (already validated) and end every other session of the operator.

    Tells whether it was done: not where another one was set since `operator` was read.
    """
    with transaction.atomic():
        kept = Operator.objects.select_for_update(of=("self",)).get(pk=operator.pk)
        if kept.password != operator.password:
            return False
        keep_used(operator)
        operator.set_password(password)
        operator.password_changed_at, operator.password_is_initial = clock.now(), False
        operator.save(update_fields=["password", "password_changed_at", "password_is_initial"])
        who = actor(operator, terminal=terminal, request_id=request_id)
        trail.write("password_changed", request_id=request_id, actor=who)
    return True


def has_changed_password(operator: Operator, request_id: UUID) -> bool:
    """Did this very request, sent before, already change the operator's password?"""
    own = Trail.objects.filter(operator=operator, event="password_changed")
    return own.filter(request_id=request_id).exists()


class LongEnough:
    """パスワードの長さ: as many characters as the policy asks for."""

    def validate(self, password: str, user: Any = None) -> None:
        del user
        if len(password) < policy.sign_in().password_length_min:
            raise ValidationError(self.get_help_text(), code="password_too_short")

    def get_help_text(self) -> str:
        return f"{policy.sign_in().password_length_min} 文字以上にしてください。"


class MoreThanOurWords:
    """パスワードの語: what is left without the words that stand at every desk here is long enough.

    The words are those of the program, of the work, and of the body whose register this is.
    """

    def validate(self, password: str, user: Any = None) -> None:
        del user
        left = _folded(password)
        for word in sorted(map(_folded, (*OUR_WORDS, *settings.BODY_NAME.split())), key=len)[::-1]:
            left = left.replace(word, "")
        if len(left) < OWN_CHARS_MIN:
            raise ValidationError(self.get_help_text(), code="password_of_our_words")

    def get_help_text(self) -> str:
        return f"「住基」「daicho」や団体名などを除いて、{OWN_CHARS_MIN} 文字以上にしてください。"


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


class NotUsedBefore:
    """パスワードの再利用: neither the present one nor one of those that are remembered."""

    def validate(self, password: str, user: Any = None) -> None:
        if not isinstance(user, Operator) or user.pk is None:
            return
        if user.check_password(password):
            raise ValidationError("今のパスワードと同じです。別のものにしてください。")
        remembered = policy.sign_in().passwords_remembered
        used = UsedPassword.objects.filter(operator=user).order_by("-id")[:remembered]
        if any(check_password(password, one.password) for one in used):
            raise ValidationError("前に使ったパスワードは使えません。別のものにしてください。")

    def get_help_text(self) -> str:
        remembered = policy.sign_in().passwords_remembered
        before = f"、前に使った{remembered}個" if remembered else ""
        return f"今のパスワード{before}と同じものは使えません。"
