"""法令索引: from an article to its rules, findings, tables, law tests and gaps, and back.

Pure data for the command `daicho law [ARTICLE]`, which knows where the law tests are and hands
them over by the name of their rule. Searching is tolerant of how people write articles: "22",
"BRRA 22", "住民基本台帳法22", "住基法第22条第1項", "第十二条の四", "４．０．３".
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from daicho.law import (
    changes,
    dates_of_changes,
    disclosure,
    extensions,
    households,
    identification,
    notifications,
    periods,
    purposes,
    receptions,
    record_codes,
    uniqueness,
)
from daicho.law import entries as rules_of_entries
from daicho.law.citation import STATUTES, Article
from daicho.law.data_exports import export_leaves
from daicho.law.data_exports import kinds as kinds_of_exports
from daicho.law.disclosure_requests import clock as clock_of_disclosure
from daicho.law.disclosure_requests import deciding as deciding_of_disclosure
from daicho.law.disclosure_requests import grounds as grounds_of_disclosure
from daicho.law.disclosure_requests import kinds as kinds_of_disclosure
from daicho.law.disclosure_requests import requesters as requesters_of_disclosure
from daicho.law.filing import number_files
from daicho.law.gaps import GAPS, Gap, gaps_at
from daicho.law.network import arrivals as arrived_notices
from daicho.law.network import mending as mending_messages
from daicho.law.own_log import asking as questions_of_uses
from daicho.law.own_log import proving as proving_residents
from daicho.law.own_log import showing as showing_residents
from daicho.law.own_log import stops as stops_of_cards
from daicho.law.own_log import withheld as uses_withheld
from daicho.law.receptions import codes_in_text, of_changes, of_record_codes
from daicho.law.retention import disposing, of_closed_records, of_numbers, of_records
from daicho.law.rule import FINDINGS, RULES, FindingKind, Rule
from daicho.law.safety import (
    acquiring,
    algorithms,
    designating,
    emergencies,
    entering,
    factors,
    giving,
    masking,
    permitting,
    reviewing,
    unseen,
    zones,
)
from daicho.law.safety.watching import ceilings as ceilings_of_uses
from daicho.law.safety.watching import judging as judging_of_uses
from daicho.law.safety.watching import relations as relations_of_uses
from daicho.law.safety.watching import uses as uses_watched
from daicho.law.tables import TABLES, Row

# Importing the rules registers them: the index is of what stands in RULES and FINDINGS.
CHAPTERS = (
    changes,
    dates_of_changes,
    disclosure,
    rules_of_entries,
    extensions,
    households,
    identification,
    notifications,
    periods,
    purposes,
    receptions,
    of_changes,
    codes_in_text,
    of_record_codes,
    record_codes,
    uniqueness,
    acquiring,
    designating,
    entering,
    giving,
    reviewing,
    factors,
    zones,
    masking,
    unseen,
    permitting,
    emergencies,
    of_numbers,
    of_records,
    of_closed_records,
    disposing,
    number_files,
    kinds_of_exports,
    export_leaves,
    clock_of_disclosure,
    deciding_of_disclosure,
    grounds_of_disclosure,
    kinds_of_disclosure,
    requesters_of_disclosure,
    algorithms,
    arrived_notices,
    mending_messages,
    uses_watched,
    judging_of_uses,
    relations_of_uses,
    ceilings_of_uses,
    uses_withheld,
    questions_of_uses,
    proving_residents,
    stops_of_cards,
    showing_residents,
)

_WIDE = str.maketrans("０１２３４５６７８９．（）［］－　", "0123456789.()[]- ")
_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")}
_UNITS = {"十": 10, "百": 100}
_PLACE = re.compile(
    r"(?P<supplement>附則|SUPP\s*)?第?(?P<article>[1-9]\d*)条?"
    r"(?P<branches>(?:[-の]\d+)*)"
    r"(?:第?(?P<paragraph>\d+)項|\((?P<paragraph2>\d+)\))?"
    r"(?:第?(?P<item>\d+)号(?P<item_branches>(?:の\d+)*)|\[(?P<item2>\d+(?:-\d+)*)\])?",
)
_SECTION = re.compile(r"第?([1-9]\d*(?:[.の]\d+)*)")


@dataclass(frozen=True)
class Entry:
    """索引の項: one article with all that stands on it here."""

    article: Article
    rules: tuple[Rule, ...]
    findings: tuple[FindingKind, ...]
    rows: tuple[Row, ...]
    tests: tuple[str, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class Answer:
    """検索の答え: the entries found, or a sentence that says clearly that there is no rule."""

    asked: tuple[Article, ...]
    entries: tuple[Entry, ...]
    gaps: tuple[Gap, ...]

    @property
    def message(self) -> str:
        """What the command prints above its list, in Japanese."""
        if not self.asked:
            return (
                "条項を読み取れませんでした。"
                "「22」「住民基本台帳法22」「標準 4.0.3」のように入力してください。"
            )
        places = "、".join(place.japanese for place in self.asked)
        if any(entry.rules or entry.findings or entry.rows for entry in self.entries):
            return f"{places}"
        if self.gaps:
            return f"{places} を根拠とする規則はありません。書いていない理由が次にあります。"
        return f"{places} を根拠とする規則はなく、書いていない理由の記録もありません。"


def _kanji_number(match: re.Match[str]) -> str:
    total = current = 0
    for character in match[0]:
        if character in _UNITS:
            total, current = total + (current or 1) * _UNITS[character], 0
        else:
            current = current * 10 + _DIGITS[character]
    return str(total + current)


def _plain(text: str) -> str:
    return text.translate(_WIDE).strip()


def _figures(place: str) -> str:
    return re.sub(r"[〇一二三四五六七八九十百]+", _kanji_number, place)


def _statute_of(text: str) -> tuple[str | None, str]:
    """The key of the statute the text begins with, and the rest; None where it names none."""
    names = sorted(
        ((name, key) for key, statute in STATUTES.items() for name in statute.names),
        key=lambda pair: -len(pair[0]),
    )
    for name, key in names:
        if text.upper().startswith(name.upper()):
            return key, _figures(text[len(name) :].strip())
    return None, _figures(text)


def read(text: str) -> tuple[Article, ...]:
    """条項を探して読む: what a person may have meant; () where no place can be read.

    A place without a statute is asked of the Basic Resident Registration Act, and, if it is
    written with full stops, of the national standard.
    """
    key, place = _statute_of(_plain(text))
    if key is not None and STATUTES[key].kind == "sections":
        return _read_section(key, place)
    found = _read_article(key or "BRRA", place)
    return found if found or key is not None else _read_section("STD", place)


def _read_section(key: str, text: str) -> tuple[Article, ...]:
    match = _SECTION.fullmatch(text)
    if match is None:
        return ()
    place = tuple(int(number) for number in re.split(r"[.の]", match[1]))
    return (Article(key, supplement=False, place=place),)


def _read_article(key: str, text: str) -> tuple[Article, ...]:
    match = _PLACE.fullmatch(text)
    if match is None:
        return ()
    branches = (int(number) for number in re.findall(r"\d+", match["branches"]))
    item = (match["item"] or "") + (match["item_branches"] or "") + (match["item2"] or "")
    place = Article(
        key,
        supplement=match["supplement"] is not None,
        place=(int(match["article"]), *branches),
        paragraph=int(match["paragraph"] or match["paragraph2"] or 0),
        item=tuple(int(number) for number in re.findall(r"\d+", item)),
    )
    return (place,)


def _all_rows() -> tuple[Row, ...]:
    # A holiday is a row a day: two hundred of them would hide what the article says.
    return tuple(row for name, table in TABLES.items() if name != "holidays" for row in table.rows)


def _cited() -> tuple[Article, ...]:
    cited = {place for rule in RULES.values() for place in rule.cites}
    cited |= {place for kind in FINDINGS.values() for place in kind.articles}
    cited |= {place for row in _all_rows() for place in row.cites}
    cited |= {place for gap in GAPS for place in gap.cites}
    return tuple(sorted(cited))


def entries(tests: Mapping[str, Sequence[str]]) -> tuple[Entry, ...]:
    """索引: every article cited anywhere, in order, with what stands on it.

    `tests` gives, by the name of a rule ("notifications.moved_in_late"), the names of its rows.
    """
    return tuple(_entry(place, tests) for place in _cited())


def _entry(place: Article, tests: Mapping[str, Sequence[str]]) -> Entry:
    rules = tuple(rule for rule in RULES.values() if place in rule.cites)
    return Entry(
        article=place,
        rules=rules,
        findings=tuple(kind for kind in FINDINGS.values() if place in kind.articles),
        rows=tuple(row for row in _all_rows() if place in row.cites),
        tests=tuple(test for rule in rules for test in tests.get(rule.name, ())),
        gaps=tuple(gap for gap in GAPS if place in gap.cites),
    )


def find(text: str, tests: Mapping[str, Sequence[str]]) -> Answer:
    """条項を引く: the entries at, inside or around the place `text` names, and the gaps there."""
    asked = read(text)
    found = tuple(
        entry
        for entry in entries(tests)
        if any(p.covers(entry.article) or entry.article.covers(p) for p in asked)
    )
    gaps = tuple(dict.fromkeys(gap for place in asked for gap in gaps_at(place)))
    return Answer(asked, found, gaps)


def articles_of(rule_name: str) -> tuple[Article, ...]:
    """逆引き: the articles of a rule by its name; () where there is no such rule."""
    rule = RULES.get(rule_name)
    return rule.cites if rule else ()


def by_rule(tests: Mapping[str, Sequence[str]]) -> Mapping[str, tuple[Rule, tuple[str, ...]]]:
    """規則からの索引: every rule by name, with its law tests: the reverse of `entries`."""
    return {name: (rule, tuple(tests.get(name, ()))) for name, rule in sorted(RULES.items())}
