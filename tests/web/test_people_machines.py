"""端末の画面: terminals with room and zone, and the code that makes a browser one of them."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from daicho.access.models import Presence, Terminal, Trail
from people import Cast
from web.test_people import page, sent

pytestmark = pytest.mark.django_db

ComeIn = Callable[..., Client]
NEW = {
    "office": "001",
    "code": "C003",
    "name": "窓口3番",
    "room": "1階 市民課",
    "zone": "my_number",
}


@pytest.fixture
def admin(cast: Cast, come_in: ComeIn) -> Client:
    return come_in(cast.administrator)


def test_a_new_terminal_stands_in_the_list_with_its_zone(admin: Client) -> None:
    assert sent(admin, "new_machine", **NEW).status_code == 302
    text = page(admin, "machines")
    assert "窓口3番" in text
    assert "マイナンバー利用事務系" in text
    row = Trail.objects.latest("id")
    said = {"terminal": "C003", "what": "added", "zone": "my_number"}
    assert (row.event, row.detail) == ("terminal_changed", said)


def test_the_code_of_a_terminal_is_never_given_again(admin: Client) -> None:
    sent(admin, "machine_act", "C001", "retire", sure="on")
    response = sent(admin, "new_machine", **(NEW | {"code": "C001"}))
    assert response.status_code == 422
    assert "access.terminal_taken" in response.content.decode()


def test_a_terminal_is_moved_to_another_room_and_zone(admin: Client) -> None:
    said = {"name": "窓口1番", "room": "2階", "zone": "lgwan"}
    assert sent(admin, "machine_act", "C001", "change", **said).status_code == 302
    kept = Terminal.objects.get(code="C001")
    assert (kept.room, kept.zone) == ("2階", "lgwan")
    detail = Trail.objects.filter(event="terminal_changed").latest("id").detail
    assert (detail["zone_before"], detail["zone"]) == ("unknown", "lgwan")


def test_the_code_for_a_browser_is_shown_once(admin: Client) -> None:
    number = {"request_id": "7e57ab1e-0000-4000-8000-000000000002"}
    first = sent(admin, "machine_act", "C001", "code", **number).content.decode()
    assert re.search(r'<code class="once">[0-9A-Z]{4}-[0-9A-Z]{4}</code>', first)
    again = sent(admin, "machine_act", "C001", "code", **number).content.decode()
    assert 'class="once"' not in again
    assert "登録番号を発行中" in page(admin, "machines")


def test_a_retired_terminal_is_listed_apart_and_takes_no_act(admin: Client) -> None:
    assert sent(admin, "machine_act", "C002", "retire", sure="on").status_code == 302
    assert "廃止した端末" in page(admin, "machines")
    assert sent(admin, "machine_act", "C002", "code").status_code == 404


def test_whoever_sits_at_a_terminal_that_is_retired_is_out(
    admin: Client, cast: Cast, come_in: ComeIn
) -> None:
    clerk = come_in(cast.clerk, Client())
    sent(admin, "machine_act", "C001", "retire", sure="on")
    assert not Presence.objects.filter(operator=cast.clerk.operator).exists()
    ended = Trail.objects.get(event="session_ended")
    assert (ended.operator_id, ended.terminal) == (cast.clerk.operator.pk, "C001")
    assert ended.detail == {"reason": "terminal_changed"}
    assert clerk.get(reverse("counter:home")).status_code == 403


@pytest.mark.parametrize("slug", ["forget", "retire"])
def test_what_cannot_be_undone_asks_for_a_tick(admin: Client, slug: str) -> None:
    assert sent(admin, "machine_act", "C001", slug).status_code == 422
    assert Terminal.objects.get(code="C001").retired_on is None


@pytest.mark.parametrize("who", ["clerk", "security_manager", "auditor", "system_operator"])
def test_others_see_no_terminals(cast: Cast, come_in: ComeIn, who: str) -> None:
    client = come_in(getattr(cast, who))
    assert client.get(reverse("console:machines")).status_code == 403
    assert sent(client, "new_machine", **NEW).status_code == 403
