"""規則: what a rule of law is here: a dated, cited function, and what it may find.

A rule without a citation, without a day of force or without its article in one sentence (Japanese
first, English after a blank line) fails at import. Rules are never edited: an amendment is a new
function named by its day, and `versions` picks by `on=`.
"""

import inspect
import re
import string
from collections.abc import Callable, Iterable, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import ParamSpec, TypeVar

from daicho.law.citation import Article, articles, printed
from daicho.terms.calendar_dates import wareki, western
from daicho.terms.eras import GREGORIAN_FROM

P = ParamSpec("P")
R = TypeVar("R")


class MalformedRule(TypeError):
    """規則の誤り: a rule or finding is declared in a way that must not pass import."""


class NoLawOnThatDay(LookupError):
    """施行前・失効後: asked for the law of a day on which no version was in force."""


@dataclass(frozen=True)
class Rule:
    """規則の索引票: a rule's citation and days of force; `until` is its last day, None if open."""

    name: str
    cites: tuple[Article, ...]
    since: date
    until: date | None
    japanese: str
    english: str

    def in_force(self, on: date) -> bool:
        """Was this version the law on that day?"""
        return self.since <= on and (self.until is None or on <= self.until)


RULES: dict[str, Rule] = {}


def rule(
    *,
    cites: Sequence[str],
    since: date,
    until: date | None = None,
    into: MutableMapping[str, Rule] = RULES,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """規則: registers the function below as what `cites` says from `since` to `until`.

    The function must take `on`, the day by whose law it judges; a day outside its force raises
    NoLawOnThatDay. It returns a value or findings and never raises for a citizen's mistake.
    """
    cited = articles(cites)
    if until is not None and until < since:
        raise MalformedRule(f"until {until} lies before since {since}")

    def register(function: Callable[P, R]) -> Callable[P, R]:
        name = f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
        japanese, english = _sentences(name, function.__doc__)
        entry = Rule(name, cited, since, until, japanese, english)
        if name in into:
            raise MalformedRule(f"{name}: there is a rule of this name already")
        into[name] = entry
        judged_on = _day_reader(name, function)

        @wraps(function)
        def judge(*args: P.args, **kwargs: P.kwargs) -> R:
            on = judged_on(args, kwargs)
            if not entry.in_force(on):
                raise NoLawOnThatDay(f"{name} holds from {since} to {until or 'now'}, not on {on}")
            return function(*args, **kwargs)

        judge.__dict__["law_rule"] = entry
        return judge

    return register


def _sentences(name: str, docstring: str | None) -> tuple[str, str]:
    """The article in one sentence, Japanese and English, from the first two paragraphs."""
    paragraphs = [" ".join(p.split()) for p in inspect.cleandoc(docstring or "").split("\n\n")]
    if len(paragraphs) < 2 or not re.search(r"[ぁ-んァ-ヶ一-龠]", paragraphs[0]):
        raise MalformedRule(f"{name}: the docstring gives the article in Japanese, then in English")
    if not re.match(r"[A-Z]", paragraphs[1]):
        raise MalformedRule(
            f"{name}: the docstring's second paragraph gives the article in English"
        )
    return paragraphs[0], paragraphs[1]


def _day_reader(name: str, function: Callable[..., object]) -> Callable[..., date]:
    parameters = list(inspect.signature(function).parameters)
    if "on" not in parameters:
        raise MalformedRule(f"{name}: a rule takes on=, the day by whose law it judges")
    place = parameters.index("on")

    def read(args: tuple[object, ...], kwargs: dict[str, object]) -> date:
        on = kwargs["on"] if "on" in kwargs else args[place]
        assert type(on) is date, f"{name}: on= is a date"
        return on

    return read


def versions(*functions: Callable[P, R]) -> Callable[P, R]:
    """版: one name for the versions of a rule; the one in force on `on=` is asked.

    Two versions in force on one day, or a version that is no rule, fail at import; a day with no
    version raises NoLawOnThatDay, which names the days that have one.
    """
    entries = [_entry(function) for function in functions]
    if not entries:
        raise MalformedRule("versions() needs at least one version")
    for one, entry in enumerate(entries):
        for other in entries[one + 1 :]:
            if entry.in_force(other.since) or other.in_force(entry.since):
                raise MalformedRule(f"{entry.name} and {other.name} are in force on one day")
    judged_on = _day_reader(entries[-1].name, functions[-1])

    @wraps(functions[-1])
    def pick(*args: P.args, **kwargs: P.kwargs) -> R:
        on = judged_on(args, kwargs)
        for entry, function in zip(entries, functions, strict=True):
            if entry.in_force(on):
                return function(*args, **kwargs)
        known = ", ".join(f"{e.name} from {e.since} to {e.until or 'now'}" for e in entries)
        raise NoLawOnThatDay(f"no version on {on}; there are {known}")

    pick.__dict__["law_versions"] = tuple(entries)
    return pick


def rules_of(function: Callable[..., object]) -> tuple[Rule, ...]:
    """規則の索引票を引く: the entry of a rule, or the entries of all its versions."""
    versions_of = getattr(function, "law_versions", None)
    return versions_of if versions_of is not None else (_entry(function),)


def _entry(function: Callable[..., object]) -> Rule:
    entry = getattr(function, "law_rule", None)
    if not isinstance(entry, Rule):
        raise MalformedRule(f"{function!r} is not a rule")
    return entry


@dataclass(frozen=True)
class Finding:
    """判定: what a rule found. `refuses` = エラー (blocks), else アラート (asks and may go on).

    `code` is stable and means one thing; `what` and `remedy` are Japanese sentences for the clerk;
    `on_item` is the stem of the entry it is about, or blank. Holds no name or number of a person.
    """

    code: str
    refuses: bool
    what: str
    articles: tuple[Article, ...]
    remedy: str
    on_item: str = ""

    @property
    def cited(self) -> str:
        """The articles as printed: 住民基本台帳法第22条第1項、…"""
        return printed(self.articles)

    @property
    def severity(self) -> str:
        """エラー or アラート, as the standard names them (標準仕様書 11.1)."""
        return "エラー" if self.refuses else "アラート"


_WORDS: set[str] = set()


def words(texts: Iterable[str]) -> None:
    """Admit words of our own tables (items, purposes, offices) to the sentences of findings."""
    _WORDS.update(texts)


COUNT_MAX = 9_999
"""数の上限: the largest count that a sentence shows; a longer one could be a number of somebody."""


def _safe(code: str, name: str, value: date | int | str) -> str:
    """An argument as printed. Only days, small counts and words of our tables ever get into text,
    so that no finding can carry what a person is called or numbered."""
    if type(value) is date:
        return wareki(value) if value >= GREGORIAN_FROM else western(value)
    if type(value) is int:
        assert abs(value) <= COUNT_MAX, f"{code}: {name} is no count"
        return str(value)
    assert value in _WORDS, f"{code}: {name} is no word of our tables"
    return str(value)


@dataclass(frozen=True)
class FindingKind:
    """判定の種類: one code with its one meaning; called with safe arguments it gives a Finding."""

    code: str
    refuses: bool
    what: str
    articles: tuple[Article, ...]
    remedy: str
    on_item: str

    @property
    def arguments(self) -> frozenset[str]:
        """The names of the arguments its sentences take."""
        fields = string.Formatter().parse(self.what + self.remedy)
        return frozenset(name for _, name, _, _ in fields if name)

    def __call__(self, **arguments: date | int | str) -> Finding:
        assert set(arguments) == self.arguments, f"{self.code} takes {sorted(self.arguments)}"
        safe = {name: _safe(self.code, name, value) for name, value in arguments.items()}
        what, remedy = self.what.format(**safe), self.remedy.format(**safe)
        return Finding(self.code, self.refuses, what, self.articles, remedy, self.on_item)


FINDINGS: dict[str, FindingKind] = {}
_CODE = re.compile(r"[a-z][a-z0-9-]*\.[a-z][a-z0-9_]*")


CODE_CHARS_MAX = 40
"""判定の符号の長さ: what the column of the trail holds; none is cut to it."""


def finding(
    code: str, *, refuses: bool, cites: Sequence[str], what: str, remedy: str, on_item: str = ""
) -> FindingKind:
    """判定を定める: registers a code; one taken already, or half a sentence, fails at import."""
    if not _CODE.fullmatch(code):
        raise MalformedRule(f"{code!r}: a code is written brra22.late")
    if len(code) > CODE_CHARS_MAX:
        raise MalformedRule(f"{code}: the trail keeps {CODE_CHARS_MAX} characters of a code")
    if code in FINDINGS:
        raise MalformedRule(f"{code}: this code has a meaning already")
    for sentence in (what, remedy):
        if not sentence.endswith("。"):
            raise MalformedRule(f"{code}: what and remedy are Japanese sentences")
    kind = FindingKind(code, refuses, what, articles(cites), remedy, on_item)
    FINDINGS[code] = kind
    return kind
