"""manage terminal CODE: the code by which a browser is registered as that terminal's."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from daicho.access import terminals
from daicho.site.management import OwnCommand


class Command(OwnCommand):
    help = "端末の登録番号を発行します。最初の端末は、このコマンドで登録します。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="端末の符号")
        parser.add_argument("--forget", action="store_true", help="端末の登録を取り消す")

    def handle(self, *_args: Any, code: str, forget: bool, **_options: Any) -> None:
        try:
            if forget:
                terminals.forget(None, code)
                self.stdout.write(f"端末 {code} の登録を取り消しました。")
                return
            typed = terminals.issue_code(None, code)
        except terminals.NoSuchTerminal:
            raise CommandError(f"使用中の端末に {code} はありません。") from None
        self.stdout.write(f"登録番号 {typed}({terminals.CODE_MINUTES}分間、一度だけ使えます)")
        self.stdout.write("その端末のブラウザで /terminal/register を開き、入力してください。")
