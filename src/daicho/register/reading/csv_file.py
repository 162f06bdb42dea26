"""移行ファイル: lines of an untrusted CSV, in blocks of whole lines and in constant memory.

What is wrong with the file as a whole (encoding, header, a line without end) ends the reading with
`FileTrouble`, which names the line and never quotes it.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO

from daicho.register import layout
from daicho.terms.file_troubles import reason, remedy

LINE_BYTES_MAX = 1_000_000  # the longest lawful line is some 20 kB
COLUMNS_SHOWN_MAX = 10
_CUT = "unexpected end of data"  # of the codec: a letter has begun and not ended
BLOCK_CHARS = 1 << 19  # some thousand lines


class FileTrouble(Exception):
    """The file cannot be read as a register; the sentence is for the operator."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number in the file (the header is 1), and a cell for each layout column."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Header:
    """見出し: for each layout column its place in the file, and the width."""

    places: tuple[int, ...]
    width: int


@dataclass(frozen=True, slots=True)
class Block:
    """行のまとまり: whole lines as text, and how many lines of the file stand before them."""

    before: int
    text: str


class File:
    """読取り中のファイル: its header, then its blocks, once."""

    def __init__(self, file: BinaryIO, block_chars: int = BLOCK_CHARS) -> None:
        self._block_chars = block_chars
        self._number = 0
        self._lines = self._decoded(file)
        with _told_of(reader := csv.reader(self._lines, strict=True)):
            cells = next(reader, None)
        if cells is None:
            raise FileTrouble("ファイルが空です。")
        self.header = Header(_places(cells), len(cells))

    def _decoded(self, file: BinaryIO) -> Iterator[str]:
        """Decode line by line, with a bound on the length of each."""
        while block := _line(file):
            number = self._number = self._number + 1
            if len(block) == LINE_BYTES_MAX and not block.endswith(b"\n"):
                raise FileTrouble(f"{number}行目が長すぎます(1行は{LINE_BYTES_MAX}バイトまで)。")
            if b"\0" in block:
                raise FileTrouble(
                    f"{number}行目に文字でないデータがあります。CSVを指定してください。"
                )
            try:
                yield block.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError as wrong:
                if wrong.reason == _CUT and wrong.end == len(block) < LINE_BYTES_MAX:
                    raise FileTrouble(
                        f"ファイルが{number}行目の文字の途中で切れています。"
                        "最後まで書き出されたファイルか確かめてください。"
                    ) from None
                raise FileTrouble(
                    f"{number}行目がUTF-8ではありません。"
                    "文字コードをUTF-8にして書き出してください。"
                ) from None

    def blocks(self) -> Iterator[Block]:
        """The lines after the header; before a trouble come the lines that precede it."""
        before, kept, chars = self._number, list[str](), 0
        try:
            for line in self._lines:
                whole = self._whole(line, before + len(kept)) if '"' in line else (line,)
                kept += whole
                chars += sum(map(len, whole))
                if chars > self._block_chars:
                    yield Block(before, "".join(kept))
                    before, kept, chars = self._number, [], 0
        except FileTrouble as trouble:
            yield Block(before, "".join(kept))
            raise trouble from None
        yield Block(before, "".join(kept))

    def _whole(self, line: str, before: int) -> Sequence[str]:
        """The lines of one row whose cells may hold line ends."""
        taken = [line]

        def following() -> Iterator[str]:
            yield line
            for one in self._lines:
                taken.append(one)
                yield one

        with _told_of(reader := csv.reader(following(), strict=True), before):
            next(reader)
        return taken


def lines(block: Block, header: Header) -> Iterator[Line]:
    """The lines of a block, each with its cells in the order of `layout.COLUMNS`."""
    # only a line feed ends a line, and is kept as it is
    reader = csv.reader(io.StringIO(block.text, newline="\n"), strict=True)
    width = header.width
    in_order = itemgetter(*header.places)
    with _told_of(reader, block.before):
        for cells in reader:
            if not cells:
                continue
            number = block.before + reader.line_num
            if len(cells) != width:
                raise FileTrouble(
                    f"{number}行目の列の数が{len(cells)}です(見出しは{width})。"
                    "ファイルが途中で切れていないか確かめてください。"
                )
            yield Line(number, [*in_order(cells)])


def _line(file: BinaryIO) -> bytes:
    try:
        return file.readline(LINE_BYTES_MAX)
    except OSError as trouble:
        said = f"ファイルを最後まで読めません({reason(trouble)})。{remedy(trouble)}"
        raise FileTrouble(said) from None


@contextmanager
def opened(path: Path) -> Iterator[File]:
    """The file, its header read."""
    try:
        file = path.open("rb")
    except OSError as trouble:
        said = f"{path.name} を読めません({reason(trouble)})。{remedy(trouble)}"
        raise FileTrouble(said) from None
    with file:
        yield File(file)


def read(path: Path) -> Iterator[Line]:
    """Every line of the file, here and now."""
    with opened(path) as file:
        for block in file.blocks():
            yield from lines(block, file.header)


@contextmanager
def _told_of(reader: Any, before: int = 0) -> Iterator[None]:
    try:
        yield
    except csv.Error:
        raise FileTrouble(
            f"{before + reader.line_num}行目の引用符が閉じていません。"
            "途中で切れていないか確かめてください。"
        ) from None


def _places(header: Sequence[str]) -> tuple[int, ...]:
    """For each layout column, where the file has it. None may be left out: that would empty an
    item of everybody, or drop the 抑止 of those who are protected, and nobody would be told."""
    known = [layout.BY_HEADER.get(name.strip()) for name in header]
    unknown = [str(i + 1) for i, column in enumerate(known) if column is None]
    if unknown:
        raise FileTrouble(
            f"見出しの{'、'.join(unknown[:COLUMNS_SHOWN_MAX])}列目は様式にない名前です。"
            "docs/reference/import.md の列の名前を使ってください。"
        )
    where = {column.name: i for i, column in enumerate(known) if column is not None}
    if len(where) != len(header):
        raise FileTrouble("見出しに同じ列が2度あります。")
    missing = [column.japanese for column in layout.COLUMNS if column.name not in where]
    if missing:
        more = f" など{len(missing)}列" if len(missing) > COLUMNS_SHOWN_MAX else ""
        raise FileTrouble(
            f"見出しに {'、'.join(missing[:COLUMNS_SHOWN_MAX])}{more} がありません。"
            "値がない列も、空欄のまま加えてください。"
        )
    return tuple(where[column.name] for column in layout.COLUMNS)
