"""番号の行方: looks for a 個人番号 in everything that was written, however it was written.

Whoever types or imports the numbers of `MARKERS` may ask afterwards that they stand nowhere. What
is found is told by its place, whose it is and how it was written, never by the number itself.
"""

import base64
import hashlib
import io
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote_to_bytes

import psycopg
import pypdfium2
from psycopg import sql

import town

HANAKO, TARO = (one["individual_number"] for one in (town.hanako(), town.taro()))
TYPED = "379474484458"
"""入力する番号: what a clerk types; made up, with a right check digit."""

MARKERS: Mapping[str, str] = {"花子's": HANAKO, "太郎's": TARO, "the newcomer's": TYPED}
"""目印の番号: those that the tests bring in, by whose they are."""

_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_WIDE_IN_JSON = re.compile(rb"\\u[fF][fF]1([0-9])")
_WIDE_IN_UTF8 = re.compile(rb"\xef\xbc([\x90-\x99])")
# What may stand between the figures: blanks, hyphens, dashes, dots, and the zeros of UTF-16.
_BETWEEN = b" -._/\0"
_BETWEEN_WIDE = tuple(mark.encode() for mark in "　‐‑‒–—―−－ー・．")
_DIGESTS = ("md5", "sha1", "sha256", "sha512")

# Not: tables of the session alone (they go with their connection), and the catalogues but for what
# holds pieces of rows or text of people.
_TABLES = """
    SELECT n.nspname, c.relname FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't'
    AND (n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
         OR c.relname IN ('pg_statistic', 'pg_largeobject', 'pg_description', 'pg_shdescription'))
    ORDER BY 1, 2"""
_COPY = sql.SQL("COPY {} TO STDOUT")
_SESSIONS = "SELECT session_data FROM django_session"


@dataclass(frozen=True)
class Found:
    """見つかった所: where a number stands, whose it is, and as what."""

    place: str
    whose: str
    kind: str

    def __str__(self) -> str:
        return f"{self.place}: {self.whose} number, as {self.kind}"


def told(found: Iterable[Found]) -> str:
    """What a failing test says: each place once, without the number."""
    lines = sorted({str(one) for one in found})
    return "\n".join(["a 個人番号 stands where none may:", *lines])


def _aligned(raw: bytes) -> Iterator[bytes]:
    """The letters of base64 that are the same whatever stands before and after these bytes."""
    for shift in range(3):
        letters = base64.b64encode(b"\0" * shift + raw)
        first, last = -(-shift * 8 // 6), (shift + len(raw)) * 8 // 6
        yield letters[first:last]


def _forms(number: str) -> Iterator[tuple[str, bytes]]:
    """How a number may be written but as figures."""
    fours = [number[at : at + 4] for at in (0, 4, 8)]
    for text in (number, " ".join(fours), "-".join(fours), number.translate(_WIDE)):
        raw = text.encode()
        yield from {("hex", raw.hex().encode()), ("hex", raw.hex().upper().encode())}
        yield from (("base64", one) for one in _aligned(raw))
        yield from (("base64", one.translate(_URL_SAFE)) for one in _aligned(raw))
    for name in _DIGESTS:
        digest = hashlib.new(name, number.encode(), usedforsecurity=False)
        yield "a digest without a key", digest.hexdigest().encode()
        yield "a digest without a key", digest.digest()
        yield "a digest without a key", base64.b64encode(digest.digest()).rstrip(b"=")


_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_LITERALS = {(whose, *form) for whose, number in MARKERS.items() for form in _forms(number)}
_FIGURES = [(whose, number.encode()) for whose, number in MARKERS.items()]


def _as_figures(body: bytes) -> bytes:
    """The same with ASCII figures, and nothing between them that people put there."""
    if b"\\u" in body:
        body = _WIDE_IN_JSON.sub(rb"\1", body)
    if b"\xef\xbc" in body:
        body = _WIDE_IN_UTF8.sub(lambda one: bytes([one[1][0] - 0x60]), body)
    for mark in _BETWEEN_WIDE:
        if mark in body:
            body = body.replace(mark, b"")
    return body.translate(None, _BETWEEN)


def in_bytes(place: str, body: bytes) -> list[Found]:
    """What stands in a text or a file of any kind."""
    figures = _as_figures(body)
    found = [Found(place, whose, "figures") for whose, number in _FIGURES if number in figures]
    coded = {(whose, kind) for whose, kind, form in _LITERALS if form in body}
    return found + [Found(place, whose, kind) for whose, kind in sorted(coded)]


def in_text(place: str, text: str) -> list[Found]:
    """What stands in a text, an address or the fields of a form; as it is, and unquoted."""
    raw = text.encode()
    return in_bytes(place, raw + b"\n" + unquote_to_bytes(raw.replace(b"+", b" ")))


def in_pdf(place: str, body: bytes) -> list[Found]:
    """What a PDF says on its pages and about itself, and what its bytes hold uncompressed."""
    with pypdfium2.PdfDocument(io.BytesIO(body)) as pdf:
        said = [page.get_textpage().get_text_range() for page in pdf]
        said += pdf.get_metadata_dict().values()
    return in_bytes(place, body) + in_text(place, "\n".join(said))


def in_session(place: str, data: str) -> list[Found]:
    """What Django keeps of a session, whoever signed it."""
    packed = data.partition(":")[0]
    letters = packed.removeprefix(".")
    body = base64.urlsafe_b64decode(letters + "=" * (-len(letters) % 4))
    return in_bytes(place, zlib.decompress(body) if packed != letters else body)


def in_database(url: str) -> list[Found]:
    """What stands in any table of any schema, the vault's included, and in the sessions.

    The address is that of a superuser, whom no row is hidden from.
    """
    found: list[Found] = []
    with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        for schema, table in cursor.execute(_TABLES).fetchall():
            with cursor.copy(_COPY.format(sql.Identifier(schema, table))) as copy:
                body = b"".join(bytes(block) for block in copy)
            found += in_bytes(f"the table {schema}.{table}", body)
        for (data,) in cursor.execute(_SESSIONS).fetchall():
            found += in_session("a session", data)
    return found


@dataclass
class Files:
    """ファイル: what was written below some folders; what only grew is read from where it ended."""

    _read: dict[Path, int] = field(default_factory=dict)

    def below(self, folder: Path, *, besides: Iterable[Path] = ()) -> list[Found]:
        """What stands in the files there since they were last looked at, and in their names."""
        found: list[Found] = []
        spared = set(besides)
        for file in sorted(folder.rglob("*")):
            place = f"the file {file.name}"
            named = in_text("the name of a file", str(file.relative_to(folder)))
            found += named
            if file.is_file() and file not in spared:
                body = self._new(file)
                place = "a file whose name says it" if named else place
                is_pdf = body.startswith(b"%PDF-")
                found += in_pdf(place, body) if is_pdf else in_bytes(place, body)
        return found

    def _new(self, file: Path) -> bytes:
        with file.open("rb") as opened:
            size = opened.seek(0, io.SEEK_END)
            grew_from = self._read.get(file, 0) if file.suffix == ".log" else 0
            opened.seek(grew_from if grew_from <= size else 0)
            self._read[file] = size
            return opened.read().rstrip(b"\0")  # a file may have been made longer in advance
