"""持出しのフォルダー: sealed files stand there until they are handed over, and no longer than the
leave is in force; a file is there whole or not at all."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from daicho.access import clock
from daicho.access.data_exports.leaves import leave_of
from daicho.access.models import DataExport

SUFFIX = ".sealed"
_HOURS = 24  # what is younger may still be in somebody's hands
_TOLD = ".lines"
_TOLD_EVERY = 1_000  # lines
_TOLD_SECONDS = 60  # what is older is told by nobody any more


@contextmanager
def written(file: Path) -> Iterator[BinaryIO]:
    """A new file, mode 0600, which has its name once everything inside has gone well: whatever goes
    wrong takes it away, and what a killed process leaves is sealed under a key that nobody has."""
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as opened:
            yield opened
            opened.flush()
            os.fsync(opened.fileno())
        part.replace(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def place_of(folder: Path, export_id: UUID) -> Path:
    """Where a file that was made stands."""
    return folder / f"{export_id}{SUFFIX}"


@contextmanager
def telling(folder: Path, request_no: int) -> Iterator[Callable[[int], None]]:
    """進み具合を知らせる: how many lines are written of the one file that is being made under a
    request; beside the transaction, which nobody sees into before it ends."""
    file = folder / f"{request_no}{_TOLD}"

    def tell(lines: int) -> None:
        if lines % _TOLD_EVERY == 0:
            file.write_text(str(lines), "ascii")

    try:
        yield tell
    finally:
        file.unlink(missing_ok=True)


def told(folder: Path, request_no: int) -> int:
    """進み具合: so many lines, 0 where nothing is told; a number that is being written is none."""
    file = folder / f"{request_no}{_TOLD}"
    try:
        return 0 if _is_over(file) else int(file.read_text("ascii"))
    except (FileNotFoundError, ValueError):
        return 0


def _is_over(file: Path) -> bool:
    return clock.now().timestamp() - file.stat().st_mtime > _TOLD_SECONDS


def made_ready(folder: Path) -> None:
    """The folder, there and swept."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)  # also one that somebody else made; whose it is, nobody else may change
    swept(folder)


def swept(folder: Path) -> None:
    """掃除: what may not be handed over any more goes, and what a killed process left."""
    for file in [*folder.glob(f"*{SUFFIX}"), *folder.glob(f"*{SUFFIX}.part")]:
        if not _may_stay(file):
            file.unlink(missing_ok=True)
    for file in folder.glob(f"*{_TOLD}"):
        with suppress(FileNotFoundError):
            if _is_over(file):
                file.unlink()


def _may_stay(file: Path) -> bool:
    try:
        export_id = UUID(file.name.partition(".")[0])
    except ValueError:
        return True  # not ours
    made = DataExport.objects.filter(pk=export_id).select_related("request").first()
    if made is not None:
        return leave_of(made.request).in_force(clock.today())
    # its row may be on the way: a file has its name before the transaction has ended
    try:
        written_at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except FileNotFoundError:
        return True  # it has its name by now, or another has swept it
    return clock.now() - written_at < timedelta(hours=_HOURS)
