"""画面の言葉: what the pages say, in the language that was chosen."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from importlib.resources import files

from daicho.access import clock
from daicho.law.own_log import Words
from daicho.law.own_log.wording import LANGUAGES
from daicho.law.rule import Finding
from daicho.terms.dates import wareki

TEXTS: Mapping[str, Words] = {
    code: Words(**row)
    for code, row in tomllib.loads(
        files(__package__).joinpath("texts.toml").read_text("utf-8")
    ).items()
}
"""画面の言葉: by the name under which a page asks for them, or the code of a finding."""
DEFAULT = "plain"
_CODES = {"plain": "ja", "easy": "ja", "english": "en"}
"""言語の符号: for a screen reader."""
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def texts(language: str) -> dict[str, str]:
    """言葉: every text in a language; a figure is filled in by `filled`."""
    return {code: one.in_(language) for code, one in TEXTS.items()}


def told(finding: Finding, language: str, n: int) -> str:
    """拒む理由: of the law, in a language; `n` is the figure that it names, where it names one."""
    is_known = finding.code in TEXTS
    return filled(finding.code, language, n) if is_known else finding.what + finding.remedy


def code_of(language: str) -> str:
    """言語の符号: "ja" or "en"."""
    return _CODES[language]


def languages() -> tuple[tuple[str, str, str], ...]:
    """選べる言葉: name of the entry, what it is called in itself, and its code."""
    return tuple((name, called, _CODES[name]) for name, called in LANGUAGES.items())


def day(on: date, language: str) -> str:
    """日: 令和8年11月22日; with the western year beside it in easy Japanese; 22 November 2026."""
    if language == "english":
        return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"
    return wareki(on) if language == DEFAULT else f"{on.year}年{on.month}月{on.day}日({wareki(on)})"


def moment(at: datetime, language: str) -> str:
    """日時: the day and the minute in Japan."""
    there = at.astimezone(clock.TOKYO)
    return f"{day(there.date(), language)} {there:%H:%M}"


def filled(code: str, language: str, n: int) -> str:
    """言葉: one text with its figure."""
    return TEXTS[code].in_(language).replace("{n}", str(n))
