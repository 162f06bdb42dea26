"""法令表テスト: reads `tests/law/*.yaml`, tables of law that an official can correct.

A file holds one or more tables (separated by `---`). A table names its `rule` (module.function),
its `cites`, and `rows`. A row: `given` (the rule's arguments by name), `on` (the day by whose law
it is judged), `expect`, `because` (why that is the answer), and, where they help, `cites` of its
own and `says` (words the finding's text must hold).

`expect` is written as a clerk sees it: なし (nothing found), 「アラート brra22.late」,
「エラー std4-0-3.in_future」, a list of these, 施行外 (no such law on that day), 不明 (cannot be
told), or a plain value: a day, true, false, or a mapping of fields.
"""

import importlib
import re
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from daicho.law.citation import articles
from daicho.law.rule import Finding, NoLawOnThatDay, rules_of

HERE = Path(__file__).parent
TABLE_KEYS = {"rule", "cites", "rows"}
ROW_KEYS = {"given", "on", "expect", "because", "cites", "says"}
NEEDED = {"given", "on", "expect", "because"}


class Loader(yaml.CSafeLoader):
    """YAML in which `on` is the word it is, and only true and false are yes and no. The reader is
    that in C: the one in Python takes several times as long, in every process of the tests."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in forms if tag != "tag:yaml.org,2002:bool"]
    for first, forms in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|false)$"), list("tf"))


class WrongRow(AssertionError):
    """表の誤り: a table of tests is not written as it must be; names file and row."""


@dataclass(frozen=True)
class Row:
    """One row of a table of law tests, ready to be asked."""

    file: str
    rule: str
    given: Mapping[str, Any]
    on: date
    expect: Any
    because: str
    says: str = ""

    @property
    def name(self) -> str:
        """What pytest calls it: rule, day and reason."""
        return f"{self.rule} {self.on} {self.because}"

    def ask(self) -> tuple[Any, str]:
        """What the rule answers, in the words of `expect`, and the text of what it found."""
        rule = function(self.rule)
        hints = typing.get_type_hints(rule)
        given = {name: _typed(hints.get(name), value) for name, value in self.given.items()}
        try:
            result = rule(**given, on=self.on)
        except NoLawOnThatDay:
            return "施行外", ""
        found = result if isinstance(result, tuple) else (result,)
        text = "".join(one.what + one.remedy for one in found if isinstance(one, Finding))
        return _written(result), text


def function(name: str) -> Callable[..., Any]:
    """The rule by its name in RULES (or the name of its versions)."""
    module, _, attribute = name.rpartition(".")
    rule: Callable[..., Any] = getattr(importlib.import_module(f"daicho.law.{module}"), attribute)
    return rule


def _typed(hint: Any, value: Any) -> Any:
    # what may also be nothing is written as the facts themselves
    for made in (hint, *typing.get_args(hint)):
        if isinstance(value, dict) and isinstance(made, type) and is_dataclass(made):
            of_facts: Any = made
            return of_facts(**value)
    return value


def _written(result: Any) -> Any:
    if isinstance(result, Finding):
        return f"{result.severity} {result.code}"
    if isinstance(result, tuple):
        return [_written(one) for one in result] if result else "なし"
    if is_dataclass(result) and not isinstance(result, type):
        return {
            name: _entry(name, vars(result)[name], value) for name, value in asdict(result).items()
        }
    return result


def _entry(name: str, value: Any, plain: Any) -> Any:
    """A field of what a rule answers: sets in their order, and a finding as a clerk sees it."""
    if isinstance(value, Finding) or name == "finding":
        return "なし" if value is None else _written(value)
    if isinstance(value, frozenset):
        return sorted(value)
    return list(plain) if isinstance(plain, tuple) else plain


def same(answer: Any, expect: Any) -> bool:
    """Does the answer mean what the row expects? なし and 不明 are both "nothing"."""
    if expect in ("なし", "不明"):
        return answer is None or answer == "なし"
    if isinstance(answer, list) and not isinstance(expect, list):
        return answer == [expect]
    return type(answer) is type(expect) and bool(answer == expect)


def read(file: str, text: str) -> Iterator[Row]:
    """The rows of one file, each checked before any is asked."""
    for table in yaml.load_all(text, Loader):
        if set(table) != TABLE_KEYS:
            raise WrongRow(f"{file}: a table holds {sorted(TABLE_KEYS)}, not {sorted(table)}")
        rules = rules_of(function(table["rule"]))
        articles(table["cites"])
        for place, row in enumerate(table["rows"], start=1):
            where = f"{file}, {table['rule']}, row {place}"
            if not set(row) >= NEEDED or not set(row) <= ROW_KEYS:
                raise WrongRow(f"{where}: needs {sorted(NEEDED)}, knows {sorted(ROW_KEYS)}")
            if not isinstance(row["because"], str) or len(row["because"]) < 4:
                raise WrongRow(f"{where}: because is a reason in words")
            if type(row["on"]) is not date:
                raise WrongRow(f"{where}: on is a day")
            for cited in articles(row.get("cites", table["cites"])):
                known = {place for rule in rules for place in rule.cites}
                if not any(k.covers(cited) or cited.covers(k) for k in known):
                    raise WrongRow(f"{where}: the rule does not cite {cited}")
            asked = {name: value for name, value in row.items() if name != "cites"}
            yield Row(file=file, rule=table["rule"], **asked)


@cache
def rows() -> tuple[Row, ...]:
    """Every row of every table in this folder, in the order of the files."""
    files = sorted(HERE.glob("*.yaml"))
    return tuple(row for file in files for row in read(file.name, file.read_text("utf-8")))


def rows_by_rule() -> dict[str, list[str]]:
    """The names of the rows under the name of each rule they asked, for the index of law."""
    named: dict[str, list[str]] = {}
    for row in rows():
        for rule in rules_of(function(row.rule)):
            if rule.in_force(row.on):
                named.setdefault(rule.name, []).append(f"{row.file}: {row.because}")
    return named
