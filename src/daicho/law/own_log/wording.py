"""利用記録の言葉: each use of a record in plain Japanese, やさしい日本語 and English.

A sentence is made of an event and of what it was for (`tables/own_log_words.toml`); of a paper it
says from which side it was asked for, never by whom.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from daicho.law.own_log.withheld import side
from daicho.law.tables import Row, table

KINDS = frozenset({"event", "purpose", "side"})
"""言葉の種類: what a row gives the words of."""
LANGUAGES: Mapping[str, str] = {"plain": "日本語", "easy": "やさしい日本語", "english": "English"}
"""言葉の選択: the languages, by the name of the entry that holds them, each in itself."""
NO_PURPOSE = "none"
_PLACE = "{purpose}"


@dataclass(frozen=True)
class Words:
    """言葉: one thing said in each language."""

    plain: str
    easy: str
    english: str

    def in_(self, language: str) -> str:
        """The words in a language of LANGUAGES."""
        assert language in LANGUAGES, language
        said: str = getattr(self, language)
        return said


def _words(row: Row) -> Words:
    row.only("of", "code", "plain", "easy", "english")
    if row.text("of") not in KINDS:
        raise row.wrong(f"of must be one of {', '.join(sorted(KINDS))}")
    said = Words(row.text("plain"), row.text("easy"), row.text("english"))
    places = {_PLACE in getattr(said, one) for one in LANGUAGES}
    if len(places) > 1 or (places == {True} and row.text("of") != "event"):
        raise row.wrong("the purpose stands in every language of an event, or in none")
    return said


def _of(kind: str) -> Mapping[str, Words]:
    """The words that hold now: an old use is told in today's words too."""
    found: dict[str, Words] = {}
    for row in sorted(table("own_log_words"), key=lambda one: one.since):
        if row.text("of") == kind:
            found[row.text("code")] = _words(row)
    return found


EVENTS = _of("event")
"""利用の言葉: by the code of a trail event."""
PURPOSES = _of("purpose")
"""事務の言葉: by the code of a purpose."""
SIDES = _of("side")
"""請求した側の言葉: by `withheld.side`."""


def words(event: str, purpose: str = "", capacity: str = "") -> Words:
    """言葉: of a use; `capacity` is of whoever asked for a paper. An event or a purpose without
    words is told as a use of the record for the municipality's work."""
    said = EVENTS.get(event, EVENTS["look"])
    named = PURPOSES.get(purpose, PURPOSES[NO_PURPOSE])
    asked_by = SIDES.get(side(capacity))
    return Words(**{one: _sentence(one, said, named, asked_by) for one in LANGUAGES})


def purpose_words(purpose: str) -> Words:
    """事務の言葉: of a purpose alone."""
    return PURPOSES.get(purpose, PURPOSES[NO_PURPOSE])


def _sentence(language: str, said: Words, named: Words, asked_by: Words | None) -> str:
    text = said.in_(language).replace(_PLACE, named.in_(language))
    if asked_by is None:
        return text
    return text + (" " if language == "english" else "") + asked_by.in_(language)
