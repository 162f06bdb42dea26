"""Nothing starts with keys that are lost, foreign or locked; what is wrong is told at the start."""

from pathlib import Path

import pytest
from django.core import checks
from pytest_django import Settings

from daicho.law.safety import algorithms
from daicho.law.safety.acquiring import IMPORTED
from daicho.law.safety.algorithms import Use
from daicho.site.bench import softhsm
from daicho.vault import custody, keys, numbers
from vault.conftest import NEEDS_SOFTHSM
from vault.made_up import made_up, of_the_import

pytestmark = pytest.mark.durable


def found() -> dict[str, str]:
    wrong = checks.run_checks(databases=["default"])
    return {str(one.id): f"{one.msg} {one.hint}" for one in wrong}


def test_with_its_keys_nothing_is_found(durable: str, own_file: Path) -> None:
    numbers.put(of_the_import(), made_up(1), IMPORTED)
    assert not {"daicho.E003", "daicho.E015", "daicho.E016"} & set(found())


def test_other_keys_are_found(durable: str, own_file: Path) -> None:
    numbers.put(of_the_import(), made_up(1), IMPORTED)
    own_file.unlink()
    keys.create(own_file)
    assert "この台帳のものではありません" in found()["daicho.E015"]


def test_a_lost_file_is_found_once_and_stays_lost(durable: str, own_file: Path) -> None:
    numbers.put(of_the_import(), made_up(1), IMPORTED)
    own_file.unlink()
    said = found()
    assert "鍵ファイルを読めません" in said["daicho.E003"]
    assert "daicho.E015" not in said
    assert not own_file.exists()


@NEEDS_SOFTHSM
def test_a_wrong_pin_is_found_and_not_shown(
    durable: str, own_token: str, settings: Settings
) -> None:
    settings.VAULT_PIN = "24680-pin"
    said = found()["daicho.E003"]
    assert "PINが違います" in said
    assert "24680" not in said
    settings.VAULT_PIN = softhsm.PIN
    assert "daicho.E003" not in found()


@NEEDS_SOFTHSM
def test_an_empty_token_in_place_of_the_keys_is_found(
    durable: str, own_token: str, own_file: Path
) -> None:
    numbers.put(of_the_import(), made_up(1), IMPORTED)
    own_file.unlink()
    custody.forget()
    assert "新しい鍵は作っていません" in found()["daicho.E015"]
    assert custody.keepers()[0].versions() == {}


def test_an_algorithm_that_is_in_no_list_is_found(
    durable: str, own_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weak = Use("rc4", "transport", "nowhere")
    monkeypatch.setattr(algorithms, "USED", (*algorithms.USED, weak))
    assert "rc4(nowhere)" in found()["daicho.E016"]
