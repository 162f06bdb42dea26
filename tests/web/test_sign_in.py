"""サインイン: who comes in, who does not, and what the trail says of either."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from daicho.access import clock, policy, staff
from daicho.access.models import Trail
from people import Cast, Player
from web.conftest import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("by_the_pages")]

NOT_ACCEPTED = "操作者IDかパスワードが違うか、利用が停止されています。"
ComeIn = Callable[..., Client]


def events() -> list[tuple[str, int | None]]:
    return list(Trail.objects.order_by("id").values_list("event", "operator_id"))


def lock(player: Player, try_sign_in: SignIn) -> None:
    for _ in range(policy.sign_in().failures_max):
        try_sign_in(player.login, "wrong-wrong-wrong")


def seen(response: HttpResponse) -> tuple[int, str]:
    """Status and text as a person sees them, without the numbers that differ each time."""
    text = response.content.decode()
    return response.status_code, "".join(
        line for line in text.splitlines() if "hidden" not in line and 'name="login"' not in line
    )


def test_the_right_password_leads_to_the_choice_of_a_terminal(
    cast: Cast, try_sign_in: SignIn
) -> None:
    response = try_sign_in(cast.clerk.login, cast.clerk.password)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("entry:terminal"))
    assert events()[-1] == ("sign_in", cast.clerk.operator.pk)


def test_a_wrong_password_is_told_and_trailed(cast: Cast, try_sign_in: SignIn) -> None:
    response = try_sign_in(cast.clerk.login, "wrong-wrong-wrong")
    assert response.status_code == 422
    assert NOT_ACCEPTED in response.content.decode()
    assert events()[-1] == ("sign_in_failed", cast.clerk.operator.pk)


def test_an_unknown_name_is_trailed_without_the_name(cast: Cast, try_sign_in: SignIn) -> None:
    marker = "yamada-marker-7261"
    try_sign_in(marker, "wrong-wrong-wrong")
    row = Trail.objects.latest("id")
    assert (row.event, row.operator_id, row.detail) == ("sign_in_failed", None, {})
    assert marker not in str(list(Trail.objects.values()))


def test_unknown_wrong_locked_and_ended_look_alike(cast: Cast, try_sign_in: SignIn) -> None:
    lock(cast.supervisor, try_sign_in)
    staff.end(cast.auditor.login)
    players = (cast.clerk.login, "nobody", cast.supervisor.login, cast.auditor.login)
    answers = {seen(try_sign_in(login, "wrong-wrong-wrong")) for login in players}
    assert len(answers) == 1
    right_but_locked = seen(try_sign_in(cast.supervisor.login, cast.supervisor.password))
    right_but_ended = seen(try_sign_in(cast.auditor.login, cast.auditor.password))
    assert {right_but_locked, right_but_ended} == answers


def test_a_locked_operator_stays_out_until_the_lock_ends(cast: Cast, try_sign_in: SignIn) -> None:
    lock(cast.clerk, try_sign_in)
    assert events()[-1][0] == "sign_in_locked"
    assert try_sign_in(cast.clerk.login, cast.clerk.password).status_code == 422
    later = clock.now() + timedelta(minutes=policy.sign_in().lock_minutes, seconds=1)
    with clock.fixed(later):
        assert try_sign_in(cast.clerk.login, cast.clerk.password).status_code == 302


def test_the_page_says_after_how_many_failures_it_stops(cast: Cast, browser: Client) -> None:
    text = browser.get(reverse("entry:sign_in")).content.decode()
    assert f"続けて{policy.sign_in().failures_max}回間違えると" in text
    assert f"{policy.sign_in().lock_minutes}分間停止します" in text
    assert "利用はすべて記録されます" in text


def test_an_operator_ended_while_signed_in_is_out_at_once(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    staff.end(cast.clerk.login)
    assert client.get(reverse("counter:home")).status_code == 302


def test_what_is_left_empty_is_named_and_not_counted(cast: Cast, try_sign_in: SignIn) -> None:
    response = try_sign_in(cast.clerk.login, "")
    assert response.status_code == 422
    assert "パスワードを入力してください。" in response.content.decode()
    assert not Trail.objects.filter(event="sign_in_failed").exists()


def test_the_password_never_comes_back_in_the_page(cast: Cast, try_sign_in: SignIn) -> None:
    response = try_sign_in(cast.clerk.login, "marker-typed-password")
    assert "marker-typed-password" not in response.content.decode()


def test_the_session_key_changes_at_sign_in(cast: Cast, browser: Client, come_in: ComeIn) -> None:
    browser.cookies[settings.SESSION_COOKIE_NAME] = "planted" + "0" * 25
    come_in(cast.clerk)
    assert browser.cookies[settings.SESSION_COOKIE_NAME].value != "planted" + "0" * 25


def test_sign_out_ends_the_session_and_is_trailed(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert client.post(reverse("entry:sign_out")).status_code == 302
    row = Trail.objects.latest("id")
    assert (row.event, row.terminal) == ("sign_out", cast.clerk.terminal)
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    assert client.get(reverse("counter:home"))["Location"].startswith(reverse("entry:sign_in"))


def test_sign_out_is_not_a_link(cast: Cast, come_in: ComeIn) -> None:
    response = come_in(cast.clerk).get(reverse("entry:sign_out"))
    assert (response.status_code, response["Allow"]) == (405, "POST")


def test_sign_in_leads_on_to_our_pages_only(cast: Cast, browser: Client) -> None:
    typed = {"login": cast.clerk.login, "password": cast.clerk.password}
    outside = {**typed, "next": "https://elsewhere.example/"}
    assert "elsewhere" not in browser.post(reverse("entry:sign_in"), outside)["Location"]


def test_a_trail_row_has_the_number_of_its_form(cast: Cast, browser: Client) -> None:
    number = uuid4()
    typed = {"login": cast.clerk.login, "password": "wrong", "request_id": str(number)}
    browser.post(reverse("entry:sign_in"), typed)
    assert Trail.objects.latest("id").request_id == number
