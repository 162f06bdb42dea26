"""manage keys FILE: make the vault's key file (mode 0600), once; it is never overwritten."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from daicho.site.management import OwnCommand
from daicho.site.trouble import reason
from daicho.vault import keys


class Command(OwnCommand):
    help = "個人番号の鍵ファイルを新しく作ります。ある鍵は書き換えません。"
    requires_system_checks = ()  # the key file is one of the things they ask for

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="鍵ファイル")

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        try:
            keys.create(file)
        except FileExistsError:
            raise CommandError(f"{file} はもうあります。") from None
        except OSError as trouble:
            raise CommandError(f"{file} を作れません({reason(trouble)})。") from None
        self.stdout.write(
            f"{file} を作りました(指紋 {keys.fingerprint(keys.load(file))})。\n"
            "写しを、控え(バックアップ)とは別の、安全な場所に保管してください。"
        )
