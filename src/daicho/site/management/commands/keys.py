"""manage keys FILE | --hardware: make the vault's first keys, once; none is ever overwritten."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from daicho.site.management import OwnCommand
from daicho.site.trouble import reason
from daicho.vault import fingerprints, keys
from daicho.vault.custody import Keeper


class Command(OwnCommand):
    help = "個人番号の鍵を、鍵ファイルか装置に新しく作ります。ある鍵は書き換えません。"
    requires_system_checks = ()  # the keys are one of the things they ask for

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", metavar="FILE", help="鍵ファイル")
        parser.add_argument(
            "--hardware", action="store_true", help="DAICHO_VAULT_PKCS11 の装置に作る"
        )

    def handle(self, *_args: Any, file: Path | None, hardware: bool, **_options: Any) -> None:
        if hardware == (file is not None):
            raise CommandError("鍵ファイルの名前か --hardware の、どちらか一つを指定してください。")
        if file is not None:
            self._in_file(file)
        else:
            self._in_hardware()

    def _in_file(self, file: Path) -> None:
        try:
            keys.create(file)
        except FileExistsError:
            raise CommandError(f"{file} はもうあります。") from None
        except OSError as trouble:
            raise CommandError(f"{file} を作れません({reason(trouble)})。") from None
        self.stdout.write(
            f"{file} を作りました(指紋 {_written(keys.KeyFile(file))})。\n"
            "写しを、控え(バックアップ)とは別の、安全な場所に保管してください。"
        )

    def _in_hardware(self) -> None:
        from daicho.vault.hardware import Token

        if not settings.VAULT_PKCS11:
            raise CommandError("DAICHO_VAULT_PKCS11 に、装置のモジュールを設定してください。")
        try:
            token = Token(settings.VAULT_PKCS11, settings.VAULT_TOKEN, settings.VAULT_PIN)
            if token.versions():
                raise CommandError("装置には鍵がもうあります。何も作っていません。")
            token.make(1)
        except keys.KeyTrouble as trouble:
            raise CommandError(str(trouble)) from None
        self.stdout.write(
            f"装置に鍵を作りました(指紋 {_written(token)})。\n"
            "装置の手順で、別の装置か装置の控えにも移してください。"
        )


def _written(keeper: Keeper) -> str:
    return fingerprints.written(keeper.versions())
