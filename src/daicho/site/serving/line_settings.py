"""回線の設定: the file `network.json` of a data folder: how it reaches its neighbours."""

import json
from collections.abc import Mapping
from pathlib import Path

from daicho.access.sealed_files import onto_disk
from daicho.site.trouble import Trouble

NAMES = (
    "DAICHO_PARTY",
    "DAICHO_NETWORK_KEYS",
    "DAICHO_NETWORK_AUTHORITY",
    "DAICHO_NETWORK_DIRECTORY",
    "DAICHO_NETWORK_LISTEN",
    "DAICHO_NEIGHBOURS",
)
FILE = "network.json"


def read(data: Path) -> dict[str, str]:
    """The settings that the file says, by their names; empty where there is none."""
    file = data / FILE
    try:
        said = json.loads(file.read_text("utf-8"))
        return {name: str(said[name]) for name in NAMES if name in said}
    except FileNotFoundError:
        return {}
    except (TypeError, ValueError):
        raise Trouble(f"{file} が壊れています。消してから、もう一度実行してください。") from None


def write(data: Path, said: Mapping[str, str]) -> None:
    """Say it anew, whole or not at all."""
    assert said.keys() <= set(NAMES), "what else is set stands elsewhere"
    onto_disk.replaced(data / FILE, json.dumps(said, indent=1).encode())
