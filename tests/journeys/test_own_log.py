"""わたしの記録: a person comes in with a test card, reads who looked, and asks why; by keyboard.

What the page's own script does with the card, no other test can show.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from conftest import Live
from daicho.access import clock
from daicho.access.models import OwnLogQuestion, ResidentCardTry
from daicho.access.permits import permit
from daicho.register import queries
from daicho.site.demo import cards
from journeys.conftest import Clerk
from web.desk import HANAKO, who
from web.own_cards import PIN

pytestmark = [pytest.mark.browser, pytest.mark.durable]

WRONG_PIN = "0000"


@pytest.fixture
def card(family: Live, own_keys: Mapping[str, str]) -> Path:
    """花子's, by the authority that the counter believes; the clerk has looked at her record."""
    queries.person(permit(family.cast.clerk.acting(), "inquiry.change", clock.today()), who(HANAKO))
    return cards.make(Path(own_keys["DAICHO_RESIDENT_CA"]).parent.parent, who(HANAKO), PIN)


def _show(person: Clerk, card: Path, pin: str) -> None:
    # the file is chosen in a window of the system, which a browser without a window does not have
    person.page.set_input_files("#card", card)
    person.tab_to("#pin")
    person.type(pin)
    person.press_and_wait("Enter")


def test_a_person_comes_in_with_a_card_reads_and_asks_why(clerk: Clerk, card: Path) -> None:
    person = clerk
    sent: list[str] = []
    person.page.on("request", lambda one: sent.append(one.post_data or ""))
    person.open("/my/")
    assert person.focus_is_on("#card")
    person.is_sound("my-sign-in")
    _show(person, card, WRONG_PIN)
    assert "確かめられませんでした" in person.reads()
    assert ResidentCardTry.objects.filter(is_right=False).count() == 1, "the server counts it"
    _show(person, card, PIN)
    assert "住所などの変更の手続に備えた確認のため、記録を開きました。" in person.reads()
    person.is_sound("my-list")
    person.tab_to("[name=language][value=easy]", "Shift+Tab")
    person.press_and_wait("Enter")
    assert "だれが わたしの 記録(きろく)を 見(み)たか" in person.reads()
    person.is_sound("my-list-easy")
    person.tab_to("[name=language][value=english]", "Shift+Tab")
    person.press_and_wait("Enter")
    assert "Who looked at my record" in person.reads()
    look = f"/my/ask/{_row(person)}"
    person.tab_to(f"[href='{look}']")
    person.press_and_wait("Enter")
    assert person.focus_is_on("#text")
    person.is_sound("my-question")
    person.type("Why did you look?")
    person.tab_to("button.button")
    person.press_and_wait("Enter")
    assert "Why did you look?" in person.reads()
    person.is_sound("my-questions")
    assert OwnLogQuestion.objects.count() == 1
    told = json.loads(card.read_text("ascii"))
    posted = "".join(sent)
    assert told["certificate"][:40] in posted.replace("%2B", "+").replace("%2F", "/")
    assert told["key"][:40] not in posted.replace("%2B", "+").replace("%2F", "/")
    assert f"={PIN}&" not in f"{posted}&", "neither key nor PIN left the browser"


def _row(person: Clerk) -> int:
    """The look of the clerk: the oldest on the list."""
    links = person.page.locator("a[href^='/my/ask/']").all()
    return int(str(links[-1].get_attribute("href")).rpartition("/")[2])
