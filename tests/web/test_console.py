"""運用: figures for those who run the system, and for nobody else."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from daicho.access import clock, permits, queries
from daicho.access.models import Trail
from people import Cast
from web.conftest import SignIn

pytestmark = pytest.mark.django_db

ComeIn = Callable[..., Client]


@pytest.mark.parametrize("who", ["system_operator", "administrator"])
def test_the_information_systems_office_opens_the_console(
    cast: Cast, come_in: ComeIn, who: str
) -> None:
    response = come_in(getattr(cast, who)).get(reverse("console:home"))
    text = response.content.decode()
    assert response.status_code == 200
    assert "0001_initial" in text
    assert "停止中の操作者はいません。" in text


@pytest.mark.parametrize("who", ["clerk", "supervisor", "clerk_of_another_office", "auditor"])
def test_others_are_told_the_article_and_the_refusal_is_trailed(
    cast: Cast, come_in: ComeIn, who: str
) -> None:
    response = come_in(getattr(cast, who)).get(reverse("console:home"))
    text = response.content.decode()
    assert response.status_code == 403
    assert "住民基本台帳法第36条の2第1項" in text
    assert "担当する所属の職員に引き継いでください" in text
    row = Trail.objects.latest("id")
    assert (row.event, row.finding) == ("not_permitted", "access.purpose_not_yours")


def test_the_way_to_the_console_is_shown_only_to_those_who_may(cast: Cast, come_in: ComeIn) -> None:
    home = reverse("counter:home")
    address = f'href="{reverse("console:home")}"'
    assert address in come_in(cast.system_operator, Client()).get(home).content.decode()
    assert address not in come_in(cast.clerk, Client()).get(home).content.decode()


def test_a_locked_operator_is_shown_and_the_look_is_trailed(
    cast: Cast, come_in: ComeIn, try_sign_in: SignIn
) -> None:
    for _ in range(settings.SIGN_IN_FAILURES_MAX):
        try_sign_in(cast.clerk.login, "wrong-wrong-wrong", Client())
    client = come_in(cast.system_operator)
    assert (
        f"<code>{cast.clerk.login}</code>" in client.get(reverse("console:home")).content.decode()
    )
    row = Trail.objects.latest("id")
    assert (row.event, row.purpose, row.detail) == ("look", "console.municipality", {"rows": 1})


def test_figures_count_failures_and_rows(cast: Cast, try_sign_in: SignIn) -> None:
    who = cast.system_operator.acting()
    permit = permits.permit(who, "console.municipality", clock.today())
    before = queries.trail_figures(permit)
    try_sign_in("nobody", "wrong-wrong-wrong")
    after = queries.trail_figures(permit)
    assert after == replace(
        before,
        rows_today=before.rows_today + 1,
        failed_sign_ins_24h=before.failed_sign_ins_24h + 1,
    )


def test_a_permit_for_another_affair_does_not_open_the_figures(cast: Cast) -> None:
    permit = permits.permit(cast.auditor.acting(), "audit.trail", clock.today())
    with pytest.raises(AssertionError):
        queries.locked_operators(permit)
