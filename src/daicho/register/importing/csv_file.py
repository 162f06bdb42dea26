"""移行ファイルの読取り: lines of an untrusted CSV, one at a time, in constant memory.

What is wrong with the file as a whole (encoding, header, a line without end) ends the reading with
`FileTrouble`, which names the line and never quotes it.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from daicho.register import layout

LINE_BYTES_MAX = 1_000_000  # the longest lawful line is some 20 kB


class FileTrouble(Exception):
    """The file cannot be read as a register; the sentence is for the operator."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number in the file (the header is 1), and a cell for each layout column."""

    number: int
    cells: Sequence[str]


def _lines(file: BinaryIO) -> Iterator[str]:
    """Decode line by line, with a bound on the length of each."""
    number = 0
    while block := file.readline(LINE_BYTES_MAX):
        number += 1
        if len(block) == LINE_BYTES_MAX and not block.endswith(b"\n"):
            raise FileTrouble(f"{number}行目が長すぎます(1行は{LINE_BYTES_MAX}バイトまで)。")
        if b"\0" in block:
            raise FileTrouble(f"{number}行目に文字でないデータがあります。CSVを指定してください。")
        try:
            yield block.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise FileTrouble(
                f"{number}行目がUTF-8ではありません。文字コードをUTF-8にして書き出してください。"
            ) from None


def read(path: Path) -> Iterator[Line]:
    """The lines of the file, each with its cells in the order of `layout.COLUMNS`."""
    try:
        with path.open("rb") as file:
            yield from _read(file)
    except OSError as trouble:
        raise FileTrouble(f"{path.name} を読めません({trouble.strerror})。") from None


def _read(file: BinaryIO) -> Iterator[Line]:
    reader = csv.reader(_lines(file), strict=True)
    places: Sequence[int | None] = ()
    width = 0
    try:
        for cells in reader:
            if reader.line_num == 1 or not width:
                places, width = _places(cells), len(cells)
                continue
            if not cells:
                continue
            if len(cells) != width:
                raise FileTrouble(
                    f"{reader.line_num}行目の列の数が{len(cells)}です(見出しは{width})。"
                    "ファイルが途中で切れていないか確かめてください。"
                )
            yield Line(reader.line_num, [cells[i] if i is not None else "" for i in places])
    except csv.Error:
        raise FileTrouble(
            f"{reader.line_num}行目の引用符が閉じていません。途中で切れていないか確かめてください。"
        ) from None
    if not width:
        raise FileTrouble("ファイルが空です。")


def _places(header: Sequence[str]) -> Sequence[int | None]:
    """For each layout column, where the file has it; a column left out is blank."""
    known = [layout.BY_HEADER.get(name.strip()) for name in header]
    unknown = [str(i + 1) for i, column in enumerate(known) if column is None]
    if unknown:
        raise FileTrouble(
            f"見出しの{'、'.join(unknown[:10])}列目は様式にない名前です。"
            "docs/reference/import.md の列の名前を使ってください。"
        )
    where = {column.name: i for i, column in enumerate(known) if column is not None}
    if len(where) != len(header):
        raise FileTrouble("見出しに同じ列が2度あります。")
    missing = [c.japanese for c in layout.COLUMNS if c.required and c.name not in where]
    if missing:
        raise FileTrouble(f"見出しに必要な列がありません: {'、'.join(missing)}")
    return [where.get(column.name) for column in layout.COLUMNS]
