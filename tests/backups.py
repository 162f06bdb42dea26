"""控え, for the tests: what is in one, and one that was made by somebody else."""

import io
import json
import tarfile
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import transaction

from daicho.access import clock
from daicho.access.backup_keys import files, steps
from daicho.access.backup_keys.files import BackupKey
from daicho.access.permits import Permit, look, system_permit
from daicho.access.sealed_files import opening
from daicho.site.database import sealed


def keys_of(data: Path) -> list[Path]:
    """The keys of the backups of an installation."""
    return sorted((data / "secrets" / "backup_keys").glob("*.json"))


def key_in(file: Path) -> BackupKey:
    return files.load(file, file.stem)


def inside(file: Path, key: BackupKey) -> tuple[dict[str, Any], bytes]:
    """The manifest and the dump of a sealed backup."""
    dump = io.BytesIO()
    with file.open("rb") as read:
        manifest = sealed.proven(read, file, key)
        sealed.pour(read, file, key, dump.write)
    return {**vars(manifest)}, dump.getvalue()


def header(file: Path) -> dict[str, Any]:
    """What a sealed backup says of itself to everybody."""
    with file.open("rb") as read:
        return opening.head(read, sealed.MAGIC)[1]


def seal(file: Path, key: BackupKey, manifest: dict[str, Any], dump: bytes) -> None:
    """A sealed backup as whoever has the key could make it."""
    with file.open("wb") as written:
        frames = sealed.sealing(written, key, {})
        frames.write(dump)
        frames.last(json.dumps(manifest).encode())


def unsealed(file: Path, manifest: dict[str, Any], dump: bytes) -> None:
    """A backup as it was made before there were keys."""
    with tarfile.open(file, "w") as archive:
        for name, body in (
            ("manifest.json", json.dumps(manifest).encode()),
            ("database.dump", dump),
        ):
            entry = tarfile.TarInfo(name)
            entry.size = len(body)
            archive.addfile(entry, io.BytesIO(body))


def of_the_backups() -> Permit:
    """The permit of the job, for one request."""
    return system_permit(steps.JOB, clock.today(), uuid4())


def one_was_made() -> None:
    """A backup as the trail told of it before there were keys."""
    with transaction.atomic():
        look(of_the_backups(), "backup", "backup")
