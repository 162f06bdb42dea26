"""引用: a place in a statute as a value: written "BRRA 22(1)", printed 住民基本台帳法第22条第1項.

The statutes stand in `statutes.toml`. Text that names no known statute, or no place that its kind
of statute can have, raises `MalformedCitation`; every citation in code and tables is parsed at
import, so that none can be wrong in silence.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any, Literal

Kind = Literal["articles", "sections"]


class MalformedCitation(ValueError):
    """引用の誤り: the text names no statute, or no place in it, that we know how to print."""


@dataclass(frozen=True)
class Statute:
    """法令: a statute, order, public notice or specification that rules and tables cite.

    `number` is its 法令番号, `law_id` its e-Gov id where certain, `short` other names people use.
    """

    key: str
    title: str
    short: tuple[str, ...]
    number: str
    english: str
    kind: Kind
    law_id: str
    printed_as: str
    section_print: str
    section_join: str
    checked_on: date
    source: str

    @property
    def url(self) -> str:
        """The text on e-Gov, or blank where we are not certain of the id."""
        return f"https://laws.e-gov.go.jp/law/{self.law_id}" if self.law_id else ""

    @property
    def names(self) -> tuple[str, ...]:
        """Every name by which the statute may be asked for: key, title, short names."""
        return (self.key, self.title, self.printed_as, *self.short)


def _statute(key: str, row: Mapping[str, Any]) -> Statute:
    known = set(Statute.__dataclass_fields__) - {"key"}
    assert set(row) <= known, f"statutes.toml [{key}]: unknown {sorted(set(row) - known)}"
    assert row["kind"] in ("articles", "sections"), f"statutes.toml [{key}]: kind"
    assert type(row["checked_on"]) is date, f"statutes.toml [{key}]: checked_on"
    assert row["source"] in ("published", "recalled"), f"statutes.toml [{key}]: source"
    return Statute(
        key=key,
        title=row["title"],
        short=tuple(row["short"]),
        number=row["number"],
        english=row["english"],
        kind=row["kind"],
        law_id=row.get("law_id", ""),
        printed_as=row.get("printed_as", row["title"]),
        section_print=row.get("section_print", ""),
        section_join=row.get("section_join", ""),
        checked_on=row["checked_on"],
        source=row["source"],
    )


_TOML = resources.files("daicho.law").joinpath("statutes.toml").read_text(encoding="utf-8")
STATUTES: Mapping[str, Statute] = {
    key: _statute(key, row) for key, row in tomllib.loads(_TOML).items()
}

_NUMBER = r"[1-9]\d*(?:-[1-9]\d*)*"
_ARTICLES = re.compile(
    rf"(?P<supplement>SUPP )?(?P<place>{_NUMBER})"
    rf"(?:\((?P<paragraph>[1-9]\d*)\))?(?:\[(?P<item>{_NUMBER})\])?"
)
_SECTIONS = re.compile(r"\d+(?:\.\d+)*")


@dataclass(frozen=True, order=True)
class Article:
    """条項: one place in one statute.

    `place` is the article with its branches (第12条の4 is (12, 4)) or the section (4.0.3 is
    (4, 0, 3)); `paragraph` 項 and `item` 号 are 0 and () where the citation does not name them;
    `supplement` marks 附則. `str()` gives the form written in code, `japanese` the printed one.
    """

    statute_key: str
    supplement: bool
    place: tuple[int, ...]
    paragraph: int = 0
    item: tuple[int, ...] = ()

    @property
    def statute(self) -> Statute:
        """The statute that holds this place."""
        return STATUTES[self.statute_key]

    def __str__(self) -> str:
        if self.statute.kind == "sections":
            return f"{self.statute_key} {'.'.join(map(str, self.place))}"
        supplement = "SUPP " if self.supplement else ""
        paragraph = f"({self.paragraph})" if self.paragraph else ""
        item = f"[{'-'.join(map(str, self.item))}]" if self.item else ""
        return f"{self.statute_key} {supplement}{_branches(self.place)}{paragraph}{item}"

    @property
    def place_japanese(self) -> str:
        """第22条第1項: the place without the statute's title."""
        if self.statute.kind == "sections":
            joined = self.statute.section_join.join(map(str, self.place))
            return self.statute.section_print.format(joined)
        article = f"第{self.place[0]}条" + "".join(f"の{n}" for n in self.place[1:])
        paragraph = f"第{self.paragraph}項" if self.paragraph else ""
        item = f"第{self.item[0]}号" + "".join(f"の{n}" for n in self.item[1:]) if self.item else ""
        return ("附則" if self.supplement else "") + article + paragraph + item

    @property
    def japanese(self) -> str:
        """住民基本台帳法第22条第1項: as screens and documents print it."""
        return self.statute.printed_as + self.place_japanese

    def covers(self, other: "Article") -> bool:
        """Is `other` this place or one inside it (第22条 covers 第22条第1項)?"""
        if (self.statute_key, self.supplement) != (other.statute_key, other.supplement):
            return False
        if self.statute.kind == "sections":
            return other.place[: len(self.place)] == self.place
        return (
            self.place == other.place
            and self.paragraph in (0, other.paragraph)
            and self.item in ((), other.item)
        )


def _branches(numbers: tuple[int, ...]) -> str:
    return "-".join(map(str, numbers))


def article(text: str) -> Article:
    """条項を読む: parse the written form: "BRRA 22(1)", "BRRA 7[8-2]", "STD 4.0.3".

    Raises MalformedCitation for an unknown statute or a place of another form.
    """
    key, _, place = text.partition(" ")
    if key not in STATUTES:
        raise MalformedCitation(f"{text!r}: no statute {key!r} in statutes.toml")
    if STATUTES[key].kind == "sections":
        if not _SECTIONS.fullmatch(place):
            raise MalformedCitation(f"{text!r}: a section is written {key} 4.0.3")
        return Article(key, supplement=False, place=tuple(map(int, place.split("."))))
    match = _ARTICLES.fullmatch(place)
    if match is None:
        raise MalformedCitation(f"{text!r}: an article is written {key} 12-4(2)[3]")
    item = match["item"]
    return Article(
        key,
        supplement=match["supplement"] is not None,
        place=tuple(map(int, match["place"].split("-"))),
        paragraph=int(match["paragraph"] or 0),
        item=tuple(map(int, item.split("-"))) if item else (),
    )


def articles(texts: Sequence[str]) -> tuple[Article, ...]:
    """条項の列を読む: parse several; none at all is malformed: a citation cannot be left out."""
    if isinstance(texts, str) or not texts:
        raise MalformedCitation("cites must be a list with at least one citation")
    parsed = tuple(article(text) for text in texts)
    if len(set(parsed)) != len(parsed):
        raise MalformedCitation(f"{list(texts)}: one place is cited twice")
    return parsed


def printed(cited: tuple[Article, ...]) -> str:
    """条項の列を印字する: 住民基本台帳法第22条第1項、民法第140条."""
    return "、".join(one.japanese for one in cited)
