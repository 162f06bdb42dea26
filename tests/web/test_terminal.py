"""端末: an operator works at a terminal of the own office, or not at all."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from daicho.access import clock
from daicho.access.models import Terminal, Trail
from people import Cast
from web.conftest import SignIn

pytestmark = pytest.mark.django_db

ComeIn = Callable[..., Client]


def test_without_a_terminal_the_counter_leads_to_the_choice(
    cast: Cast, browser: Client, try_sign_in: SignIn
) -> None:
    try_sign_in(cast.clerk.login, cast.clerk.password)
    response = browser.get(reverse("counter:home"))
    assert response["Location"] == f"{reverse('entry:terminal')}?next=%2F"


def test_the_choice_is_trailed_with_the_terminal(cast: Cast, come_in: ComeIn) -> None:
    come_in(cast.clerk)
    row = Trail.objects.latest("id")
    assert (row.event, row.terminal, row.office) == ("terminal_chosen", "C001", "001")


def test_a_terminal_of_another_office_is_refused(
    cast: Cast, browser: Client, try_sign_in: SignIn
) -> None:
    try_sign_in(cast.clerk.login, cast.clerk.password)
    other = cast.clerk_of_another_office.terminal
    response = browser.post(reverse("entry:terminal"), {"terminal": other})
    assert response.status_code == 422
    assert "端末を一つ選んでください。" in response.content.decode()
    assert browser.get(reverse("counter:home")).status_code == 302


def test_a_terminal_retired_during_the_day_must_be_chosen_anew(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    Terminal.objects.filter(code=cast.clerk.terminal).update(retired_on=clock.today())
    assert client.get(reverse("counter:home"))["Location"].startswith(reverse("entry:terminal"))


def test_the_browser_remembers_its_terminal(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    client.post(reverse("entry:sign_out"))
    client.post(
        reverse("entry:sign_in"), {"login": cast.clerk.login, "password": cast.clerk.password}
    )
    text = client.get(reverse("entry:terminal")).content.decode()
    assert 'value="C001" required checked' in text
    assert 'value="C002" required checked' not in text
