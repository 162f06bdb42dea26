"""パスワードの変更."""

from collections.abc import Callable
from typing import cast as cast_to
from uuid import uuid4

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from daicho.access.models import Operator, Trail
from people import PASSWORD, Cast

pytestmark = pytest.mark.django_db

NEW = "another-horse-battery"
ComeIn = Callable[..., Client]


def change(client: Client, present: str, new: str, repeated: str | None = None) -> HttpResponse:
    typed = {"present": present, "new": new, "repeated": new if repeated is None else repeated}
    return cast_to(HttpResponse, client.post(reverse("entry:password"), typed))


def test_the_new_password_works_and_the_old_one_does_not(cast: Cast, come_in: ComeIn) -> None:
    assert change(come_in(cast.clerk), PASSWORD, NEW).status_code == 302
    kept = Operator.objects.get(pk=cast.clerk.operator.pk)
    assert kept.check_password(NEW)
    assert not kept.check_password(PASSWORD)
    assert Trail.objects.latest("id").event == "password_changed"


def test_other_sessions_end_and_this_one_goes_on(cast: Cast, come_in: ComeIn) -> None:
    here, elsewhere = come_in(cast.clerk, Client()), come_in(cast.clerk, Client())
    change(here, PASSWORD, NEW)
    assert here.get(reverse("counter:home")).status_code == 200
    assert elsewhere.get(reverse("counter:home"))["Location"].startswith(reverse("entry:sign_in"))


@pytest.mark.parametrize(
    ("new", "named", "because"),
    [
        ("short-1", "12 文字以上", "the shortest length is a rule"),
        ("123456789012", "数字しか", "figures alone are guessed first"),
        ("startfinding", "一般的すぎ", "common passwords are tried first"),
        (PASSWORD, "今のパスワードと同じ", "a change must change something"),
    ],
)
def test_each_broken_rule_is_named(
    cast: Cast, come_in: ComeIn, new: str, named: str, because: str
) -> None:
    response = change(come_in(cast.clerk), PASSWORD, new)
    assert response.status_code == 422
    assert named in response.content.decode(), because
    assert Operator.objects.get(pk=cast.clerk.operator.pk).check_password(PASSWORD)


def test_a_repetition_that_differs_is_told(cast: Cast, come_in: ComeIn) -> None:
    response = change(come_in(cast.clerk), PASSWORD, NEW, NEW + "x")
    assert "新しいパスワードと一致しません。" in response.content.decode()


def test_the_rules_are_shown_before_anything_is_typed(cast: Cast, come_in: ComeIn) -> None:
    text = come_in(cast.clerk).get(reverse("entry:password")).content.decode()
    rules = text[text.index('id="rules"') : text.index('name="new"')]
    assert rules.count("<li>") == len(settings.AUTH_PASSWORD_VALIDATORS) + 1


def test_guessing_at_an_open_screen_locks_like_sign_in(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    for _ in range(settings.SIGN_IN_FAILURES_MAX):
        assert change(client, "wrong-wrong-wrong", NEW).status_code == 422
    assert change(client, PASSWORD, NEW).status_code == 422
    assert Operator.objects.get(pk=cast.clerk.operator.pk).locked_until is not None


def test_the_same_form_sent_twice_changes_once_and_counts_no_failure(
    cast: Cast, come_in: ComeIn
) -> None:
    client = come_in(cast.clerk)
    typed = {"present": PASSWORD, "new": NEW, "repeated": NEW, "request_id": str(uuid4())}
    answers = [client.post(reverse("entry:password"), typed) for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    assert Trail.objects.filter(event="password_changed").count() == 1
    assert not Trail.objects.filter(event="sign_in_failed").exists()
