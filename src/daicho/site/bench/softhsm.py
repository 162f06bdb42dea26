"""試験用の装置: a token of SoftHSM, which keeps its keys in files and stands for hardware.

For measurements and tests only: whoever has its files has its keys.
"""

import os
import subprocess
from pathlib import Path

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PROGRAM = Path("/usr/bin/softhsm2-util")
PIN = "13579-pin"
_SETTING = "SOFTHSM2_CONF"


def is_installed() -> bool:
    """Whether Debian's softhsm2 is there."""
    return MODULE.exists() and PROGRAM.exists()


def configure(folder: Path) -> Path:
    """Keep the tokens of this process, and of those it starts, below `folder`; gives their place.

    The module reads this when it is first used, and again after it was closed.
    """
    tokens = folder / "tokens"
    tokens.mkdir(mode=0o700, exist_ok=True)
    said = folder / "softhsm2.conf"
    said.write_text(f"directories.tokendir = {tokens}\nlog.level = ERROR\n", "utf-8")
    os.environ[_SETTING] = str(said)
    return tokens


def make_token(label: str, pin: str = PIN) -> None:
    """Make an empty token of that label."""
    words = ("--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", f"{pin}-so")
    subprocess.run([PROGRAM, *words], check=True, capture_output=True)
