"""法令表: the dated tables beside the rules, read and checked once, at import.

Every `*.toml` here has a Japanese `title`, an English `about` and `[[row]]`s. Each row has `cite`
(one citation or a list), `since` (first day), `checked_on` (day someone last compared it) and
`source`, and may have `until` (last day) and `because`. A row that breaks this raises `WrongTable`
with file and row, so that a wrong table stops the program at its start and never a clerk.

`source`: text = compared with the statute or standard; published = with an official or municipal
page; recalled = from practice, not yet compared; ours = chosen here, an adopter may load another.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from typing import Any

from daicho.law.citation import Article, MalformedCitation, articles

SOURCES = ("text", "published", "recalled", "ours")
_COMMON = {"cite", "since", "until", "checked_on", "source", "because"}


class WrongTable(ValueError):
    """表の誤り: a table of law does not hold what its rows must hold; names file and row."""


@dataclass(frozen=True)
class Row:
    """表の行: one dated, cited row; its own entries are read by the typed accessors."""

    file: str
    place: int
    cites: tuple[Article, ...]
    since: date
    until: date | None
    checked_on: date
    source: str
    because: str
    entries: Mapping[str, Any]

    def in_force(self, on: date) -> bool:
        """Did the row hold on that day?"""
        return self.since <= on and (self.until is None or on <= self.until)

    def wrong(self, what: str) -> WrongTable:
        """An error that names this row."""
        return WrongTable(f"law/tables/{self.file}.toml, row {self.place}: {what}")

    def _entry(self, name: str, kind: type, default: object) -> Any:
        value = self.entries.get(name, default)
        if type(value) is not kind:
            raise self.wrong(f"{name} must be {kind.__name__}, not {type(value).__name__}")
        return value

    def text(self, name: str, default: str | None = None) -> str:
        """A text that is not empty, unless a default allows it."""
        value: str = self._entry(name, str, default)
        if not value and default is None:
            raise self.wrong(f"{name} is empty")
        return value

    def number(self, name: str) -> int:
        """A whole number that is not negative (days, years; the name says the unit)."""
        value: int = self._entry(name, int, None)
        if value < 0:
            raise self.wrong(f"{name} is negative")
        return value

    def flag(self, name: str) -> bool:
        """Yes or no, always written out."""
        value: bool = self._entry(name, bool, None)
        return value

    def day(self, name: str) -> date:
        """A calendar day."""
        value: date = self._entry(name, date, None)
        return value

    def texts(self, name: str, among: frozenset[str] | None = None) -> tuple[str, ...]:
        """A list of texts, each once; `among` closes the vocabulary."""
        values = self._entry(name, list, None)
        if not all(isinstance(value, str) and value for value in values):
            raise self.wrong(f"{name} must list texts")
        if len(set(values)) != len(values):
            raise self.wrong(f"{name} lists a text twice")
        if among is not None and not among.issuperset(values):
            raise self.wrong(f"{name}: {sorted(set(values) - among)} stands in no table")
        return tuple(values)

    def only(self, *names: str) -> None:
        """Refuse an entry that nobody reads: a misspelt one would be silently without effect."""
        unread = set(self.entries) - set(names)
        if unread:
            raise self.wrong(f"nobody reads {sorted(unread)}")


@dataclass(frozen=True)
class Table:
    """表: the rows of one file, in the order in which they stand there."""

    file: str
    title: str
    rows: tuple[Row, ...]
    _keyed: dict[str, dict[str, list[Row]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def on(self, day: date) -> tuple[Row, ...]:
        """The rows that held on that day."""
        return tuple(row for row in self.rows if row.in_force(day))

    def keyed(self, name: str = "code") -> "Table":
        """This table, after proof that on no day two rows with the same key hold."""
        for place, row in enumerate(self.rows):
            for other in self.rows[place + 1 :]:
                same = row.text(name) == other.text(name)
                if same and (row.in_force(other.since) or other.in_force(row.since)):
                    raise other.wrong(f"{row.text(name)} is in force twice (row {row.place})")
        return self

    def find(self, key: str, on: date, name: str = "code") -> Row | None:
        """The row with that key on that day, or None."""
        # a certificate asks a thousand times: the rows of a key are looked up, not looked for
        if name not in self._keyed:
            keyed = self._keyed[name] = {}
            for row in self.rows:
                keyed.setdefault(row.entries.get(name, ""), []).append(row)
        return next((row for row in self._keyed[name].get(key, ()) if row.in_force(on)), None)


def parse(file: str, toml: str) -> Table:
    """表を読む: the rows of one TOML text, each checked; raises WrongTable."""
    try:
        content = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise WrongTable(f"law/tables/{file}.toml: {error}") from None
    if set(content) != {"title", "about", "row"} or not content["row"]:
        raise WrongTable(f"law/tables/{file}.toml: holds title, about and [[row]]s, nothing else")
    rows = tuple(_row(file, place, raw) for place, raw in enumerate(content["row"], start=1))
    return Table(file, content["title"], rows)


def _row(file: str, place: int, raw: Mapping[str, Any]) -> Row:
    def wrong(what: str) -> WrongTable:
        return WrongTable(f"law/tables/{file}.toml, row {place}: {what}")

    for name in ("cite", "since", "checked_on", "source"):
        if name not in raw:
            raise wrong(f"{name} is missing")
    for name in ("since", "until", "checked_on"):
        if name in raw and type(raw[name]) is not date:
            raise wrong(f"{name} must be a day, such as 2024-04-01")
    until = raw.get("until")
    if until is not None and until < raw["since"]:
        raise wrong("until lies before since")
    if raw["source"] not in SOURCES:
        raise wrong(f"source must be one of {', '.join(SOURCES)}")
    cite = raw["cite"]
    try:
        cites = articles([cite] if isinstance(cite, str) else cite)
    except MalformedCitation as error:
        raise wrong(str(error)) from None
    return Row(
        file=file,
        place=place,
        cites=cites,
        since=raw["since"],
        until=until,
        checked_on=raw["checked_on"],
        source=raw["source"],
        because=raw.get("because", ""),
        entries={name: value for name, value in raw.items() if name not in _COMMON},
    )


def _load() -> dict[str, Table]:
    folder = resources.files("daicho.law.tables")
    files = sorted(
        (entry.name.removesuffix(".toml"), entry)
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    )
    return {name: parse(name, entry.read_text(encoding="utf-8")) for name, entry in files}


TABLES: Mapping[str, Table] = _load()


def table(file: str) -> Table:
    """表: one table by the name of its file."""
    return TABLES[file]
