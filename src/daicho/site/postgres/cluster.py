"""The cluster on disk: made whole or not at all, of our version, owned by the server's user."""

import os
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

from daicho.site.postgres import binaries, userns
from daicho.site.trouble import Trouble, disk_full, on_disk, say, tells_full_disk

SUPERUSER = "daicho"
LOCALE = "C.UTF-8"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": "/nonexistent"}
_UNFINISHED = "postgres.new-"
_NOT_DURABLE_MARK = "daicho-not-durable"
_INITDB_SECONDS_MAX = 600


def ready(data: Path, who: userns.Identity, *, durable: bool) -> tuple[Path, str]:
    """データベースの置き場所を整える: the cluster's folder and its superuser's password."""
    place, secret = data / "postgres", data / "secrets" / "postgres"
    with on_disk(data):
        _open_the_way(data, who)
        secret.parent.mkdir(mode=0o700, exist_ok=True)
        if not place.exists():
            _create(place, _password(secret, make=True), who, durable=durable)
        _check(place, durable=durable)
        _hand_over(place, who)
        return place, _password(secret, make=False)


def _password(file: Path, *, make: bool) -> str:
    if make and not file.exists():
        unfinished = file.with_suffix(".new")
        unfinished.touch(mode=0o600)
        unfinished.write_text(secrets.token_urlsafe(32))
        _sync(unfinished)
        unfinished.rename(file)
        _sync(file.parent)
    if not file.exists():
        raise Trouble(
            f"データベースの鍵 {file} がありません。"
            "このデータと同じ時のバックアップから secrets フォルダーを戻してください。"
        )
    return file.read_text()


def _create(place: Path, password: str, who: userns.Identity, *, durable: bool) -> None:
    """initdb, in a folder beside it, renamed when whole: a killed first start leaves nothing."""
    for left in place.parent.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(left, ignore_errors=True)
    # A name of its own: what a killed start has running may still be tidying up the last one.
    unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=place.parent))
    os.chown(unfinished, who.uid, who.gid)
    # The password reaches initdb through memory, never through a second file.
    memory = os.memfd_create("password")
    say("データベースを作っています…")
    try:
        os.write(memory, password.encode())
        run = subprocess.run(
            _initdb(unfinished, f"/proc/self/fd/{memory}", who, durable=durable),
            env=ENVIRONMENT,
            pass_fds=(memory,),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=_INITDB_SECONDS_MAX,
        )
    except subprocess.TimeoutExpired as late:
        raise Trouble(f"データベースを {place} に作る処理が終わりません。") from late
    finally:
        os.close(memory)
    if run.returncode != 0:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise _initdb_failed(run.stderr, place)
    if not durable:
        (unfinished / _NOT_DURABLE_MARK).touch()
    unfinished.rename(place)
    _sync(place.parent)


def _initdb(place: Path, pwfile: str, who: userns.Identity, *, durable: bool) -> list[str]:
    return [
        *userns.launcher(who.mode),
        str(binaries.folder() / "initdb"),
        f"--pgdata={place}",
        f"--username={SUPERUSER}",
        f"--pwfile={pwfile}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale-provider=libc",
        f"--locale={LOCALE}",
        "--lc-messages=C",
        "--data-checksums",
        *([] if durable else ["--no-sync"]),
    ]


def _initdb_failed(messages: str, place: Path) -> Trouble:
    if tells_full_disk(messages):
        return disk_full(place)
    if "invalid locale" in messages:
        return Trouble(
            f"この機械には文字の並び {LOCALE} がありません（glibc 2.35 以上が必要です）。"
        )
    last = "\n".join(messages.strip().splitlines()[-3:])
    return Trouble(f"データベースを {place} に作れませんでした。\n{last}")


def _check(place: Path, *, durable: bool) -> None:
    version_file = place / "PG_VERSION"
    version = version_file.read_text().strip() if version_file.exists() else ""
    if not version:
        raise Trouble(
            f"{place} は PostgreSQL のデータではありません。フォルダーを確かめてください。"
        )
    if version != str(binaries.MAJOR):
        raise Trouble(
            f"{place} は PostgreSQL {version} のデータですが、"
            f"この台帳は {binaries.MAJOR} で動きます。"
            "作った版の台帳で ./daicho backup し、この版で ./daicho restore してください。"
        )
    if not durable and not (place / _NOT_DURABLE_MARK).exists():
        raise Trouble(
            f"{place} は本物のデータなので、書き込みを確かめない設定（試験用）では動かしません。"
        )


def _hand_over(place: Path, who: userns.Identity) -> None:
    """Give the cluster to the server's user; the folder itself last, so that it is all or again."""
    owner = place.stat().st_uid
    if owner == who.uid:
        return
    if os.geteuid() != 0 or owner not in {0, userns.nobody().pw_uid}:
        raise Trouble(
            f"{place} は別の利用者（uid {owner}）のものです。その利用者で実行してください。"
        )
    say("データの所有者を書き換えています…")
    for folder, _, files in os.walk(place, topdown=False):
        for name in files:
            os.chown(Path(folder) / name, who.uid, who.gid, follow_symlinks=False)
        os.chown(folder, who.uid, who.gid)


def _open_the_way(data: Path, who: userns.Identity) -> None:
    """Make the data folder; a server with fewer rights than we have must be able to walk there."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if who.mode == "plain":
        return
    if who.mode == "drop":
        data.chmod(data.stat().st_mode | 0o011)
    programs = binaries.folder()
    for folder in (*reversed(data.parents), data, *reversed(programs.parents), programs):
        if not _passable(folder, who):
            raise Trouble(
                "PostgreSQL は root の権限では動かないため、"
                f"{folder} を通れません。この台帳のフォルダーの所有者で実行するか、"
                "DAICHO_DATA で別のフォルダーを指定してください。"
            )


def _passable(folder: Path, who: userns.Identity) -> bool:
    facts = folder.stat()
    mine, ours = facts.st_uid == who.uid, facts.st_gid == who.gid
    return bool(facts.st_mode & (0o100 if mine else 0o010 if ours else 0o001))


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
