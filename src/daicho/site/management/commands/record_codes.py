"""manage record_codes add [FILE] | left: the stock of 住民票コード, from the terminal."""

import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.management.base import CommandError, CommandParser

from daicho.access import clock
from daicho.access.permits import Permit, system_permit
from daicho.register import record_codes
from daicho.site.management import OwnCommand
from daicho.site.trouble import reason
from daicho.terms import numbers
from daicho.terms.malformed import Malformed


class Command(OwnCommand):
    help = (
        "受け取った空きの住民票コードを備えに加え(add)、残りの数を示します(left)。"
        "1行に1件。誤りが1件でもあれば、何も加えません。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=("add", "left"), help="add 加える、left 数える")
        parser.add_argument(
            "file", type=Path, nargs="?", metavar="FILE", help="ファイル(なければ標準入力)"
        )

    def handle(self, *_args: Any, what: str, file: Path | None, **_options: Any) -> None:
        permit = system_permit("record_codes", clock.today(), uuid4())
        if what == "add":
            codes = _codes(_text(file))
            added = record_codes.add(permit, codes)
            self.stdout.write(
                f"{added} 件を加えました(もうあるもの {len(codes) - added} 件は除きました)。"
            )
        self._tell_left(permit)

    def _tell_left(self, permit: Permit) -> None:
        stock = record_codes.stock(permit)
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
