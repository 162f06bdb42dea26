"""restore FILE --data DIR: a backup into an empty folder, proven against its manifest."""

import argparse
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from daicho.site import embedded, installation
from daicho.site.database import archive, provisioning
from daicho.site.trouble import Trouble


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="控えのファイル")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="空のフォルダー")


def run(arguments: argparse.Namespace) -> int:
    data = arguments.data.absolute()
    if data.exists() and any(data.iterdir()):
        raise Trouble(f"{data} は空ではありません。空のフォルダーを指定してください。")
    with (
        archive.opened(arguments.file) as (manifest, dump),
        _whole_or_nothing(data),
        embedded.running(data, "restore") as on,
    ):
        wanted = installation.Installation(
            manifest.role,
            manifest.municipality,
            manifest.name,
            manifest.database,
            manifest.vault_keys,
            manifest.pack,
        )
        installation.provision(data, wanted, on)
        archive.load(installation.owners_url(data, wanted, on), dump)
        _prove(on.url(manifest.database), manifest)
        # last: only a proven folder is an installation
        installation.write(data, wanted)
    sys.stdout.write(
        f"{arguments.file} を {data} に戻し、控えと同じ中身であることを確かめました。\n"
        f"個人番号の鍵を {data}/secrets/vault_keys.json に置いてください"
        f"(鍵の指紋 {manifest.vault_keys})。鍵が装置にあるときは、装置を設定してください。\n"
    )
    return 0


@contextmanager
def _whole_or_nothing(data: Path) -> Iterator[None]:
    """The folder was empty: what is in it after a failure is ours, half done, of use to nobody."""
    try:
        yield
    except BaseException:
        for left in data.iterdir() if data.exists() else ():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        raise


def _prove(url: str, manifest: archive.Manifest) -> None:
    with psycopg.connect(url) as connection:
        ordered_by = provisioning.primary_keys(connection, manifest.tables)
        found = archive.digests(connection, ordered_by)
    wrong = sorted(name for name, said in manifest.tables.items() if found.get(name) != said)
    if wrong:
        raise Trouble(f"戻した表が控えの記録と違います({'、'.join(wrong)})。何も残していません。")
