"""What a running nation has written: every table and log, looked through for numbers.

Nobody who looks has the numbers themselves: each twelve figures that could be one are compared with
the digests of those in the vaults.
"""

import base64
import re
from binascii import Error
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from daicho.site.sim.real.digesting import digest
from daicho.terms.numbers import individual_number_check_digit

_TABLES = """
SELECT schemaname, tablename FROM pg_tables
WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2
"""
_FIGURES = re.compile(r"(?<!\d)\d{12}(?!\d)|\d{13,}")
_CODED = re.compile(r"[A-Za-z0-9_-]{40,}")
"""A part of a signed or a sealed message, one within another."""


def places_with(texts: Iterable[tuple[str, str]], key: bytes, digests: Collection[str]) -> set[str]:
    """Where one of these numbers stands; no number is told."""
    known = set(digests)
    return {
        place for place, text in texts for number in _numbers(text) if digest(key, number) in known
    }


def tables(address: str) -> Iterator[tuple[str, str]]:
    """Each table of a database with a row of it, as text."""
    with psycopg.connect(address) as connection:
        for names in connection.execute(_TABLES).fetchall():
            rows = sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(*names))
            for (row,) in connection.execute(rows):
                yield ".".join(names), row


def logs(folder: Path) -> Iterator[tuple[str, str]]:
    """Each log below that folder."""
    for file in sorted(folder.rglob("*.log")):
        yield str(file), file.read_text("utf-8", "replace")


def _numbers(text: str) -> Iterator[str]:
    for figures in _FIGURES.findall(text):
        for at in range(len(figures) - 11):
            number = figures[at : at + 12]
            if individual_number_check_digit(number[:11]) == number[11]:
                yield number
    for coded in _CODED.findall(text):
        yield from _numbers(_opened(coded))


def _opened(coded: str) -> str:
    try:
        return base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode()
    except (Error, ValueError):
        return ""  # it is no text: a signature, what is sealed
