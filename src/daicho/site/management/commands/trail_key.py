"""manage trail_key FILE: make the key that signs the heads of the trail, once."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from daicho.access.proof import head_key
from daicho.site.management import OwnCommand
from daicho.site.trouble import reason


class Command(OwnCommand):
    help = "利用記録の先頭に署名する鍵ファイルを新しく作ります。ある鍵は書き換えません。"
    requires_system_checks = ()  # the key file is one of the things they ask for

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="鍵ファイル")

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        try:
            head_key.create(file)
        except FileExistsError:
            raise CommandError(f"{file} はもうあります。") from None
        except OSError as trouble:
            raise CommandError(f"{file} を作れません({reason(trouble)})。") from None
        public = head_key.load(file).public
        self.stdout.write(
            f"{file} を作りました。点検する人には、次の公開鍵を別の道で渡してください"
            f"(指紋 {head_key.fingerprint(public)})。\n{public}"
        )
