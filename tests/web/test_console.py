"""運用: figures for those who run the system, and for nobody else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.urls import reverse

from daicho.access import clock, operating, permits, policy
from daicho.access.models import Trail
from daicho.access.people import queries
from daicho.access.refusals import NotPermitted
from daicho.certificates import keys
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


@pytest.mark.parametrize("who", ["clerk", "clerk_of_another_office"])
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


def test_who_answers_for_safety_sees_his_ways_and_no_figures(cast: Cast, come_in: ComeIn) -> None:
    ways_of_safety = {"people", "responsibles", "designations", "reviews", "policy"}
    for who, ways in [
        (cast.auditor, ways_of_safety),
        (cast.security_manager, ways_of_safety),
        (cast.administrator, {*ways_of_safety, "machines"}),
        (cast.supervisor, {"policy"}),
        (cast.system_operator, set()),
    ]:
        text = come_in(who, Client()).get(reverse("console:home")).content.decode()
        every = {*ways_of_safety, "machines"}
        shown = {name for name in every if f'href="{reverse(f"console:{name}")}"' in text}
        assert shown == ways
        has_figures = who in (cast.administrator, cast.system_operator)
        assert ("PostgreSQL" in text) is has_figures


def test_the_way_to_the_console_is_shown_only_to_those_who_may(cast: Cast, come_in: ComeIn) -> None:
    home = reverse("counter:home")
    address = f'href="{reverse("console:home")}"'
    assert address in come_in(cast.system_operator, Client()).get(home).content.decode()
    assert address not in come_in(cast.clerk, Client()).get(home).content.decode()


def test_a_locked_operator_is_shown_and_the_look_is_trailed(
    cast: Cast, come_in: ComeIn, try_sign_in: SignIn
) -> None:
    for _ in range(policy.sign_in().failures_max):
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
    before = operating.trail_figures(permit)
    try_sign_in("nobody", "wrong-wrong-wrong")
    after = operating.trail_figures(permit)
    assert after == replace(
        before,
        rows_today=before.rows_today + 1,
        failed_sign_ins_24h=before.failed_sign_ins_24h + 1,
    )


def test_a_permit_for_another_affair_does_not_open_the_figures(cast: Cast) -> None:
    permit = permits.permit(cast.auditor.acting(), "audit.trail", clock.today())
    with pytest.raises(NotPermitted):
        queries.locked_operators(permit)
    with pytest.raises(AssertionError):
        operating.trail_figures(permit)


# -- What runs out ---------------------------------------------------------------------------------


@pytest.fixture
def ending(tmp_path: Path, settings: LazySettings) -> None:
    """The signer's certificate ends in some weeks."""
    key, chain = keys.demo_files(tmp_path)
    made_at = clock.now() - timedelta(days=keys.DEMO_DAYS - 89)
    keys.ensure_demo(key, chain, "072036", "架空市", made_at)
    settings.SIGNING_KEY_FILE, settings.SIGNING_CHAIN_FILE = str(key), str(chain)


@pytest.mark.parametrize("screen", ["counter:home", "console:home"])
@pytest.mark.parametrize("who", ["system_operator", "administrator"])
def test_a_signer_that_ends_soon_is_told_to_those_who_can_act(
    cast: Cast, come_in: ComeIn, ending: None, who: str, screen: str
) -> None:
    text = come_in(getattr(cast, who)).get(reverse(screen)).content.decode()
    assert "署名に使う証明書の有効期間" in text
    assert "終わりに近づいています" in text
    assert "新しい鍵と証明書を" in text, "what to do"


@pytest.mark.parametrize("who", ["clerk", "supervisor", "auditor"])
def test_it_is_told_to_nobody_else(cast: Cast, come_in: ComeIn, ending: None, who: str) -> None:
    text = come_in(getattr(cast, who)).get(reverse("counter:home")).content.decode()
    assert "運用の注意" not in text


@pytest.fixture
def all_in_place(cast: Cast) -> None:
    """What the cast did minutes ago has its place in the trail's sequence, as it would at work."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO access_trailleaf (leaf_index, trail_id, leaf_hash)"
            " SELECT row_number() OVER (ORDER BY id) - 1, id, '\\x00' FROM access_trail"
        )


@pytest.mark.usefixtures("all_in_place")
@pytest.mark.parametrize("screen", ["counter:home", "console:home"])
def test_while_nothing_runs_out_nothing_is_told(cast: Cast, come_in: ComeIn, screen: str) -> None:
    text = come_in(cast.system_operator).get(reverse(screen)).content.decode()
    assert "運用の注意" not in text


def test_what_runs_out_is_told_only_for_the_console(cast: Cast) -> None:
    permit = permits.permit(cast.auditor.acting(), "audit.trail", clock.today())
    with pytest.raises(NotPermitted):
        operating.warned(permit)
