"""How this party reaches its neighbours is checked before anything is sent, with a hint."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import checks
from django.test import override_settings

from daicho.access import clock
from daicho.network.protocol.parties import Party
from daicho.site.checks import SETTING
from daicho.site.nation import authority
from daicho.site.serving import line_settings
from daicho.site.trouble import Trouble

TOWN = Party("072036")
ABOVE = "https://192.0.2.7:8443"
LATER = timedelta(days=500)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The keys of a town, and the directory with them."""
    folder = tmp_path_factory.mktemp("keys")
    authority.ensure(folder / "ca")
    authority.ensure_party(folder / "ca", TOWN, folder / "own")
    return {
        "NETWORK_KEYS": str(folder / "own"),
        "NETWORK_AUTHORITY": str(folder / "ca" / "authority.pem"),
        "NETWORK_DIRECTORY": str(folder / "ca" / "directory"),
    }


def found(keys: Mapping[str, Any], **other: Any) -> dict[str, str]:
    """Id to what is said, of everything that the checks of the network find."""
    sound = {
        "PARTY": TOWN,
        "MUNICIPALITY": TOWN,
        "NEIGHBOURS": {"07": ABOVE},
        "NETWORK_LISTEN": "192.0.2.36:8443",
        "NETWORK_IS_SET": True,
    }
    told = {**sound, **keys, **other}
    told.setdefault("NEIGHBOURS_GIVEN", [f"{a}={b}" for a, b in told["NEIGHBOURS"].items()])
    with override_settings(**told):
        ours = checks.run_checks(tags=[SETTING])
    ids = {f"daicho.E{number:03}" for number in range(24, 28)}
    said = dict.fromkeys((str(one.id) for one in ours if one.id in ids), "")
    for one in ours:
        if one.id in said:
            said[one.id] += f"{one.msg}{one.hint}"
    return said


def test_a_sound_network_passes(keys: Mapping[str, str]) -> None:
    assert found(keys) == {}


def test_where_nothing_is_set_nothing_is_checked() -> None:
    assert not settings.NETWORK_IS_SET
    assert not any(str(one.id) > "daicho.E023" for one in checks.run_checks(tags=[SETTING]))


@pytest.mark.parametrize(
    ("other", "which", "part"),
    [
        ({"PARTY": "7"}, 24, "団体の番号ではありません"),
        ({"PARTY": "072030"}, 24, "団体の番号ではありません"),
        ({"PARTY": "48"}, 24, "団体の番号ではありません"),
        ({"PARTY": "07"}, 24, "役割の団体ではありません"),
        ({"PARTY": "072079"}, 24, "違う団体です"),
        ({"NETWORK_KEYS": ""}, 25, "足りません(DAICHO_NETWORK_KEYS)"),
        ({"NEIGHBOURS": {}, "NETWORK_LISTEN": ""}, 25, "DAICHO_NETWORK_LISTEN、DAICHO_NEIGHBOURS"),
        (
            {"NETWORK_AUTHORITY": "/nowhere/authority.pem"},
            25,
            "/nowhere/authority.pem を読めません",
        ),
        ({"NETWORK_KEYS": "/nowhere"}, 25, "使える通信の鍵(tls)がありません"),
        ({"NETWORK_DIRECTORY": "/nowhere"}, 25, "名簿(フォルダー)がありません"),
        ({"PARTY": "092011", "MUNICIPALITY": "092011"}, 25, "別の団体のものです"),
        ({"NEIGHBOURS": {"abc": ABOVE}}, 26, "「abc」は、団体の番号ではありません"),
        ({"NEIGHBOURS": {"09": ABOVE}}, 26, "09 は、072036 の隣の団体ではありません"),
        ({"NEIGHBOURS": {"072079": ABOVE}}, 26, "072079 は、072036 の隣の団体ではありません"),
        ({"NEIGHBOURS": {"00": ABOVE}}, 26, "00 は、072036 の隣の団体ではありません"),
        ({"NEIGHBOURS": {"072036": ABOVE}}, 26, "072036 は、072036 の隣の団体ではありません"),
        ({"NEIGHBOURS": {"09": ABOVE}}, 26, "上の団体 07 の宛先がありません"),
        ({"NEIGHBOURS": {"07": "http://192.0.2.7:8443"}}, 26, "https://宛先:番号 ではありません"),
        ({"NEIGHBOURS": {"07": "https://192.0.2.7"}}, 26, "https://宛先:番号 ではありません"),
        ({"NEIGHBOURS": {"07": "https://192.0.2.7:x"}}, 26, "https://宛先:番号 ではありません"),
        ({"NEIGHBOURS": {"07": "https://a:b@192.0.2.7:1"}}, 26, "https://宛先:番号 ではありません"),
        ({"NEIGHBOURS": {"07": "https://192.0.2.7:1/x"}}, 26, "https://宛先:番号 ではありません"),
        ({"NEIGHBOURS": {"07": ""}}, 26, "https://宛先:番号 ではありません"),
        ({"NEIGHBOURS_GIVEN": ["07=a", "07=b"]}, 26, "同じ団体が二度あります"),
        ({"NETWORK_LISTEN": "8443"}, 27, "アドレスと番号の形ではありません"),
        ({"NETWORK_LISTEN": "192.0.2.36:0"}, 27, "アドレスと番号の形ではありません"),
        ({"NETWORK_LISTEN": "192.0.2.36:65536"}, 27, "アドレスと番号の形ではありません"),
    ],
)
def test_what_is_wrong_is_told(
    keys: Mapping[str, str], other: Mapping[str, Any], which: int, part: str
) -> None:
    said = found(keys, **other)
    assert part in said.get(f"daicho.E{which:03}", ""), said


def test_a_prefecture_has_its_towns_and_the_centre(tmp_path: Path) -> None:
    authority.ensure(tmp_path)
    authority.ensure_party(tmp_path, Party("07"), tmp_path / "own")
    told: dict[str, Any] = {
        "ROLE": type(settings.ROLE)(name="prefecture", title="", apps=(), urls=(), home=""),
        "PARTY": "07",
        "MUNICIPALITY": "070009",
        "NETWORK_KEYS": str(tmp_path / "own"),
        "NETWORK_AUTHORITY": str(tmp_path / "authority.pem"),
        "NETWORK_DIRECTORY": str(tmp_path / "directory"),
    }
    around = dict.fromkeys(("072036", "072079", "00"), ABOVE)
    assert found(told, NEIGHBOURS=around) == {}
    assert "隣の団体ではありません" in found(told, NEIGHBOURS=around | {"09": ABOVE})["daicho.E026"]
    del around["00"]
    assert "上の団体 00" in found(told, NEIGHBOURS=around)["daicho.E026"]


def test_a_foreign_certificate_is_told(keys: Mapping[str, str], tmp_path: Path) -> None:
    authority.ensure(tmp_path)
    other = {**keys, "NETWORK_AUTHORITY": str(tmp_path / "authority.pem")}
    assert "認証局のものではありません" in found(other)["daicho.E025"]


def test_keys_are_renewed_before_they_end(
    keys: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    own, folder = Path(keys["NETWORK_KEYS"]), Path(keys["NETWORK_AUTHORITY"]).parent
    before = {one.name for one in own.iterdir()}
    authority.ensure_party(folder, TOWN, own)
    assert {one.name for one in own.iterdir()} == before, "they last"
    later = clock.now() + LATER
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "使える通信の鍵(tls)がありません" in found(keys)["daicho.E025"]
    authority.ensure_party(folder, TOWN, own)
    added = {f"{use}-2.{kind}" for use in ("tls", "sign", "seal") for kind in ("key", "pem")}
    assert {one.name for one in own.iterdir()} == before | added
    assert found(keys) == {}


def test_the_file_of_a_folder_says_them(tmp_path: Path) -> None:
    assert line_settings.read(tmp_path) == {}
    line_settings.write(tmp_path, {"DAICHO_PARTY": TOWN})
    assert line_settings.read(tmp_path) == {"DAICHO_PARTY": TOWN}
    (tmp_path / line_settings.FILE).write_text("[")
    with pytest.raises(Trouble, match=r"network\.json が壊れています"):
        line_settings.read(tmp_path)
