"""The commands of the keys say what they did, and refuse before they do harm."""

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from daicho.law.safety.acquiring import IMPORTED
from daicho.site.bench import softhsm
from daicho.vault import keys, numbers, rekeying
from people import cast_of
from vault.conftest import NEEDS_SOFTHSM
from vault.made_up import made_up, of_the_import, of_the_keys


def said(*words: str, **options: Any) -> str:
    out = StringIO()
    call_command(*words, stdout=out, stderr=out, **options)
    return out.getvalue()


@pytest.mark.durable
def test_keys_are_changed_by_three_commands(durable: str, own_file: Path) -> None:
    clerk = cast_of().clerk.operator
    numbers.put(of_the_import(), made_up(2), IMPORTED)
    assert "版 2 を鍵ファイルに作りました" in said("vault_keys", "new")
    assert "2 件を版 2 に移しました" in said("vault_keys", "change")
    shown = said("vault_keys", "show")
    assert re.search(r"^1\t旧\(読取りのみ\)\t鍵ファイル\t0\t[0-9a-f]{32}$", shown, re.MULTILINE)
    assert re.search(r"^2\t使用中\t鍵ファイル\t2\t[0-9a-f]{32}$", shown, re.MULTILINE)
    assert "廃棄しました" in said("vault_keys", "retire", "1", operator=clerk.login)
    assert list(keys.load(own_file).encrypt) == [2]
    assert "1\t廃棄済" in said("vault_keys", "show")


@pytest.mark.durable
def test_what_is_destroyed_is_named_and_so_is_who_destroys_it(durable: str, own_file: Path) -> None:
    numbers.put(of_the_import(), made_up(1), IMPORTED)
    rekeying.make(of_the_keys(), "file")
    rekeying.change(of_the_keys(), lambda _: None)
    for words, options in (
        (("retire",), {"operator": "nobody"}),
        (("retire", "1"), {}),
        (("retire", "1"), {"operator": "nobody"}),
    ):
        with pytest.raises(CommandError):
            said("vault_keys", *words, **options)
    assert list(keys.load(own_file).encrypt) == [1, 2]


@pytest.mark.durable
def test_what_is_left_is_told_and_ends_with_an_error(durable: str, own_file: Path) -> None:
    (moved, number), (other, _) = made_up(2).items()
    of_another = numbers.seal(other, number)
    numbers.put_sealed(
        of_the_import(),
        [numbers.Sealed(moved, of_another.ciphertext, of_another.blind_index)],
        IMPORTED,
    )
    rekeying.make(of_the_keys(), "file")
    with pytest.raises(CommandError, match="1 件残っています"):
        said("vault_keys", "change")


def test_one_place_is_named_for_the_first_keys(tmp_path: Path) -> None:
    for words, options in (((), {}), ((str(tmp_path / "keys.json"),), {"hardware": True})):
        with pytest.raises(CommandError, match="どちらか一つ"):
            said("keys", *words, **options)
    with pytest.raises(CommandError, match="DAICHO_VAULT_PKCS11"):
        said("keys", hardware=True)


@NEEDS_SOFTHSM
def test_the_first_keys_are_made_in_hardware_once(own_token: str, settings: Settings) -> None:
    settings.VAULT_PIN = "86420-pin"
    with pytest.raises(CommandError, match="PINが違います") as refused:
        said("keys", hardware=True)
    assert "86420" not in str(refused.value)
    settings.VAULT_PIN = softhsm.PIN
    assert "装置に鍵を作りました(指紋 1:" in said("keys", hardware=True)
    with pytest.raises(CommandError, match="もうあります"):
        said("keys", hardware=True)
