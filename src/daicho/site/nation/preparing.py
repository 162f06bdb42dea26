"""団体の用意: one party's database and data made ready, as a process of its own.

`python -P -m daicho.site.nation.preparing FOLDER PEOPLE` tells as JSON, on standard output, who may
sign in and the environment of those who serve there, or what hindered it.
"""

import gc
import json
import os
import sys
from pathlib import Path
from typing import Any

from daicho.site import cli, installation
from daicho.site.trouble import Trouble

OURS = ("DAICHO_", "DATABASE_URL", "DJANGO_SETTINGS_MODULE")


def words(folder: Path, people: int) -> list[str]:
    """The process, as it is started."""
    return [sys.executable, "-P", "-m", "daicho.site.nation.preparing", str(folder), str(people)]


def main() -> None:
    """The process itself."""
    gc.set_threshold(cli.OBJECTS_UNTIL_GARBAGE)
    cli.take_signals()
    try:
        told = _prepared(Path(sys.argv[1]), int(sys.argv[2]))
    except Trouble as trouble:
        told = {"trouble": str(trouble)}
    except Exception as unexpected:  # whatever it was, who started us tells it
        told = {"trouble": cli.described(unexpected)}
    json.dump(told, sys.stdout)


def _prepared(folder: Path, people: int) -> dict[str, Any]:
    with installation.opened(folder, "demo --network"):
        from daicho.site.demo import beginning, operators  # models can be imported here

        accounts, card = beginning.ensure(folder, people)
        ours = {name: value for name, value in os.environ.items() if name.startswith(OURS)}
        return {
            "card": card,
            "accounts": operators.rows(accounts),
            "environment": ours,
        }


if __name__ == "__main__":
    main()
