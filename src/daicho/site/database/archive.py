"""控え: one file with the whole database and a manifest that proves it; keys are kept apart.

The file is a tar of `manifest.json` and `database.dump` (pg_dump's own format). The manifest holds
the program's version, the migrations, the digest of the dump, and count and digest of every
append-only table as they stood in the dumped snapshot, so that a restore can be proven whole.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from daicho.site.postgres import binaries
from daicho.site.trouble import Trouble, on_disk
from daicho.terms.file_troubles import DISK_FULL, reason, remedy

MANIFEST, DUMP = "manifest.json", "database.dump"
FORMAT = 1
MANIFEST_BYTES_MAX = 1_000_000


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    format: int
    version: str
    role: str
    municipality: str
    name: str
    database: str
    migrations: tuple[str, ...]
    dump_sha256: str
    tables: Mapping[str, tuple[int, str]]  # append-only table -> rows, SHA-256
    vault_keys: str  # versions of the vault's keys, each with its fingerprint (`1:0f… 2:a3…`)
    pack: str = ""  # 規程の組, where it is not the municipality's own


def digests(
    connection: "psycopg.Connection[tuple[object, ...]]", tables: Mapping[str, Sequence[str]]
) -> dict[str, tuple[int, str]]:
    """Rows and SHA-256 of each table (name -> columns of its key), read as a stream."""
    found = {}
    for name, key in sorted(tables.items()):
        order = sql.SQL(", ").join(map(sql.Identifier, key))
        query = sql.SQL("COPY (SELECT * FROM {} ORDER BY {}) TO STDOUT").format(
            sql.Identifier(name), order
        )
        digest, rows = hashlib.sha256(), 0
        with connection.cursor().copy(query) as copy:
            for block in copy:
                digest.update(block)
                rows += bytes(block).count(b"\n")
        found[name] = (rows, digest.hexdigest())
    return found


@contextmanager
def _snapshot(url: str) -> Iterator["tuple[psycopg.Connection[tuple[object, ...]], str]"]:
    with psycopg.connect(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        yield connection, str(row[0])


def write(
    file: Path,
    url: str,
    tables: Mapping[str, Sequence[str]],
    about: Mapping[str, str],
    migrations: list[str],
) -> Manifest:
    """Write the backup of the database at `url`; `file` appears only when it is whole."""
    with on_disk(file), tempfile.TemporaryDirectory(dir=file.absolute().parent) as folder:
        dump = Path(folder) / DUMP
        with _snapshot(url) as (connection, snapshot):
            _run("pg_dump", url, "--format=custom", f"--snapshot={snapshot}", f"--file={dump}")
            kept = digests(connection, tables)
        manifest = Manifest(
            format=FORMAT,
            migrations=tuple(migrations),
            dump_sha256=_sha256(dump),
            tables=kept,
            **about,
        )
        said = Path(folder) / MANIFEST
        said.write_text(json.dumps(asdict(manifest), indent=1, sort_keys=True))
        whole = Path(folder) / "whole.tar"
        with tarfile.open(whole, "w") as archive:
            archive.add(said, MANIFEST)
            archive.add(dump, DUMP)
        with whole.open("rb+") as written:
            os.fsync(written.fileno())
        whole.chmod(0o600)
        whole.replace(file)
    return manifest


@contextmanager
def opened(file: Path) -> Iterator[tuple[Manifest, Path]]:
    """Open and prove a backup; gives its manifest and the dump, for as long as the block runs."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            with file.open("rb") as read, tarfile.open(fileobj=read, mode="r:") as archive:
                _extract(archive, Path(folder))
        except (tarfile.TarError, KeyError, EOFError):
            raise _broken(file) from None
        except OSError as refusal:
            if refusal.errno in DISK_FULL:
                raise
            said = f"{file} を読めません({reason(refusal)})。{remedy(refusal)}"
            raise Trouble(said) from None
        try:
            body = json.loads((Path(folder) / MANIFEST).read_text())
            tables = {name: (rows, digest) for name, (rows, digest) in body["tables"].items()}
            manifest = Manifest(
                **{**body, "tables": tables, "migrations": tuple(body["migrations"])}
            )
        except (ValueError, TypeError, KeyError, AttributeError):
            raise _broken(file) from None
        dump = Path(folder) / DUMP
        if manifest.format != FORMAT:
            raise Trouble("この控えは別の版の形式です。書き出した版のプログラムで戻してください。")
        if not dump.exists() or _sha256(dump) != manifest.dump_sha256:
            raise Trouble(f"{file} の中身が書き出したときと違います。別の控えを使ってください。")
        yield manifest, dump


def _broken(file: Path) -> Trouble:
    return Trouble(f"{file} はこのプログラムの控えではないか、壊れています。")


def _extract(archive: tarfile.TarFile, folder: Path) -> None:
    """The two members a backup has and nothing else; what another puts beside them stays there."""
    for name, bytes_max in ((MANIFEST, MANIFEST_BYTES_MAX), (DUMP, None)):
        member = archive.getmember(name)
        if not member.isfile() or (bytes_max is not None and member.size > bytes_max):
            raise tarfile.TarError(name)
        # not by `extract`: how it is told to trust no member differs between versions of Python
        content = archive.extractfile(member)
        if content is None:
            raise tarfile.TarError(name)
        with content, (folder / name).open("wb") as written:
            shutil.copyfileobj(content, written)


def load(url: str, dump: Path) -> None:
    """Load a dump into the database at `url`, in one transaction.

    As the database's owner, never as the superuser: a dump is a program, and one that somebody
    else made must not reach beyond this database.
    """
    words = ("--clean", "--if-exists", "--exit-on-error", "--single-transaction")
    _run("pg_restore", url, *words, str(dump))


def _run(program: str, url: str, *words: str) -> None:
    """Run one of PostgreSQL's programs; the password goes by the environment, not by `ps`."""
    parts = conninfo_to_dict(url)
    password = str(parts.pop("password", ""))
    where = make_conninfo("", **parts)  # with sslmode and whatever else the address asks for
    done = subprocess.run(
        [binaries.folder() / program, f"--dbname={where}", *words],
        env={**os.environ, "PGPASSWORD": password, "LC_ALL": "C"},
        check=False,
        capture_output=True,
        text=True,
    )
    if "No space left on device" in done.stderr:
        raise OSError(28, "No space left on device")
    if done.returncode:
        # PostgreSQL quotes rows in its errors; the first line names the step and no more
        first = next(iter(done.stderr.splitlines()), f"exit {done.returncode}")
        raise Trouble(f"{program} が失敗しました({first[:120]})。")


def _sha256(file: Path) -> str:
    with file.open("rb") as opened_file:
        return hashlib.file_digest(opened_file, "sha256").hexdigest()
