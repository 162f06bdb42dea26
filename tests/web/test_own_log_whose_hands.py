"""本人への利用記録の提示: what a card tells in other hands, and what no refusal can hide."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from certificates.counter import MEGUMI, asked_for, open_counter, signing
from daicho.access import clock
from daicho.access.models import Trail
from daicho.access.own_log import queries
from daicho.access.permits import system_permit
from daicho.register.ledger.standing import closed_since
from daicho.site.demo import cards as demo_cards
from people import Cast, Player
from web import own_cards
from web.certifying import send
from web.desk import HANAKO, MOVER, TARO, Opened, received, rows, who
from web.own_cards import SIGN_IN, looks_at, page
from web.pages import form_in

pytestmark = pytest.mark.django_db

ComeIn = Callable[..., Client]
BRANCH = "東行政センター"


@pytest.fixture(autouse=True)
def switched_on(settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_cards.switched_on(settings, tmp_path, monkeypatch)


# -- A refusal hides its own 受付 ------------------------------------------------------------------


@pytest.fixture
def counter(few_live_here: None, cast: Cast, tmp_path: Path) -> Iterator[None]:
    with signing(tmp_path / "key"):
        open_counter(cast, tmp_path)
        yield


def _own(record_id: UUID) -> queries.OwnLog:
    given = system_permit("own_log", clock.today(), uuid4())
    return queries.looks(given, record_id, given.on - timedelta(days=1), given.on)


def _under(reception_id: UUID, *events: str) -> set[int]:
    found = Trail.objects.filter(detail__reception=str(reception_id), subject_count__gt=0)
    return set(found.filter(event__in=events).values_list("pk", flat=True))


def _opens(client: Client, reception_id: UUID, record_id: UUID) -> None:
    address = reverse("counter:person", args=[str(reception_id), record_id])
    assert client.get(address).status_code == 200


def test_a_refusal_that_was_provoked_hides_no_look_of_another_reception(
    counter: None, cast: Cast, come_in: ComeIn
) -> None:
    client, colleague = come_in(cast.clerk), come_in(cast.supervisor, Client())
    curious, provoked = asked_for(cast.clerk), asked_for(cast.clerk)
    _opens(client, curious, who(MEGUMI))
    _opens(client, provoked, who(MEGUMI))
    assert send(client, "certificate", provoked, MEGUMI).status_code == 422
    _opens(colleague, provoked, who(MEGUMI))
    found = _own(who(MEGUMI))
    shown = {one.id for one in found.shown}
    held = {one.look.id: one.reason for one in found.held_back}
    looks = _under(provoked, "look", "issue_refused")
    assert len(looks) >= 3, "two persons looked, one refusal"
    assert _under(curious, "look")
    assert _under(curious, "look") <= shown
    assert {held[one] for one in looks} == {"refused_request"}
    asking = system_permit("own_log", clock.today(), uuid4())
    assert all(queries.one(asking, who(MEGUMI), one) is None for one in looks)


# -- A card lives as long as one residence ---------------------------------------------------------


def test_a_card_ends_when_its_holder_dies_and_so_does_what_was_begun(
    desk: Opened, tmp_path: Path
) -> None:
    card, hers = (own_cards.made(tmp_path, who(one)) for one in (TARO, HANAKO))
    client, mother = own_cards.come_in(card), own_cards.come_in(hers)
    assert desk("died", who(TARO), "ex_officio").record(occurred_on="R8.11.1").status_code == 302
    assert client.get("/my/")["Location"] == f"{SIGN_IN}?told=ended"
    assert client.get("/my/questions")["Location"] == SIGN_IN
    answer = own_cards.shown(Client(), card)
    assert answer.status_code == 422
    assert "確かめられませんでした" in answer.content.decode()
    assert "死亡" not in answer.content.decode()
    assert page(mother), "who lives here still is in still"
    with pytest.raises(CommandError, match="住民はいません"):
        call_command("test_card", record=who(TARO))


def test_who_moves_in_again_has_a_new_card_made(desk: Opened, tmp_path: Path) -> None:
    taro = who(TARO)
    card = own_cards.made(tmp_path, taro)
    leaving = {
        "occurred_on": "R8.11.15",
        "moved_in_notice_on": "R8.11.18",
        "confirmed_destination_prefecture": "栃木県",
        "confirmed_destination_municipality": "宇都宮市",
        "confirmed_destination_town": "架空二丁目",
    }
    assert desk("move_in_notice_received", taro, "notice").record(**leaving).status_code == 302
    assert own_cards.shown(Client(), card).status_code == 422, "moved out"
    crossed = own_cards.made(tmp_path, taro)  # as he was read a moment before he left
    at = desk("moved_in")
    typed = {**MOVER, "occurred_on": "R8.11.20", "person-0-resident_record_code": "98765432103"}
    found = at.send(form_in(at.open()), "check", **typed).content.decode()
    form = form_in(at.send(form_in(found), f"rejoin:0:{taro}").content.decode())
    his = {"family_name": "架空", "given_name": "太郎", "born_on": "H17.10.10", "sex": "1"}
    form.typed |= {f"person-0-{name}": text for name, text in his.items()}
    sheet = form_in(at.send(form, "check").content.decode())
    assert at.send(sheet, "record", accept=sheet.ticks).status_code == 302
    told = rows("SELECT residence_no FROM register_current WHERE record_id = %s", taro)
    assert told == [(2,)]
    assert own_cards.shown(Client(), card).status_code == 422, "it was out of sight meanwhile"
    assert own_cards.shown(Client(), crossed).status_code == 422, "so was this one"
    own_cards.come_in(own_cards.made(tmp_path, taro))


def test_nobody_of_the_register_is_taken_for_a_resident(two_live_here: None) -> None:
    now = clock.now()
    assert not closed_since(who(HANAKO), now)
    assert closed_since(uuid4(), now)


def test_the_demo_tells_of_a_card_that_is_in_use(two_live_here: None, tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    first = demo_cards.ensure(tmp_path)
    assert first == demo_cards.ensure(tmp_path)
    (file,) = (tmp_path / "cards").iterdir()
    call_command("test_card", revoke=file.stem)
    again = demo_cards.ensure(tmp_path)
    assert again != first
    assert str(tmp_path / "cards") in again


# -- No list tells in which part of the town somebody was ------------------------------------------


def _seen_at_the_branch(cast: Cast) -> Player:
    elsewhere = cast.clerk_of_another_office
    looks_at(elsewhere, who(HANAKO))
    looks_at(cast.clerk, who(HANAKO))
    return elsewhere


def test_with_a_card_nobody_is_told_which_branch_it_was(
    two_live_here: None, cast: Cast, tmp_path: Path
) -> None:
    elsewhere = _seen_at_the_branch(cast)
    question = own_cards.asked_why(elsewhere, who(HANAKO))
    client = own_cards.come_in(own_cards.made(tmp_path, who(HANAKO)))
    for language, counter, every in (
        ("plain", "市区町村の窓口", "だれの一覧でも"),
        ("easy", "市役所(しやくしょ)などの 窓口(まどぐち)", "だれの 一覧(いちらん)でも"),
        ("english", "A counter of the municipality", "in everybody&#x27;s list"),
    ):
        own_cards.speak(client, language)
        for address in ("/my/", "/my/questions", f"/my/ask/{question.trail_id}"):
            text = page(client, address)
            assert counter in text, (language, address)
            assert BRANCH not in text, (language, address)
        assert every in page(client), "and it says that it is so for everybody"
        assert "市民課" in page(client), "the office of the whole town has its name"


def test_at_the_counter_every_office_has_its_name(
    two_live_here: None, cast: Cast, come_in: ComeIn
) -> None:
    _seen_at_the_branch(cast)
    reception_id = received(cast.clerk, "moved_within")  # 架空 花子 with her card
    address = reverse("counter:own_log", args=[reception_id, who(HANAKO)])
    assert BRANCH in page(come_in(cast.clerk), address)
