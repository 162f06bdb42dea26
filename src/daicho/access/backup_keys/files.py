"""鍵のファイル: a folder (mode 0700) with one file (mode 0600) for each backup, named by its id.

The file is JSON: `{"backup": "20261122-233500-0f3c9a1e", "key": "<base64, 32 bytes>"}`. The id says
the moment in Japan at which the backup was begun, and 32 bits by chance; it stands in the backup,
in the clear, so that its key is found. A key whose backup was never finished opens nothing.
"""

import base64
import json
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from daicho.access import clock
from daicho.access.sealed_files import frames, onto_disk
from daicho.terms.file_troubles import reason, remedy

_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{8}")
_MOMENT = "%Y%m%d-%H%M%S"
_CHANCE_BYTES = 4
_FILE_BYTES_MAX = 4096  # whoever gives the backup for its key is told so, however large it is


class KeyTrouble(Exception):
    """The key of a backup is missing, unreadable, open to others, damaged or another's; says which,
    never the key."""


@dataclass(frozen=True, repr=False)
class BackupKey:
    """控えの鍵: the id of the backup, and 32 bytes."""

    backup_id: str
    key: bytes


def made_at(backup_id: str) -> datetime | None:
    """いつの控えか: the moment that an id says; None where it is no id."""
    if not _ID.fullmatch(backup_id):
        return None
    try:
        moment = datetime.strptime(backup_id.rpartition("-")[0], _MOMENT)  # noqa: DTZ007  its zone follows
    except ValueError:
        return None
    return moment.replace(tzinfo=clock.TOKYO)


def file_of(folder: Path, backup_id: str) -> Path:
    """Where a folder keeps the key of a backup."""
    assert made_at(backup_id), "a name that somebody else chose is no name of a file here"
    return folder / f"{backup_id}.json"


def make(folder: Path) -> BackupKey:
    """鍵を作る: a fresh key, on the disk before anything is sealed under it; raises OSError,
    and then leaves none."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    moment = clock.now().astimezone(clock.TOKYO).strftime(_MOMENT)
    made = BackupKey(f"{moment}-{os.urandom(_CHANCE_BYTES).hex()}", os.urandom(frames.KEY_BYTES))
    body = {"backup": made.backup_id, "key": base64.b64encode(made.key).decode()}
    onto_disk.new(file_of(folder, made.backup_id), json.dumps(body).encode("ascii"))
    return made


def load(file: Path, backup_id: str) -> BackupKey:
    """鍵を読む: the key of that backup; raises KeyTrouble."""
    try:
        with file.open("rb") as opened:
            mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
            text = opened.read(_FILE_BYTES_MAX)
    except OSError as trouble:
        raise KeyTrouble(
            f"控えの鍵 {file} を読めません({reason(trouble)})。{remedy(trouble)}"
        ) from None
    if mode & 0o077:
        raise KeyTrouble(f"控えの鍵 {file} をほかの利用者が読めます。chmod 600 にしてください。")
    try:
        body = json.loads(text)
        found = BackupKey(str(body["backup"]), base64.b64decode(body["key"], validate=True))
    except (ValueError, KeyError, TypeError, RecursionError):
        found = BackupKey("", b"")
    if len(found.key) != frames.KEY_BYTES:
        raise KeyTrouble(f"{file} は控えの鍵ではないか、壊れています。")
    if found.backup_id != backup_id:
        raise KeyTrouble(f"{file} は別の控えの鍵です。番号 {backup_id} の鍵を指定してください。")
    return found


def kept(folder: Path | None) -> Mapping[str, datetime]:
    """ここにある鍵: the ids of the backups whose keys are here, the oldest first, each with its
    moment; none where there is no such folder, or nobody may look into it."""
    try:
        names = sorted(one.stem for one in folder.glob("*.json")) if folder else []
    except OSError:
        return {}
    return {name: moment for name in names if (moment := made_at(name)) is not None}


def destroy(folder: Path, backup_id: str) -> None:
    """鍵を廃棄する: overwritten, removed, and gone from the disk; raises OSError."""
    file = file_of(folder, backup_id)
    onto_disk.overwritten(file)
    file.unlink()
    onto_disk.sync(folder)
