"""manage backup_keys show | destroy: the keys of the backups, by which those end."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.management.base import CommandError, CommandParser

from daicho.access import clock
from daicho.access.backup_keys import files, steps
from daicho.access.backup_keys.files import KeyTrouble
from daicho.access.permits import system_permit
from daicho.law.retention import kinds
from daicho.site.management import OwnCommand
from daicho.site.operating import works_here
from daicho.terms.dates import wareki


class Command(OwnCommand):
    help = (
        "控え(バックアップ)の鍵を示し(show)、廃棄します(destroy)。"
        "鍵を廃棄した控えは、写しまですべて、誰にも開けなくなります。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=("show", "destroy"), help="show 示す、destroy 廃棄する")
        parser.add_argument("backup_id", nargs="?", metavar="番号", help="廃棄する控えの番号")
        parser.add_argument(
            "--by", dest="operator", metavar="操作者ID", help="廃棄する操作者(記録に残ります)"
        )

    def handle(self, *_args: Any, what: str, **options: Any) -> None:
        try:
            self._show() if what == "show" else self._destroy(**options)
        except KeyTrouble as trouble:
            raise CommandError(str(trouble)) from None

    def _show(self) -> None:
        today = clock.today()
        self.stdout.write("番号\t作った日\t控えの保存期間")
        for backup_id, at in files.kept(steps.folder()).items():
            made_on = at.date()
            until_on = made_on + timedelta(days=kinds.kind("backup", made_on).days)
            said = f"{wareki(until_on)}まで" if today <= until_on else "過ぎた(廃棄する)"
            self.stdout.write(f"{backup_id}\t{wareki(made_on)}\t{said}")

    def _destroy(self, *, backup_id: str | None, operator: str | None, **_: Any) -> None:
        if not backup_id or not operator:
            raise CommandError("廃棄する控えの番号と、--by 操作者ID を指定してください。")
        if not works_here(operator):
            raise CommandError(
                f"{operator} という操作者はいないか、終わっています。廃棄していません。"
            )
        steps.destroy(system_permit(steps.JOB, clock.today(), uuid4()), backup_id, operator)
        self.stdout.write(
            f"控え {backup_id} の鍵を廃棄しました。利用記録が証明です。\n"
            "この控えは、写しまですべて、ここの鍵ではもう開けません。\n"
            "別に保管してある鍵の写しは、この記録とともに、定めた方法で廃棄してください。"
        )
