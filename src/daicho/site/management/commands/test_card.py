"""manage test_card: a file that stands for a resident's card, in a made-up town alone."""

from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from daicho.access import clock
from daicho.access.own_log import cards as kept
from daicho.access.permits import system_permit
from daicho.law.own_log.stops import REVOKED
from daicho.site.demo import cards, operators
from daicho.site.management import OwnCommand


class Command(OwnCommand):
    help = "架空の町の住民の試験用カード(ファイル)を作り、又は失効させます。"

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument(
            "--record", type=UUID, metavar="ID", help="参照番号(record_id)の住民に作る"
        )
        which.add_argument("--revoke", metavar="SERIAL", help="その製造番号のカードを失効させる")
        parser.add_argument("--pin", type=_pin, help="暗証番号(数字4桁。なければ作ります)")
        reasons = "、".join(f"{code} {name}" for code, name in REVOKED.items())
        parser.add_argument("--reason", choices=sorted(REVOKED), default="lost", help=reasons)

    def handle(
        self, *_args: Any, record: UUID | None, revoke: str | None, pin: str | None, **options: Any
    ) -> None:
        if operators.have_ended():
            raise CommandError("試験用カードは、架空の町でだけ作れます。")
        if record is None:
            permit = system_permit("own_log", clock.today(), uuid4())
            if not kept.revoke(permit, str(revoke), options["reason"]):
                raise CommandError("その製造番号のカードはありません。")
            self.stdout.write("カードを失効させました。")
            return
        if not settings.RESIDENT_CA_FILE:
            raise CommandError("DAICHO_RESIDENT_CA が設定されていません。")
        if not _lives_here(record):
            raise CommandError("その参照番号の住民はいません。")
        data = Path(settings.RESIDENT_CA_FILE).parent.parent
        own_pin = pin or cards.fresh_pin()
        file = cards.make(data, record, own_pin)
        self.stdout.write(f"試験用カード {file}\n暗証番号 {own_pin}")


def _lives_here(record_id: UUID) -> bool:
    if not apps.is_installed("daicho.register"):
        return False
    from daicho.register import queries

    permit = system_permit("demo", clock.today(), uuid4())
    found = queries.person(permit, record_id)
    return found is not None and found.record.is_living


def _pin(text: str) -> str:
    if len(text) != cards.PIN_DIGITS or not (text.isascii() and text.isdecimal()):
        raise ArgumentTypeError("数字4桁で指定してください。")
    return text
