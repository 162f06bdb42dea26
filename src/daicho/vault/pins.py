"""装置の暗証: the PIN of the token, as it is or in a file of mode 0600 that holds it alone."""

import os
import stat
from pathlib import Path

from daicho.terms.file_troubles import reason, remedy
from daicho.vault.keys import KeyTrouble

_BYTES_MAX = 1_000


def given(name: str) -> str | Path:
    """The PIN in the environment variable `name`, or the file that `<name>_FILE` names."""
    file = os.environ.get(f"{name}_FILE", "")
    return Path(file) if file else os.environ.get(name, "")


def read(pin: str | Path) -> str:
    """The PIN itself, every character of it but the end of its line; raises KeyTrouble."""
    text = (_in_file(pin) if isinstance(pin, Path) else pin).rstrip("\r\n")
    if not text.strip():
        # a blank one would be counted by the token as a wrong one
        raise KeyTrouble(
            "鍵の装置のPINが空です。装置には試していません。"
            "DAICHO_VAULT_PIN_FILE のファイルに、PINだけを書いてください。"
        )
    return text


def _in_file(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
            text = opened.read(_BYTES_MAX + 1)
    except OSError as trouble:
        raise KeyTrouble(
            f"PINのファイル(DAICHO_VAULT_PIN_FILE)を読めません({reason(trouble)})。{remedy(trouble)}"
        ) from None
    if mode & 0o077:
        raise KeyTrouble("PINのファイルをほかの利用者が読めます。chmod 600 にしてください。")
    try:
        lines = text.decode().rstrip("\r\n").split("\n")
    except UnicodeDecodeError:
        lines = []
    if len(lines) != 1 or len(text) > _BYTES_MAX:
        raise KeyTrouble(
            "PINのファイルには、PINだけを一行で書いてください。装置には試していません。"
        )
    return lines[0]
