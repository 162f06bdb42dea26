"""manage vault_keys show | new | change | retire: the vault's keys, changed while people work."""

import sys
import time
from typing import Any
from uuid import uuid4

from django.core.management.base import CommandError, CommandParser

from daicho.access import clock
from daicho.access.permits import Permit, system_permit
from daicho.site.management import OwnCommand
from daicho.site.operating import works_here
from daicho.vault import custody, rekeying, versions
from daicho.vault.keys import KeyTrouble

SHOWN_MAX = 20


class Command(OwnCommand):
    help = (
        "個人番号の鍵の版を示し(show)、次の版を作り(new)、番号をその版に移し(change)、"
        "使い終わった版を廃棄します(retire)。窓口を止めずに行えます。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "what",
            choices=("show", "new", "change", "retire"),
            help="show 示す、new 作る、change 移す、retire 廃棄する",
        )
        parser.add_argument("version", type=int, nargs="?", metavar="版", help="廃棄する版の番号")
        parser.add_argument(
            "--in",
            dest="kind",
            choices=tuple(custody.KINDS),
            help="作る場所(file 鍵ファイル、token 装置。既定は装置、なければ鍵ファイル)",
        )
        parser.add_argument(
            "--by", dest="operator", metavar="操作者ID", help="廃棄する操作者(記録に残ります)"
        )

    def handle(self, *_args: Any, what: str, **options: Any) -> None:
        try:
            if what == "show":
                self._show()
                return
            with versions.alone() as alone:
                if not alone:
                    raise CommandError(
                        "鍵の命令が別のところで動いています。終わりを待ってください。"
                    )
                getattr(self, f"_{what}")(**options)
        except KeyTrouble as trouble:
            raise CommandError(str(trouble)) from None

    def _show(self) -> None:
        rows = versions.counts()
        self.stdout.write("版\t状態\t保管\t番号の件数\t指紋")
        for one in versions.registered():
            state, keeper = versions.STATES[one.state], custody.KINDS[one.keeper]
            count = rows.get(one.number, 0)
            self.stdout.write(f"{one.number}\t{state}\t{keeper}\t{count}\t{one.fingerprint}")
        ring = custody.ring()
        self.stdout.write(f"新しい番号は版 {ring.current}({ring.written()})で暗号化します。")

    def _new(self, *, kind: str | None, **_: Any) -> None:
        chosen = kind or custody.keepers()[0].kind
        made = rekeying.make(_permit(rekeying.JOB), chosen)
        self.stdout.write(
            f"版 {made.number} を{custody.KINDS[chosen]}に作りました(指紋 {made.fingerprint})。\n"
            "先に、鍵ファイルなら写しを控えとは別の安全な場所へ(ほかのサーバーがあれば、そこにも)、\n"
            "装置なら装置の手順でその控えへ移してください。それから change で切り替えます。"
        )

    def _change(self, **_: Any) -> None:
        done = rekeying.change(_permit(rekeying.JOB), _Progress())
        self.stdout.write(f"{done.row_count} 件を版 {done.version} に移しました。")
        for record_id in done.unreadable[:SHOWN_MAX]:
            self.stderr.write(f"開けない番号があります(記録 {record_id})。元のまま残しています。")
        if done.left_count:
            raise CommandError(
                f"前の版のものが {done.left_count} 件残っています。"
                "もう一度 change を実行してください。"
                "開けない番号は、番号の通知から入れ直すまで残ります。"
            )
        self.stdout.write("前の版の鍵は、retire で廃棄できます。")

    def _retire(self, *, version: int | None, operator: str | None, **_: Any) -> None:
        if version is None or not operator:
            raise CommandError("廃棄する版と、--by 操作者ID を指定してください。")
        if not works_here(operator):
            raise CommandError(
                f"{operator} という操作者はいないか、終わっています。廃棄していません。"
            )
        done = rekeying.retire(_permit(rekeying.JOB), version, operator)
        where = custody.KINDS[done.keeper]
        said = "廃棄しました" if done.were_here else "閉じました(鍵はここにありませんでした)"
        self.stdout.write(
            f"版 {done.version}({where}、指紋 {done.fingerprint})を{said}。利用記録が証明です。\n"
            "この版で暗号化された控え(バックアップ)の個人番号は、読めなくなります。\n"
            "別に保管してある写しは、この記録とともに、定めた方法で廃棄してください。"
        )


def _permit(job: str) -> Permit:
    return system_permit(job, clock.today(), uuid4())


class _Progress:
    """途中経過: what is done and how fast, on standard error, every second at the most."""

    def __init__(self) -> None:
        self._began = self._told = time.monotonic()

    def __call__(self, rows: int) -> None:
        now = time.monotonic()
        if now - self._told < 1:
            return
        self._told = now
        sys.stderr.write(f"{rows:,} 件 {now - self._began:.0f} 秒\n")
        sys.stderr.flush()
