"""パスワードの変更."""

from collections.abc import Callable
from datetime import timedelta
from typing import cast as cast_to
from uuid import uuid4

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from daicho.access import clock, policy
from daicho.access.entering import leaves, passwords
from daicho.access.models import Operator, Trail, UsedPassword
from people import PASSWORD, Cast
from web.conftest import SignIn
from web.second_factors import holding

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("by_the_pages")]

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


def test_the_session_goes_on_under_another_key(cast: Cast, come_in: ComeIn) -> None:
    here = come_in(cast.clerk)
    before = here.cookies[settings.SESSION_COOKIE_NAME].value
    change(here, PASSWORD, NEW)
    assert here.cookies[settings.SESSION_COOKIE_NAME].value != before
    assert here.get(reverse("counter:home")).status_code == 200
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = before
    assert stolen.get(reverse("counter:home"))["Location"].startswith(reverse("entry:sign_in"))


@pytest.mark.parametrize(
    ("new", "named", "because"),
    [
        ("short-1", "12 文字以上", "the shortest length is a rule"),
        ("123456789012", "数字しか", "figures alone are guessed first"),
        ("startfinding", "一般的すぎ", "common passwords are tried first"),
        ("daicho-juki-2026", "住基", "who works here tries the words of the work first"),
        ("住民票の窓口ＰＡＳＳＷＯＲＤ", "住基", "in whatever letters they are written"),
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
    assert rules.count("<li>") == len(settings.AUTH_PASSWORD_VALIDATORS)
    assert "前に使った5個" in rules


def test_guessing_at_an_open_screen_locks_like_sign_in(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    for _ in range(policy.sign_in().failures_max):
        assert change(client, "wrong-wrong-wrong", NEW).status_code == 422
    kept = Operator.objects.get(pk=cast.clerk.operator.pk)
    assert kept.locked_until is not None
    assert Trail.objects.latest("id").event == "session_ended"
    assert client.get(reverse("counter:home")).status_code != 200, "and is outside"
    change(client, PASSWORD, NEW)
    assert Operator.objects.get(pk=kept.pk).check_password(PASSWORD)


def test_a_password_given_meanwhile_is_not_overwritten(cast: Cast) -> None:
    stale = Operator.objects.get(pk=cast.clerk.operator.pk)
    fresh = leaves.reset_password(None, cast.clerk.operator, uuid4())
    assert not passwords.change_password(stale, NEW, terminal="", request_id=uuid4())
    assert Operator.objects.get(pk=stale.pk).check_password(fresh)


def test_the_same_form_sent_twice_changes_once_and_counts_no_failure(
    cast: Cast, come_in: ComeIn
) -> None:
    client = come_in(cast.clerk)
    typed = {"present": PASSWORD, "new": NEW, "repeated": NEW, "request_id": str(uuid4())}
    answers = [client.post(reverse("entry:password"), typed) for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    assert Trail.objects.filter(event="password_changed").count() == 1
    assert not Trail.objects.filter(event="sign_in_failed").exists()


def test_the_rules_say_how_long_a_password_is(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    with holding(password_length_min=30):
        response = change(client, PASSWORD, NEW)
    assert response.status_code == 422
    assert "30 文字以上" in response.content.decode()


def test_as_many_passwords_as_the_rules_say_are_not_used_again(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    with holding(passwords_remembered=2):
        present = PASSWORD
        for new in (f"{NEW}-1", f"{NEW}-2", f"{NEW}-3"):
            assert change(client, present, new).status_code == 302
            present = new
        assert "前に使った" in change(client, present, f"{NEW}-1").content.decode()
        assert UsedPassword.objects.filter(operator=cast.clerk.operator).count() == 2
        assert change(client, present, PASSWORD).status_code == 302, "older than is remembered"


def test_where_none_is_remembered_only_the_present_one_is_refused(
    cast: Cast, come_in: ComeIn
) -> None:
    client = come_in(cast.clerk)
    with holding(passwords_remembered=0):
        assert change(client, PASSWORD, NEW).status_code == 302
        assert not UsedPassword.objects.exists()
        assert change(client, NEW, NEW).status_code == 422
        assert change(client, NEW, PASSWORD).status_code == 302


def renew(client: Client, new: str) -> HttpResponse:
    typed = {"new": new, "repeated": new}
    return cast_to(HttpResponse, client.post(reverse("entry:renewal"), typed))


@pytest.fixture
def initial(cast: Cast, browser: Client, try_sign_in: SignIn) -> Client:
    """A browser in which an initial password was typed."""
    Operator.objects.filter(pk=cast.clerk.operator.pk).update(password_is_initial=True)
    response = try_sign_in(cast.clerk.login, PASSWORD)
    assert response["Location"] == reverse("entry:renewal")
    return browser


def test_an_initial_password_is_changed_before_anything_opens(initial: Client) -> None:
    for name in ("counter:home", "entry:password", "entry:terminal"):
        assert initial.get(reverse(name))["Location"].startswith(reverse("entry:sign_in")), name
    assert renew(initial, NEW)["Location"].startswith(reverse("entry:terminal"))
    assert initial.get(reverse("entry:terminal")).status_code == 200
    kept = Operator.objects.get(login="clerk")
    assert kept.check_password(NEW)
    assert not kept.password_is_initial


def test_an_initial_password_is_no_new_password(initial: Client) -> None:
    response = renew(initial, PASSWORD)
    assert response.status_code == 422
    assert "今のパスワードと同じ" in response.content.decode()
    assert Operator.objects.get(login="clerk").password_is_initial


@pytest.mark.parametrize(
    ("age_days", "name", "because"),
    [(90, "entry:renewal", "its days are over"), (89, "entry:terminal", "a day is left")],
)
def test_an_old_password_is_changed_before_anything_opens(
    cast: Cast, try_sign_in: SignIn, age_days: int, name: str, because: str
) -> None:
    changed_at = clock.now() - timedelta(days=age_days)
    Operator.objects.filter(pk=cast.clerk.operator.pk).update(password_changed_at=changed_at)
    with holding(password_days=90):
        response = try_sign_in(cast.clerk.login, PASSWORD)
    assert response["Location"].startswith(reverse(name)), because


def test_where_the_rules_set_no_days_no_password_is_too_old(
    cast: Cast, try_sign_in: SignIn
) -> None:
    Operator.objects.filter(pk=cast.clerk.operator.pk).update(password_changed_at=None)
    response = try_sign_in(cast.clerk.login, PASSWORD)
    assert response["Location"].startswith(reverse("entry:terminal"))


def test_nobody_renews_without_having_typed_the_password(cast: Cast, browser: Client) -> None:
    assert renew(browser, NEW)["Location"] == reverse("entry:sign_in")
    assert Operator.objects.get(login="clerk").check_password(PASSWORD)
