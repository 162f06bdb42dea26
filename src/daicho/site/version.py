"""版: the program's version, read from the newest heading of CHANGELOG.md."""

import re
from functools import cache
from pathlib import Path

CHANGELOG = Path(__file__).parents[3] / "CHANGELOG.md"
_HEADING = re.compile(r"^## (?P<version>\d+\.\d+\.\d+)\b", re.MULTILINE)


@cache
def version() -> str:
    """版: "0.1.0"; a changelog without a version is a broken delivery and stops the program."""
    match = _HEADING.search(CHANGELOG.read_text("utf-8"))
    assert match, f"{CHANGELOG.name} names no version"
    return match["version"]
