"""The token's PIN is read as people write it, and shown to the token only where it can be one."""

from pathlib import Path

import pkcs11
import pytest

from daicho.site.bench import softhsm
from daicho.vault import hardware, pins
from daicho.vault.keys import KeyTrouble
from vault.conftest import NEEDS_SOFTHSM, Place
from vault.test_custody import NONCE, TEXT, signed_in

AES, GENERIC = pkcs11.KeyType.AES, pkcs11.KeyType.GENERIC_SECRET


def written(folder: Path, content: bytes, mode: int = 0o600) -> Path:
    file = folder / "pin"
    file.write_bytes(content)
    file.chmod(mode)
    return file


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (b"24680-pin", "it is the PIN"),
        (b"24680-pin\n", "an editor ends the line"),
        (b"24680-pin\r\n", "so does one of Windows"),
    ],
)
def test_the_end_of_the_line_is_no_part_of_it(tmp_path: Path, content: bytes, because: str) -> None:
    assert pins.read(written(tmp_path, content)) == "24680-pin", because


@pytest.mark.parametrize("pin", ["$abcd9", " 24680", "24680 "])
def test_every_other_character_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pin: str
) -> None:
    monkeypatch.setenv("MADE_UP_PIN", pin)
    monkeypatch.delenv("MADE_UP_PIN_FILE", raising=False)
    assert pins.read(pins.given("MADE_UP_PIN")) == pin
    monkeypatch.setenv("MADE_UP_PIN_FILE", str(written(tmp_path, pin.encode())))
    assert pins.read(pins.given("MADE_UP_PIN")) == pin


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [
        (b"24680-pin\n", 0o644, "chmod 600"),
        (b"24680-pin\n", 0o640, "chmod 600"),
        (b"\n", 0o600, "空です"),
        (b"24680-pin\n24680-other\n", 0o600, "一行で"),
        (b"\xff\xfe2\x004\x00", 0o600, "一行で"),
        (b"2" * 2_000, 0o600, "一行で"),
    ],
)
def test_what_can_be_no_pin_is_refused_and_not_shown(
    tmp_path: Path, content: bytes, mode: int, words: str
) -> None:
    with pytest.raises(KeyTrouble, match=words) as refused:
        pins.read(written(tmp_path, content, mode))
    assert "24680" not in str(refused.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(KeyTrouble, match=r"DAICHO_VAULT_PIN_FILE.*ありません"):
        pins.read(tmp_path / "none")


@NEEDS_SOFTHSM
def test_a_blank_pin_never_reaches_the_token(label: str) -> None:
    # the token would count it as a wrong one, and lock itself
    for _ in range(5):
        with pytest.raises(KeyTrouble, match="空です"):
            Place("token", Path(), label).open("\n")
    library = hardware._initialise(str(softhsm.MODULE), anew=True)
    flags = library.get_token(token_label=label).flags
    assert not flags & pkcs11.TokenFlag.USER_PIN_COUNT_LOW


@NEEDS_SOFTHSM
@pytest.mark.parametrize(
    ("kind", "length", "words"),
    [
        (AES, 16, "種類か長さ"),
        (GENERIC, 32, "種類か長さ"),
        (AES, 32, "装置の外から入れた"),
    ],
)
def test_a_key_put_into_the_token_from_outside_is_none_of_the_vaults(
    label: str, kind: pkcs11.KeyType, length: int, words: str
) -> None:
    token = Place("token", Path(), label).open()
    with signed_in(label) as session:
        session.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.SECRET_KEY,
                pkcs11.Attribute.KEY_TYPE: kind,
                pkcs11.Attribute.VALUE: b"k" * length,
                pkcs11.Attribute.LABEL: "daicho-vault-encrypt-1",
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.PRIVATE: True,
                pkcs11.Attribute.SENSITIVE: True,
                pkcs11.Attribute.EXTRACTABLE: False,
                pkcs11.Attribute.ENCRYPT: True,
                pkcs11.Attribute.DECRYPT: True,
            }
        )
    for attempt in (lambda: token.make(1), lambda: token.encrypt(1, NONCE, TEXT, b"")):
        with pytest.raises(KeyTrouble, match=words):
            attempt()


@NEEDS_SOFTHSM
def test_half_of_a_version_is_destroyed_by_the_same_command(label: str) -> None:
    # killed between the two keys it is no version any more, but a key is left
    token = Place("token", Path(), label).open()
    token.make(1)
    with signed_in(label) as session:
        session.get_key(label="daicho-vault-encrypt-1").destroy()
    again = Place("token", Path(), label).open()
    assert again.versions() == {}
    assert again.destroy(1)
    assert not again.destroy(1)
