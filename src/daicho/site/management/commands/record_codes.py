"""manage record_codes add [FILE] --as LOGIN | left: the stock of 住民票コード, from the terminal.

Who adds has the right to; how many are left concerns nobody, and a watch may ask it.
"""

import argparse
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.management.base import CommandError, CommandParser

from daicho.access import clock
from daicho.access.permits import system_permit
from daicho.register import record_codes
from daicho.site.management import OwnCommand
from daicho.site.operating import operator_arguments, permit_of
from daicho.site.trouble import Trouble, reason
from daicho.terms import numbers
from daicho.terms.malformed import Malformed

PURPOSE = "numbering.stock"


class Command(OwnCommand):
    help = (
        "受け取った空きの住民票コードを備えに加え(add)、残りの数を示します(left)。"
        "1行に1件。誤りが1件でもあれば、何も加えません。"
        "加えるのは付番の権限を持つ操作者です(--as)。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=("add", "left"), help="add 加える、left 数える")
        parser.add_argument(
            "file", type=Path, nargs="?", metavar="FILE", help="ファイル(なければ標準入力)"
        )
        operator_arguments(parser)

    def handle(self, *_args: Any, what: str, file: Path | None, **options: Any) -> None:
        if what == "add":
            self._add(_codes(_text(file)), argparse.Namespace(**options))
        self._tell_left()

    def _add(self, codes: list[str], asked: argparse.Namespace) -> None:
        try:
            added = record_codes.add(permit_of(asked, PURPOSE), codes)
        except Trouble as trouble:
            raise CommandError(f"{trouble}何も加えていません。") from None
        self.stdout.write(
            f"{added} 件を加えました(もうあるもの {len(codes) - added} 件は除きました)。"
        )

    def _tell_left(self) -> None:
        stock = record_codes.stock(system_permit("record_codes", clock.today(), uuid4()))
        self.stdout.write(f"残りは {stock.left} 件です。")
        for found in stock.findings:
            self.stderr.write(f"{found.what}{found.remedy}")


def _text(file: Path | None) -> str:
    where = file or "標準入力"
    try:
        return (file.read_bytes() if file else sys.stdin.buffer.read()).decode("utf-8-sig")
    except OSError as trouble:
        raise CommandError(f"{where} を読めません({reason(trouble)})。") from None
    except UnicodeDecodeError:
        raise CommandError(f"{where} は文字のファイルではありません(UTF-8)。") from None


def _codes(text: str) -> list[str]:
    """The codes of the lines that are not blank; the first wrong line is told by its number."""
    codes = []
    for at, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            codes.append(numbers.parse_resident_record_code(line.strip()))
        except Malformed as wrong:
            raise CommandError(f"{at} 行目: {wrong.message}何も加えていません。") from None
    if not codes:
        raise CommandError("住民票コードが1件もありません。何も加えていません。")
    return codes
