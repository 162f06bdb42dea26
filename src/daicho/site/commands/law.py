"""law [ARTICLE]: from an article to its rules, findings, tables, law tests and screens."""

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from daicho.law import index
from daicho.law.purposes import PURPOSES

TESTS = Path(__file__).parents[4] / "tests" / "law"
_RULE = re.compile(r"^rule: *([\w.]+)", re.MULTILINE)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "article",
        nargs="*",
        metavar="条項",
        help="例: 22、住民基本台帳法22条1項、標準 4.0.3(なければすべて)",
    )


def run(arguments: argparse.Namespace) -> int:
    asked = " ".join(arguments.article)
    tests = law_tests()
    if not asked:
        sys.stdout.writelines(line for entry in index.entries(tests) for line in lines(entry))
        return 0
    answer = index.find(asked, tests)
    sys.stdout.write(f"{answer.message}\n")
    sys.stdout.writelines(line for entry in answer.entries for line in lines(entry))
    for gap in answer.gaps:
        sys.stdout.write(f"  書いていない理由: {gap.reason}\n")
    return 0 if answer.entries or answer.gaps else 1


def law_tests() -> Mapping[str, Sequence[str]]:
    """The files of law tests by the name of their rule; none where only the program is there."""
    found: dict[str, list[str]] = {}
    for file in sorted(TESTS.glob("*.yaml")):
        for rule in _RULE.findall(file.read_text("utf-8")):
            found.setdefault(rule, []).append(f"tests/law/{file.name}")
    return found


def lines(entry: index.Entry) -> Iterator[str]:
    """One article as lines for the terminal."""
    yield f"\n{entry.article.japanese}\n"
    for rule in entry.rules:
        until = f"{rule.until}まで" if rule.until else ""
        yield f"  規則 {rule.name}({rule.since}から{until}) {rule.japanese}\n"
    for finding in entry.findings:
        yield f"  判定 {finding.code}({'エラー' if finding.refuses else 'アラート'})\n"
    for row in entry.rows:
        yield f"  表   law/tables/{row.file}.toml {row.place}行目\n"
    for test in entry.tests:
        yield f"  試験 {test}\n"
    for screen in screens(entry):
        yield f"  画面 {screen}\n"


def screens(entry: index.Entry) -> tuple[str, ...]:
    """The screens and operations whose purpose rests on the article."""
    names = {
        function
        for purpose in PURPOSES
        if entry.article in purpose.cites
        for function in purpose.functions
    }
    return tuple(sorted(names))
