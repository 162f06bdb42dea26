"""拡張: what goes beyond the national standard, each with its ground and a switch.

The standard is a white list (corrections of the standard's 実装しない機能 stand in `gaps`): a
municipality that wants nothing but the standard sets DAICHO_EXTENSIONS=none.
"""

from dataclasses import dataclass

from daicho.law.citation import Article
from daicho.law.tables import Row, table


@dataclass(frozen=True)
class Extension:
    """拡張: one function that the standard does not name. `default` = on where nothing is set."""

    code: str
    name: str
    switch: str
    default: bool
    ground: str
    cites: tuple[Article, ...]


class UnknownExtension(ValueError):
    """拡張の設定の誤り: the setting names a switch that no row has."""


def _extension(row: Row) -> Extension:
    row.only("code", "name", "switch", "default", "ground")
    if row.text("switch") != row.text("code").replace("_", "-"):
        raise row.wrong("switch is the code with hyphens")
    return Extension(
        row.text("code"),
        row.text("name"),
        row.text("switch"),
        row.flag("default"),
        row.text("ground"),
        row.cites,
    )


EXTENSIONS: tuple[Extension, ...] = tuple(_extension(row) for row in table("extensions").keyed())
"""拡張一覧: every extension, in the order of the table."""


def extensions_on(setting: str) -> frozenset[str]:
    """有効な拡張: the codes that a value of DAICHO_EXTENSIONS switches on.

    Blank: those that are on by default. "none": none. "all": all. Otherwise the switches it lists,
    separated by commas; raises UnknownExtension, which names the known ones.
    """
    wanted = setting.strip().lower()
    if wanted == "":
        return frozenset(one.code for one in EXTENSIONS if one.default)
    if wanted == "none":
        return frozenset()
    if wanted == "all":
        return frozenset(one.code for one in EXTENSIONS)
    by_switch = {one.switch: one.code for one in EXTENSIONS}
    listed = [part.strip() for part in wanted.split(",") if part.strip()]
    unknown = sorted(set(listed) - set(by_switch))
    if unknown or not listed:
        raise UnknownExtension(f"{unknown} unknown; known are none, all, {', '.join(by_switch)}")
    return frozenset(by_switch[switch] for switch in listed)
