"""表示しない項目: hidden from a clerk by the administrator, read so at the counter; by keyboard."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import town
from certificates import samples
from certificates.counter import signing
from conftest import Live
from daicho.certificates import certifiers
from journeys.conftest import Clerk
from journeys.counter import fill, find, receive

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


def _hide(administrator: Clerk, live: Live) -> None:
    """戸籍の表示 is hidden from the clerk from today on."""
    administrator.sit_down(live.cast.administrator)
    administrator.open(f"/console/people/{live.cast.clerk.operator.pk}/")
    acts = administrator.page.locator("[data-hits] [data-hit]").all_inner_texts()
    (number,) = [place for place, text in enumerate(acts, 1) if "表示しない設定" in text]
    administrator.press(str(number))
    administrator.press_and_wait("Enter")
    assert administrator.focus_is_on("#id_item")
    administrator.press("ArrowDown")
    administrator.is_sound("people-hide")
    administrator.press_and_wait("F8")
    assert "登録しました。" in administrator.reads()
    listed = administrator.page.inner_text("section[aria-labelledby=masks-title]")
    assert "戸籍の表示" in listed
    assert "有効" in listed
    administrator.is_sound("people-masked")


def _ask_for_a_copy(clerk: Clerk) -> None:
    """花子 asks for a copy with 本籍・筆頭者."""
    receive(clerk, "10", "証明書の請求")
    fill(clerk, capacity="1", visitor_name="架空　花子", visitor_address="架空町一丁目１番１号")
    fill(clerk, identity="1")
    clerk.tab_to('[name="asked"][value="family_register"]')
    clerk.press("Space")
    clerk.press_and_wait("F8")


def test_what_is_hidden_from_a_clerk_is_on_no_screen_and_on_no_paper(
    clerk: Clerk, colleague: Clerk, family: Live
) -> None:
    certifiers.ensure_made_up("郡山市", "福島県")
    _hide(colleague, family)
    clerk.sit_down(family.cast.clerk)
    _ask_for_a_copy(clerk)
    find(clerk, "カクウ")
    assert "表示しない設定" in clerk.reads()
    assert "架空町一丁目１番地" not in clerk.reads()
    clerk.is_sound("person-masked")
    clerk.press_and_wait("Shift+F8")
    clerk.press_and_wait("F8")
    assert "発行できません" in clerk.reads()
    assert "「戸籍の表示」は、この操作者には表示しない設定になっています" in clerk.reads()
    assert clerk.focus_is_on("section.wrong")
    clerk.is_sound("certificate-masked")
    _show(colleague, family)
    clerk.press_and_wait("F8")
    assert "証明書の確認" in clerk.reads()


def _show(administrator: Clerk, live: Live) -> None:
    """The setting ends at once, from the person's page."""
    administrator.open(f"/console/people/{live.cast.clerk.operator.pk}/")
    administrator.tab_to("[href*='/masks/']")
    administrator.press_and_wait("Enter")
    administrator.tab_to("#id_at_once")
    administrator.press("Space")
    administrator.is_sound("people-show")
    administrator.press_and_wait("F8")
    assert "終わり" in administrator.page.inner_text("section[aria-labelledby=masks-title]")
