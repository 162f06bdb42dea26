"""住民票コードの変更: asked for, changed to one that nobody chooses, and told on paper."""

import os
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Route

import town
from certificates import samples
from certificates.counter import signing, text
from daicho.certificates import certifiers
from journeys.conftest import SCREENS, Clerk
from journeys.counter import code, confirm, fill, open_form, receive, record, rows, to_sheet

pytestmark = [pytest.mark.browser, pytest.mark.durable]

KIND = "住民票コードの変更等"


@pytest.fixture(autouse=True)
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The live counter signs with a made-up town's key."""
    folder = tmp_path / "key"
    own = samples.town(folder, town.WARD, "郡山市(架空)")
    monkeypatch.setenv("DAICHO_SIGNING_KEY", str(folder / "key.pem"))
    monkeypatch.setenv("DAICHO_SIGNING_CERT", str(own.published))
    with signing(folder):
        yield


@pytest.fixture
def lines() -> list[town.Line]:
    """花子 with a grown-up son."""
    return [town.hanako(), town.taro(born_on="2005-10-10")]


def _paper(clerk: Clerk) -> bytes:
    """Press the key of the notice, and keep the file that the new tab gets."""
    files: list[bytes] = []

    def keep(route: Route) -> None:
        answer = route.fetch()
        files.append(answer.body())
        route.fulfill(status=200, content_type="text/plain", body="kept")

    clerk.page.context.route("**/code-notice", keep)
    with clerk.page.context.expect_page() as opened:
        clerk.press("Shift+F6")
    opened.value.wait_for_load_state()
    opened.value.close()
    clerk.page.context.unroute("**/code-notice")
    (file,) = files
    return file


def _photograph(name: str, file: bytes) -> None:
    """The page as it is printed, where pictures are wanted."""
    if os.environ.get("DAICHO_SCREENS") == "1":
        SCREENS.mkdir(parents=True, exist_ok=True)
        pypdfium2.PdfDocument(file)[0].render(scale=1.2).to_pil().save(SCREENS / f"{name}.png")


def test_a_code_is_changed_on_request_and_told_on_paper(key: None, at_the_counter: Clerk) -> None:
    clerk, fresh = at_the_counter, code("7000000001")
    certifiers.ensure_made_up("郡山市", "福島県")
    rows("INSERT INTO register_recordcode (code) VALUES (%s)", fresh)
    receive(clerk, "13", KIND)
    fill(clerk, capacity="1", visitor_name="架空　太郎", identity="1")
    clerk.press_and_wait("F8")
    open_form(clerk, "カクウ タロウ", KIND)
    clerk.is_sound("record-code-changed")
    clerk.tab_to('[name="in_writing"]')
    clerk.press("Space")
    to_sheet(clerk, KIND)
    assert "登録の時に付番します" in clerk.reads()
    clerk.is_sound("record-code-changed-sheet")
    record(clerk)
    assert "住民票コード変更通知票を印刷する" in clerk.reads()
    clerk.is_sound("record-code-changed-recorded")
    said = text(file := _paper(clerk))
    assert "住民票コード変更通知票" in said
    assert fresh in said
    _photograph("record-code-change-notice", file)
    clerk.press_and_wait("F7")
    assert fresh in text(_paper(clerk)), "printed again from the person's page"
    clerk.is_sound("record-code-person")


def test_a_mistake_is_corrected_ex_officio(key: None, at_the_counter: Clerk) -> None:
    clerk, right = at_the_counter, code("7000000002")
    certifiers.ensure_made_up("郡山市", "福島県")
    receive(clerk, "13", KIND)
    clerk.tab_to("[name=switch_to][value=ex_officio]")
    clerk.press_and_wait("Enter")
    fill(clerk, reason="転出証明書の読み違い")
    clerk.press_and_wait("F8")
    open_form(clerk, "カクウ タロウ", KIND)
    fill(clerk, resident_record_code=right)
    clerk.is_sound("record-code-corrected")
    to_sheet(clerk, KIND)
    confirm(clerk)
    record(clerk)
    said = text(file := _paper(clerk))
    assert "住民票コード修正通知票" in said
    assert right in said
    _photograph("record-code-correction-notice", file)
