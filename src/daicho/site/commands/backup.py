"""backup FILE: the whole database and its proof in one sealed file; every key stays apart from it.

The key of the backup is on the disk before the file, and goes where the file was not written.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from daicho.site import installation
from daicho.site.commands import data_argument
from daicho.site.trouble import Trouble

if TYPE_CHECKING:
    from daicho.access.backup_keys.files import BackupKey
    from daicho.site.database.manifest import Manifest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    data_argument(parser)
    parser.add_argument("file", type=Path, metavar="FILE", help="書き出すファイル")


def run(arguments: argparse.Namespace) -> int:
    file: Path = arguments.file
    if file.exists():
        raise Trouble(f"{file} はもうあります。別の名前にしてください。")
    if not file.absolute().parent.is_dir():
        raise Trouble(f"{file.absolute().parent} というフォルダーがありません。")
    with installation.opened(arguments.data, "backup"):
        from daicho.access.backup_keys import files, steps

        if "DATABASE_OWNER_URL" not in os.environ:
            raise Trouble("DATABASE_OWNER_URL(所有者の接続先)を設定してください。")
        place = steps.folder()
        if place is not None and file.absolute().parent.resolve() == place.resolve():
            raise Trouble(f"{place} は控えの鍵のフォルダーです。控えは別の場所に書いてください。")
        with _key(file) as key:
            manifest = _written(file, key)
        assert place is not None, "the key lies in it"
        kept = files.file_of(place, key.backup_id)
    rows = sum(rows for rows, _ in manifest.tables.values())
    sys.stdout.write(
        f"{file} に書き出しました(追記のみの表 {len(manifest.tables)}、{rows} 行)。\n"
        f"封をしてあります。番号は {key.backup_id}、鍵は {kept} にあります。\n"
        "鍵の写しを、控えとは別の場所(金庫など)に保管してください。控えと鍵を一緒に置かないで"
        "ください。鍵がなければ、この控えは誰にも開けません。鍵を廃棄すると、この控えは終わります。\n"
        f"個人番号の鍵は入っていません(指紋 {manifest.vault_keys})。"
        f"鍵ファイル {arguments.data}/secrets/vault_keys.json の写しか、鍵の装置も、"
        "控えとは別の場所に保管してください。\n"
    )
    return 0


@contextmanager
def _key(file: Path) -> "Iterator[BackupKey]":
    """The key of this backup, for as long as it is written; where it was not, the key goes again.

    One that stays behind, because the process was killed, opens nothing.
    """
    from django.db import DatabaseError

    from daicho.access import clock
    from daicho.access.backup_keys import steps
    from daicho.access.backup_keys.files import KeyTrouble
    from daicho.access.permits import system_permit

    permit = system_permit(steps.JOB, clock.today(), uuid4())
    try:
        key = steps.begin(permit)
    except KeyTrouble as trouble:
        raise Trouble(str(trouble)) from None
    try:
        yield key
    except BaseException:
        if not _is_in(file, key):
            # what stopped the backup is what is told
            with suppress(DatabaseError, OSError):
                steps.give_up(permit, key.backup_id)
        raise


def _is_in(file: Path, key: "BackupKey") -> bool:
    """Is it this backup that has the name? What came meanwhile has another key, or none."""
    from daicho.site.database import sealed

    try:
        with file.open("rb") as read:
            return sealed.is_sealed(read) and sealed.backup_id(read, file) == key.backup_id
    except (FileNotFoundError, IsADirectoryError, PermissionError, Trouble):
        return False
    except OSError:  # nobody knows: the key stays
        return True


def _written(file: Path, key: "BackupKey") -> "Manifest":
    from django.conf import settings

    from daicho.site.database import archive, grants, migrating
    from daicho.vault import custody

    return archive.write(
        file,
        key,
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
