"""通信の誤り (7.1.1.1): a message that the prefecture did not take is mended and followed to the
centre, and a resident is held; by keys alone."""

from collections.abc import Mapping

import pytest

from conftest import Live
from daicho.law.network.faults import MALFORMED
from daicho.network.keys.certificates import Use
from daicho.network.lines import sending
from daicho.network.messages.outcomes import ABOVE, DONE
from daicho.network.models import RegisterNotice
from journeys.conftest import Clerk
from network.wires import PREFECTURE, TOWN, Nation
from web import lines as line
from web import notices
from web.desk import HANAKO, TARO, who

pytestmark = [pytest.mark.browser, pytest.mark.durable]
AGAIN = "household_split"


@pytest.fixture(scope="session")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Nation:
    """Keys of this town and its prefecture, for whatever they are used."""
    return line.keys(tmp_path_factory.mktemp("parties") / "nation", tuple(Use))


@pytest.fixture(scope="session")
def own_keys(own_keys: Mapping[str, str], nation: Nation) -> Mapping[str, str]:
    """The live counter is connected to its prefecture."""
    return {
        **own_keys,
        "DAICHO_PARTY": TOWN,
        "DAICHO_NEIGHBOURS": f"{PREFECTURE}=https://127.0.0.1:1",
        "DAICHO_NETWORK_KEYS": str(nation.folder / TOWN),
        "DAICHO_NETWORK_AUTHORITY": str(nation.authority),
        "DAICHO_NETWORK_DIRECTORY": str(nation.directory),
        "DAICHO_NETWORK_LISTEN": "127.0.0.1:1",
    }


def _send_again(clerk: Clerk) -> None:
    assert "処理を待つ通信の誤りが1件あります" in clerk.reads()
    clerk.is_sound("home-with-message-errors")
    clerk.tab_to('a[href="/console/lines/errors/"]')
    clerk.press_and_wait("Enter")
    assert MALFORMED.remedy in clerk.reads()
    clerk.is_sound("message-errors")
    clerk.press("1")
    clerk.press_and_wait("Enter")
    assert clerk.focus_is_on("#id_reason")
    clerk.is_sound("message-again")
    clerk.press("ArrowDown")
    clerk.press_and_wait("F8")
    assert "登録しました。" in clerk.reads()
    assert "処理を待つ誤りはありません。" in clerk.reads()


def _hold(clerk: Clerk) -> None:
    clerk.press_and_wait("Shift+F10")
    assert clerk.focus_is_on("#id_reason")
    clerk.is_sound("message-hold")
    clerk.press("ArrowDown", "ArrowDown")
    clerk.press_and_wait("F8")
    assert "送信を保留しています。 届出の書類を確かめてから送る" in clerk.reads()
    clerk.is_sound("person-held", at_end=True)
    clerk.press_and_wait("Shift+F10")
    clerk.press_and_wait("F8")
    assert "送信を保留しています。" not in clerk.reads()


def _see_to_a_notice(clerk: Clerk) -> None:
    clerk.open("/console/lines/errors/")
    assert "もう一度記載する" in clerk.reads()
    clerk.is_sound("message-notices")
    clerk.press("1")
    clerk.press_and_wait("Enter")
    clerk.is_sound("notice-again")
    clerk.press_and_wait("F8")
    assert "自動で記載を試みます" in clerk.reads()


def _drop_a_notice(clerk: Clerk) -> None:
    clerk.tab_to('a[href$="/seen-to"]')
    clerk.press_and_wait("Enter")
    clerk.is_sound("notice-seen-to")
    clerk.press_and_wait("F8")
    assert "処理を待つ誤りはありません。" in clerk.reads()


def test_a_refused_message_is_mended_and_followed_and_a_resident_held(
    clerk: Clerk, family: Live, nation: Nation
) -> None:
    taro, hanako = who(TARO), who(HANAKO)
    with line.connected(nation):
        row = line.refused(taro, MALFORMED.code)
    clerk.sit_down_by_keys(family.cast.supervisor)
    _send_again(clerk)
    with line.connected(nation):
        line.sent(hanako)
        again, _ = line.receipted()
        assert line.body(again)["reason"] == AGAIN
        line.told({str(row.pk): DONE}, nation)
        line.told({str(row.pk): ABOVE + DONE}, nation)
        line.caused(taro)
        sending.tried(PREFECTURE, "unreachable")
    clerk.open(f"/inquiry/network-mend/person/{taro}")
    assert "国受領" in clerk.page.inner_text("table tbody tr:nth-child(2)")
    clerk.is_sound("person-sent", at_end=True)
    _hold(clerk)
    clerk.open("/console/lines/")
    assert "つながりません。" in clerk.reads()
    clerk.is_sound("lines")
    notices.stands(taro)
    _see_to_a_notice(clerk)
    RegisterNotice.objects.update(due_at=None)  # as the law would leave it once more
    _drop_a_notice(clerk)
