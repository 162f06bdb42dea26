"""backup FILE: the whole database and its proof in one file; the vault's keys stay apart."""

import argparse
import os
import sys
from pathlib import Path
from uuid import uuid4

from daicho.site import installation
from daicho.site.commands import data_argument
from daicho.site.trouble import Trouble


def add_arguments(parser: argparse.ArgumentParser) -> None:
    data_argument(parser)
    parser.add_argument("file", type=Path, metavar="FILE", help="書き出すファイル")


def run(arguments: argparse.Namespace) -> int:
    if arguments.file.exists():
        raise Trouble(f"{arguments.file} はもうあります。別の名前にしてください。")
    if not arguments.file.absolute().parent.is_dir():
        raise Trouble(f"{arguments.file.absolute().parent} というフォルダーがありません。")
    with installation.opened(arguments.data, "backup"):
        from django.conf import settings
        from django.db import transaction

        from daicho.access import clock
        from daicho.access.permits import look, system_permit
        from daicho.site.database import archive, grants, migrating
        from daicho.vault import custody

        if "DATABASE_OWNER_URL" not in os.environ:
            raise Trouble("DATABASE_OWNER_URL(所有者の接続先)を設定してください。")
        with transaction.atomic():
            look(system_permit("backup", clock.today(), uuid4()), "backup", "backup")
        manifest = archive.write(
            arguments.file,
            os.environ["DATABASE_OWNER_URL"],
            grants.keys_of_append_only_tables(),
            {
                "version": settings.VERSION,
                "role": settings.ROLE.name,
                "municipality": settings.MUNICIPALITY,
                "name": settings.BODY_NAME,
                "database": settings.DATABASES["default"]["NAME"],
                "vault_keys": custody.ring().written(),
                "pack": settings.POLICY_PACK,
            },
            migrating.applied(),
        )
    rows = sum(rows for rows, _ in manifest.tables.values())
    sys.stdout.write(
        f"{arguments.file} に書き出しました(追記のみの表 {len(manifest.tables)}、{rows} 行)。\n"
        f"個人番号の鍵は入っていません(指紋 {manifest.vault_keys})。"
        f"鍵ファイル {arguments.data}/secrets/vault_keys.json の写しか、鍵の装置を、"
        "控えとは別の場所に保管してください。\n"
    )
    return 0
