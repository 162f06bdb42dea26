"""The keys of an installation: lost, mistaken, and in hardware."""

import shutil
from pathlib import Path

import pytest

from daicho.site.bench import softhsm
from daicho.vault import hardware, keys
from processes import call, copied
from vault.conftest import NEEDS_SOFTHSM

PUT = """
from uuid import uuid4
from daicho.access import clock
from daicho.access.permits import system_permit
from daicho.law.safety.acquiring import IMPORTED
from daicho.vault import numbers
permit = system_permit("migration_import", clock.today(), uuid4())
numbers.put(permit, {uuid4(): "123456789018", uuid4(): "983205673214"}, IMPORTED)
"""
SHOW = """
from daicho.vault import versions
print(*(f"keeper {one.keeper} {one.fingerprint}" for one in versions.registered()))
"""


def manage(data: Path, *words: str | Path, **more: str) -> tuple[int, str]:
    run = call("manage", "--data", data, *words, **more)
    assert "Traceback" not in run.stderr
    return run.returncode, run.stdout + run.stderr


@pytest.fixture(scope="module")
def installed(own_start: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation that holds two numbers."""
    data = copied(own_start, tmp_path_factory.mktemp("keys") / "var")
    code, said = manage(data, "shell", "--no-imports", "-c", PUT)
    assert code == 0, said
    return data


def the_file(data: Path) -> Path:
    return data / "secrets" / "vault_keys.json"


def test_a_lost_file_is_told_and_none_is_made(installed: Path) -> None:
    file = the_file(installed)
    safe = file.rename(file.with_name("safe.json"))
    code, said = manage(installed, "vault_keys", "show")
    assert (code, "鍵ファイルをここに戻してください" in said) == (1, True), said
    assert not file.exists()
    safe.rename(file)


def test_the_file_of_another_installation_is_told_and_nothing_is_written(installed: Path) -> None:
    file = the_file(installed)
    safe = Path(shutil.copy2(file, file.with_name("safe.json")))
    file.unlink()
    keys.create(file)
    for words in (("check",), ("vault_keys", "new")):
        code, said = manage(installed, *words)
        assert (code, "この台帳のものではありません" in said) == (1, True), said
    assert list(keys.load(file).encrypt) == [1], "no version was added to it"
    safe.replace(file)


@NEEDS_SOFTHSM
def test_an_installation_with_hardware_makes_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOFTHSM2_CONF", "")  # put back what is set below
    softhsm.configure(tmp_path)
    softhsm.make_token("town")
    made = hardware.Token(str(softhsm.MODULE), "town", softhsm.PIN)
    made.make(1)
    pin = tmp_path / "pin"
    pin.write_text(f"{softhsm.PIN}\n")
    pin.chmod(0o600)
    own = {
        "DAICHO_VAULT_PKCS11": str(softhsm.MODULE),
        "DAICHO_VAULT_TOKEN": "town",
        "DAICHO_VAULT_PIN_FILE": str(pin),
        "DAICHO_MUNICIPALITY": "072036",
    }
    data = tmp_path / "var"
    code, said = manage(data, "shell", "--no-imports", "-c", f"{PUT}\n{SHOW}", **own)
    assert code == 0, said
    assert f"keeper token {made.versions()[1]}" in said
    assert not the_file(data).exists(), "hardware keeps the keys"
