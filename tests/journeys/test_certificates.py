"""証明: from the 受付 to the paper, by keyboard alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Route

import town
from certificates import samples
from certificates.counter import signing, text
from daicho.access import clock
from daicho.access.permits import permit
from daicho.certificates import certifiers
from daicho.register import importing
from journeys.conftest import Clerk
from journeys.counter import (
    FROM_UTSUNOMIYA,
    MOTHER,
    day,
    fill,
    find,
    receive,
    record,
    say_where,
    say_who,
    to_sheet,
)

pytestmark = [pytest.mark.browser, pytest.mark.durable]


@pytest.fixture(autouse=True)
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The live counter, a process of its own, signs with a made-up town's key."""
    folder = tmp_path / "key"
    own = samples.town(folder, town.WARD, "郡山市(架空)")
    monkeypatch.setenv("DAICHO_SIGNING_KEY", str(folder / "key.pem"))
    monkeypatch.setenv("DAICHO_SIGNING_CERT", str(own.published))
    with signing(folder):
        yield


@pytest.fixture
def at_the_counter(key: None, clerk: Clerk, tmp_path: Path) -> Clerk:
    """A clerk who sits at a counter of a town with a few residents and a mayor."""
    certifiers.ensure_made_up("郡山市", "福島県")
    moving = permit(clerk.live.cast.system_operator.acting(), "data.migration", clock.today())
    file = town.write(tmp_path, town.few())
    importing.run(moving, file, ward=town.WARD, trial=False, keep_refusals=lambda _: None)
    clerk.sit_down(clerk.live.cast.clerk)
    return clerk


def _receive(clerk: Clerk) -> None:
    """Somebody asks for a copy of the own household, two of it."""
    clerk.press_and_wait("F2")
    clerk.press("1", "0")
    clerk.press_and_wait("Enter")
    assert "証明書の請求の受付" in clerk.reads()
    for name, typed in (
        ("capacity", "1"),
        ("visitor_name", "架空　花子"),
        ("visitor_address", "架空町一丁目２番２号"),
        ("identity", "1"),
        ("asked", " "),  # 世帯主・続柄
        ("copy_count", "2"),
    ):
        clerk.tab_to(f'[name="{name}"]')
        clerk.type(typed)
    clerk.press_and_wait("F8")


def _find(clerk: Clerk, kana: str) -> None:
    assert clerk.focus_is_on("#id_kana")
    clerk.type(kana)
    clerk.press_and_wait("Enter")
    assert clerk.focus_is_on("[data-hit]")
    clerk.press_and_wait("Enter")


def _dialogue(clerk: Clerk) -> None:
    """From the person's page to the dialogue."""
    clerk.press_and_wait("Shift+F8")


def _reads_in_the_new_tab(clerk: Clerk) -> str:
    """Press F8, read the file on its way to the new tab, and close the tab."""
    context = clerk.page.context
    files: list[bytes] = []

    def read(route: Route) -> None:
        answer = route.fetch()
        assert answer.headers["content-type"] == "application/pdf"
        files.append(answer.body())
        route.fulfill(response=answer)

    context.route("**/print", read)
    with (
        context.expect_page() as opened,
        context.expect_event("response", lambda answer: answer.url.endswith("/print")),
    ):
        clerk.press("F8")
    context.unroute("**/print", read)
    opened.value.close()
    with clerk.page.expect_navigation(url="**/issued"):
        # a browser without a window never loses the focus, so that none comes back
        clerk.page.evaluate("window.dispatchEvent(new Event('focus'))")
    return text(files[0])


def test_a_clerk_hands_over_two_copies(at_the_counter: Clerk) -> None:
    clerk = at_the_counter
    _receive(clerk)
    _find(clerk, "カクウ ハナコ")
    _dialogue(clerk)
    assert clerk.focus_is_on("[name=form]")
    clerk.is_sound("certificate-order")
    assert clerk.page.is_checked('[name="asked"]'), "as it was asked at the 受付"
    clerk.press_and_wait("F8")
    assert "まだ発行していません" in clerk.reads()
    clerk.is_sound("certificate-check")
    clerk.press_and_wait("F7")
    assert clerk.page.is_checked('[name="asked"]')
    clerk.press_and_wait("F8")
    read = _reads_in_the_new_tab(clerk)
    assert read.index("架空花子") < read.index("架空太郎")
    assert "C001 P001 001" in clerk.reads()
    clerk.is_sound("certificate-issued")
    assert "C001P001002" in _reads_in_the_new_tab(clerk)
    clerk.page.wait_for_selector("text=2/2部")
    clerk.tab_to("[name=reason]")
    clerk.press("Tab")
    clerk.press_and_wait("Enter")
    assert "書損" in clerk.reads()
    assert "発行し直す" in clerk.reads()


def _moves_in(clerk: Clerk) -> None:
    """新入　花 comes from another town, alone."""
    receive(clerk, "1", "転入")
    say_who(clerk)
    fill(clerk, occurred_on=day(-3), whence="1", evidence="1")
    say_where(clerk)
    fill(clerk, **MOTHER)
    fill(clerk, **FROM_UTSUNOMIYA)
    to_sheet(clerk, "転入")
    record(clerk)


def _asks_for_a_copy(clerk: Clerk) -> None:
    """The visitor of before asks for one copy; who it is was shown then."""
    receive(clerk, "10", "証明書の請求")
    clerk.press_and_wait("F9")
    assert "と同じ人の受付です" in clerk.reads()
    fill(clerk, capacity="1", visitor_address="郡山市朝日２３番７号", copy_count="1")
    clerk.press_and_wait("F8")


def test_from_the_moving_in_to_the_certificate(at_the_counter: Clerk) -> None:
    clerk = at_the_counter
    _moves_in(clerk)
    _asks_for_a_copy(clerk)
    find(clerk, "シンニュウ ハナ")
    _dialogue(clerk)
    clerk.press_and_wait("F8")
    assert "まだ発行していません" in clerk.reads()
    read = _reads_in_the_new_tab(clerk)
    assert "新入花" in read
    assert "福島県郡山市朝日２３番７号" in read
    assert "栃木県宇都宮市架空一丁目" in read, "whence she came"
    assert "架空花子" not in read, "nobody else of the town"
    assert "C001 P001 001" in clerk.reads()


def test_a_protected_person_is_refused_and_nothing_typed_is_lost(at_the_counter: Clerk) -> None:
    clerk = at_the_counter
    _receive(clerk)
    _find(clerk, "ワタナベ メグミ")
    _dialogue(clerk)
    clerk.tab_to('[name="copy_count"]')
    clerk.press("Control+a")
    clerk.type("3")
    clerk.press_and_wait("F8")
    assert "この請求による証明書は、交付できません" in clerk.reads()
    assert clerk.page.input_value('[name="copy_count"]') == "3"
    clerk.is_sound("certificate-refused")
