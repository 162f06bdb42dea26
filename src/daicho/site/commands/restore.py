"""restore FILE --data DIR: a backup into an empty folder, proven against its manifest."""

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from daicho.access import clock
from daicho.access.backup_keys import files
from daicho.access.backup_keys.files import BackupKey, KeyTrouble
from daicho.site import embedded, installation
from daicho.site.database import archive, dumping, provisioning
from daicho.site.database.manifest import Manifest
from daicho.site.trouble import Trouble, say

_KNOWS_THE_NETWORK = (
    "SELECT to_regprocedure('public.network_came_back(bigint, boolean)') IS NOT NULL"
)
_CAME_BACK = "SELECT public.network_came_back(%s, %s)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="控えのファイル")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="空のフォルダー")
    parser.add_argument(
        "--key",
        type=Path,
        metavar="KEYFILE",
        help="控えの鍵のファイル(なければ、ここの控えの鍵のフォルダーから探します)",
    )


def run(arguments: argparse.Namespace) -> int:
    data = arguments.data.absolute()
    if data.exists() and any(data.iterdir()):
        raise Trouble(f"{data} は空ではありません。空のフォルダーを指定してください。")
    with archive.opened(arguments.file, lambda needed: _key(needed, arguments.key)) as found:
        manifest = found.manifest
        if not found.is_sealed:
            say(
                f"注意: {arguments.file} は封をしていない以前の控えで、鍵がなくても読めます。"
                "戻した後は ./daicho backup で新しい控えを作り、これは写しまで廃棄してください。"
            )
        with _whole_or_nothing(data), embedded.running(data, "restore") as on:
            wanted = _installation(manifest)
            installation.provision(data, wanted, on)
            dumping.load(installation.owners_url(data, wanted, on), found.pour)
            _prove(on.url(manifest.database), manifest)
            _tell_the_network(on.url(manifest.database), manifest)
            # last: only a proven folder is an installation
            installation.write(data, wanted)
    sys.stdout.write(
        f"{arguments.file} を {data} に戻し、控えと同じ中身であることを確かめました。\n"
        f"個人番号の鍵を {data}/secrets/vault_keys.json に置いてください"
        f"(鍵の指紋 {manifest.vault_keys})。鍵が装置にあるときは、装置を設定してください。\n"
    )
    return 0


def _key(needed: str, given: Path | None) -> BackupKey:
    """The key of a backup: the file that is given, or the one among the keys here."""
    if files.made_at(needed) is None:
        raise Trouble("控えの番号が正しくありません。別の控えを使ってください。")
    here = installation.backup_keys_of(Path(os.environ.get("DAICHO_DATA", "var")))
    file = given or files.file_of(here, needed)
    if given is None and not file.exists():
        raise Trouble(
            f"この控え(番号 {needed})の鍵が {here} にありません。"
            "別に保管してある鍵を --key で指定してください。"
            "鍵を廃棄した控えは、誰にも開けません。何も戻していません。"
        )
    try:
        return files.load(file.absolute(), needed)
    except KeyTrouble as trouble:
        raise Trouble(f"{trouble}何も戻していません。") from None


def _installation(manifest: Manifest) -> installation.Installation:
    return installation.Installation(
        manifest.role,
        manifest.municipality,
        manifest.name,
        manifest.database,
        manifest.vault_keys,
        manifest.pack,
    )


@contextmanager
def _whole_or_nothing(data: Path) -> Iterator[None]:
    """The folder was empty: what is in it after a failure is ours, half done, of use to nobody."""
    try:
        yield
    except BaseException:
        for left in data.iterdir() if data.exists() else ():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        raise


def _tell_the_network(url: str, manifest: Manifest) -> None:
    """What was sent and received since is forgotten: the neighbours are asked first."""
    now_ms = int(clock.now().timestamp() * 1000)
    with psycopg.connect(url) as connection:
        if connection.execute(_KNOWS_THE_NETWORK).fetchone() == (True,):
            connection.execute(_CAME_BACK, [now_ms, manifest.role == "municipality"])


def _prove(url: str, manifest: Manifest) -> None:
    with psycopg.connect(url) as connection:
        ordered_by = provisioning.primary_keys(connection, manifest.tables)
        found = archive.digests(connection, ordered_by)
    wrong = sorted(name for name, said in manifest.tables.items() if found.get(name) != said)
    if wrong:
        raise Trouble(f"戻した表が控えの記録と違います({'、'.join(wrong)})。何も残していません。")
