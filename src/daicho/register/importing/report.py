"""照合報告: what an import leaves for the person who has to answer for it.

A folder of two files, mode 0600: `report.md`, counts without personal data that can be shown to
anyone, and `refused.csv`, the refused lines as they were read, to be mended and read again.
"""

import csv
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TextIO

from daicho.law.migration import explained
from daicho.law.rule import FINDINGS
from daicho.register import layout
from daicho.register.importing import staging
from daicho.register.importing.run import Outcome
from daicho.register.reading import csv_file

LINES_SHOWN_MAX = 20
_JAPANESE = {column.name: column.japanese for column in layout.COLUMNS}


def write(folder: Path, source: Path, outcome: Outcome, *, trial: bool) -> None:
    """Write both files; called by the import while its refusals can still be read."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _private(folder / "report.md") as report:
        report.writelines(_lines(outcome, _where(), trial=trial))
    with _private(folder / "refused.csv") as refused:
        _write_refused(refused, source)


def _private(file: Path) -> TextIO:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return os.fdopen(handle, "w", encoding="utf-8", newline="")


def _where() -> Mapping[str, Mapping[str, list[int]]]:
    """The first lines that each code refuses, apart for each column (blank: the whole line)."""
    found: dict[str, dict[str, list[int]]] = {}
    for line, code, column in staging.faults():
        lines = found.setdefault(code, {}).setdefault(column, [])
        if len(lines) <= LINES_SHOWN_MAX and line not in lines[-1:]:
            lines.append(line)
    return found


def _lines(
    outcome: Outcome, where: Mapping[str, Mapping[str, list[int]]], *, trial: bool
) -> Iterator[str]:
    yield f"# 取込みの照合報告{'(試行: 何も書き込んでいません)' if trial else ''}\n\n"
    yield "| 区分 | 行数 |\n|---|---:|\n"
    yield f"| 読んだ行 | {outcome.lines} |\n"
    yield f"| 受け入れた行 | {outcome.accepted} |\n"
    yield f"| すでに同じ内容がある行 | {outcome.unchanged} |\n"
    yield f"| 拒んだ行 | {outcome.refused_lines} |\n"
    if outcome.refused:
        yield "\n## 拒んだ理由\n\n| 符号 | 件数 | 内容と対応 | 列と行 |\n|---|---:|---|---|\n"
        for code, count in sorted(outcome.refused.items()):
            yield f"| {code} | {count} | {_explained(code)} | {_places(where.get(code, {}))} |\n"
    if outcome.alerts:
        yield "\n## 受け入れたが確かめたいこと\n\n| 符号 | 件数 | 内容と対応 |\n|---|---:|---|\n"
        for code, count in sorted(outcome.alerts.items()):
            yield f"| {code} | {count} | {_explained(code)} |\n"


def _explained(code: str) -> str:
    if code not in FINDINGS:
        return "この列に入力できない値です。様式(docs/reference/import.md)を確かめてください。"
    return explained(code)


def _places(lines_of: Mapping[str, list[int]]) -> str:
    return "<br>".join(
        f"{_JAPANESE.get(column, column) or '行全体'}: {_some(lines)}"
        for column, lines in sorted(lines_of.items())
    )


def _some(lines: list[int]) -> str:
    shown = "、".join(str(line) for line in lines[:LINES_SHOWN_MAX])
    return f"{shown} ほか" if len(lines) > LINES_SHOWN_MAX else shown


def _write_refused(file: TextIO, source: Path) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(column.japanese for column in layout.COLUMNS)
    refused = (line for line, _code, _column in staging.faults())
    waiting = next(refused, None)
    if waiting is None:
        return
    for line in csv_file.read(source):
        if line.number == waiting:
            writer.writerow(line.cells)
            while waiting == line.number:
                waiting = next(refused, None)
        if waiting is None:
            return
