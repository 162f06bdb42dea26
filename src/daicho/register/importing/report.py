"""照合報告: what an import leaves for the person who has to answer for it.

A folder of three files, mode 0600: `report.md`, counts without personal data that can be shown to
anyone; `refused.csv`, the refused lines as they were read, to be mended and read again; and
`reasons.csv`, each reason of each of these lines with its number in both files.
"""

import csv
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TextIO

from daicho.law.entries.case import TITLES
from daicho.law.migration import THE_ITEM, explained
from daicho.register import layout
from daicho.register.importing import staging
from daicho.register.importing.run import Outcome
from daicho.register.importing.staging import Refusal
from daicho.register.reading import csv_file

LINES_SHOWN_MAX = 20
SENTENCES_MAX = 50  # of one code; a file may hold any number of characters that no name can have
WHOLE_LINE = "行全体"
REASONS = ("元のファイルの行", "refused.csvの行", "列", "符号", "内容と対応")
_MORE = "このほかの内容は reasons.csv にあります。"
_JAPANESE = {column.name: column.japanese for column in layout.COLUMNS}


@dataclass(slots=True)
class _Reason:
    """One sentence: how often it was said, and the first lines for each column."""

    count: int = 0
    lines_of: dict[str, list[int]] = field(default_factory=dict)

    def add(self, one: Refusal) -> None:
        self.count += 1
        lines = self.lines_of.setdefault(one.column, [])
        if len(lines) <= LINES_SHOWN_MAX and one.line not in lines[-1:]:
            lines.append(one.line)


def write(folder: Path, source: Path, outcome: Outcome, *, trial: bool) -> None:
    """Write the files; called by the import while its refusals can still be read."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _private(folder / "report.md") as report:
        report.writelines(_lines(outcome, _reasons(), trial=trial))
    with _private(folder / "refused.csv") as refused, _private(folder / "reasons.csv") as reasons:
        _write_refused(refused, reasons, source)


def _private(file: Path) -> TextIO:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return os.fdopen(handle, "w", encoding="utf-8", newline="")


def _reasons() -> Mapping[str, Mapping[str, _Reason]]:
    """What refuses lines: by code, and by the sentence of the cell (blank: that of the code)."""
    found: dict[str, dict[str, _Reason]] = {}
    for one in staging.faults():
        said = found.setdefault(one.code, {})
        what = one.what if one.what in said or len(said) < SENTENCES_MAX else _MORE
        said.setdefault(what, _Reason()).add(one)
    return found


def _lines(
    outcome: Outcome, reasons: Mapping[str, Mapping[str, _Reason]], *, trial: bool
) -> Iterator[str]:
    yield f"# 取込みの照合報告{'(試行: 何も書き込んでいません)' if trial else ''}\n\n"
    yield "| 区分 | 行数 |\n|---|---:|\n"
    yield f"| 読んだ行 | {outcome.lines} |\n"
    yield f"| 受け入れた行 | {outcome.accepted} |\n"
    yield f"| すでに同じ内容がある行 | {outcome.unchanged} |\n"
    yield f"| 拒んだ行 | {outcome.refused_lines} |\n"
    if reasons:
        yield "\n## 拒んだ理由\n\nすべての行は reasons.csv にあります。\n\n"
        yield "| 符号 | 件数 | 内容と対応 | 列と行 |\n|---|---:|---|---|\n"
    for code, said in sorted(reasons.items()):
        for what, one in sorted(said.items()):
            yield f"| {code} | {one.count} | {_told(code, what)} | {_places(one.lines_of)} |\n"
    if outcome.alerts:
        yield "\n## 受け入れたが確かめたいこと\n\n"
        yield "| 符号 | 項目 | 件数 | 内容と対応 |\n|---|---|---:|---|\n"
    for (code, column), count in sorted(outcome.alerts.items()):
        title = _title(column)
        yield f"| {code} | {title} | {count} | {explained(code, title or THE_ITEM)} |\n"


def _told(code: str, what: str, title: str = "") -> str:
    """The sentence of a cell, or what the law says of the code."""
    return what or explained(code, title or THE_ITEM)


def _title(column: str) -> str:
    """What a clerk calls the column or item of a finding; blank where it is about none."""
    return _JAPANESE.get(column) or TITLES.get(column, column)


def _places(lines_of: Mapping[str, list[int]]) -> str:
    return "<br>".join(
        f"{_title(column) or WHOLE_LINE}: {_some(lines)}"
        for column, lines in sorted(lines_of.items())
    )


def _some(lines: list[int]) -> str:
    shown = "、".join(str(line) for line in lines[:LINES_SHOWN_MAX])
    return f"{shown} ほか" if len(lines) > LINES_SHOWN_MAX else shown


def _write_refused(refused: TextIO, reasons: TextIO, source: Path) -> None:
    """The refused lines, and beside them why; lines are counted as the import counts them."""
    lines, whys = csv.writer(refused, lineterminator="\n"), csv.writer(reasons, lineterminator="\n")
    lines.writerow(column.japanese for column in layout.COLUMNS)
    whys.writerow(REASONS)
    read, last = csv_file.read(source), 1
    for number, of_line in groupby(staging.faults(), attrgetter("line")):
        line = next((one for one in read if one.number == number), None)
        if line is None:
            raise csv_file.FileTrouble(
                "取込みの間にファイルが変わりました。もう一度取り込んでください。"
            )
        lines.writerow(line.cells)
        last += 1 + sum(cell.count("\n") for cell in line.cells)
        for one in of_line:
            title = _title(one.column)
            told = _told(one.code, one.what, title)
            whys.writerow((number, last, title or WHOLE_LINE, one.code, told))
