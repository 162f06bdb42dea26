"""manage office CODE: an office (入力場所) with its terminals (入力端末), from the terminal."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from daicho.access import staff
from daicho.law.purposes import OFFICE_KINDS
from daicho.site.management import OwnCommand

PARTS = 3


class Command(OwnCommand):
    help = "所属とその端末を登録します。ある所属は書き換えます。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="所属の符号")
        parser.add_argument("--name", required=True, help="所属の名前")
        kinds = [one.code for one in OFFICE_KINDS.values() if one.role == settings.ROLE.name]
        parser.add_argument("--kind", required=True, choices=sorted(kinds), help="所属の種別")
        parser.add_argument(
            "--ward", default=settings.MUNICIPALITY, help="区の符号(なければ市区町村)"
        )
        parser.add_argument(
            "--terminal", action="append", default=[], metavar="符号:名前:部屋", help="端末"
        )

    def handle(self, *_args: Any, code: str, terminal: list[str], **options: Any) -> None:
        rows = [one.split(":") for one in terminal]
        if any(len(row) != PARTS or not all(row) for row in rows):
            raise CommandError("--terminal は 符号:名前:部屋 の形で指定してください。")
        terminals = tuple(staff.TerminalRow(*row) for row in rows)
        staff.ensure_offices(
            (staff.OfficeRow(code, options["name"], options["kind"], options["ward"], terminals),)
        )
        self.stdout.write(f"所属 {code} と端末 {len(terminals)} 台を登録しました。")
