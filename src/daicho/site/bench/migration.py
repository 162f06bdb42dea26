"""取込みの速さ: a whole town through the door of migration, beside a COPY of the same columns.

The file holds several history rows for each living resident, and closed records beside them: rows
and residents are counted apart. Memory is that of a town a tenth as large, and of the whole.
"""

import resource
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import connection, connections

from daicho.access import clock
from daicho.access.permits import system_permit
from daicho.register import layout
from daicho.register.importing import Outcome
from daicho.register.reading import staged, worker
from daicho.site import migration
from daicho.site.bench.measuring import Figure, figure
from daicho.site.demo import town

SAMPLED_EVERY_SECONDS = 0.1

# Bytes of the tables with a row for each history row, and with one for each person, and how many.
_SIZES = """SELECT sum(pg_total_relation_size(oid)) FILTER (WHERE relname IN
        ('register_recordedchange', 'register_recordversion')),
    sum(pg_total_relation_size(oid)) FILTER (WHERE relname NOT IN
        ('register_recordedchange', 'register_recordversion')),
    (SELECT count(*) FROM register_current)
FROM pg_class WHERE relkind = 'r' AND relname LIKE 'register\\_%%'"""


def figures(folder: Path, residents: int) -> Iterator[Figure]:
    """Rates and their ratio to COPY; memory, also against a smaller town; bytes at rest."""
    # what a file made here, a COPY and a first import leave in this process is in both memories
    tenth, file = _town(folder, residents // 10), _town(folder, residents)
    floor = _copy_seconds(file)
    _import(tenth, folder, trial=True)
    with _Memory() as smaller:
        _import(tenth, folder, trial=True)
    began = time.perf_counter()
    with _Memory() as memory:
        outcome = _import(file, folder, trial=False)
    seconds = time.perf_counter() - began
    # a rate: the ratio is how many times longer than COPY it takes
    for unit, count in (("rows/s", outcome.lines), ("residents/s", residents)):
        rate, floor_rate = count / seconds, count / floor
        yield figure("import, every rule, live indexes", unit, [rate], floor_rate)
    yield figure("import: times the duration of COPY", "x", [seconds / floor], 1.0)
    yield figure(
        "import: memory, floor: a town a tenth as large", "MB", [memory.most_mb], smaller.most_mb
    )
    yield from _sizes(outcome.lines, residents)
    _settle()


def _settle() -> None:
    """As on the morning after: what the import left to be cleaned up disturbs nothing timed next.

    Left to itself the database does it for a quarter of an hour beside a town of a million.
    """
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def _town(folder: Path, residents: int) -> Path:
    file = folder / f"town-{residents}.csv"
    with file.open("w", encoding="utf-8", newline="") as written:
        town.write_town(
            written,
            municipality=settings.MUNICIPALITY,
            residents=residents,
            seed=1,
            on=clock.today(),
        )
    return file


def _import(file: Path, folder: Path, *, trial: bool) -> Outcome:
    permit = system_permit("migration_import", clock.today(), uuid4())
    outcome = migration.run(permit, file, folder / "report", trial=trial)
    assert outcome.refused_lines == 0, "the made-up town is lawful"
    return outcome


class _Memory(Thread):
    """The most memory that this process and its reading processes have held together, in MB.

    Looked at again and again: what the system tells of ended children counts what they were
    copied from.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._over = Event()
        self.most_mb = 0.0

    def run(self) -> None:
        while not self._over.wait(SAMPLED_EVERY_SECONDS):
            self.most_mb = max(self.most_mb, sum(map(_held_mb, ("self", *_workers()))))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_trouble: object) -> None:
        self._over.set()
        self.join()


def _workers() -> Iterator[str]:
    for tasks in Path("/proc/self/task").iterdir():
        for child in (tasks / "children").read_text("ascii").split():
            with suppress(OSError):  # ended meanwhile
                if worker.__name__.encode() in Path(f"/proc/{child}/cmdline").read_bytes():
                    yield child


def _held_mb(process: str) -> float:
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    except OSError:  # ended meanwhile
        return 0.0
    return pages * resource.getpagesize() / (1 << 20)


def _sizes(rows: int, residents: int) -> Iterator[Figure]:
    with connection.cursor() as cursor:
        cursor.execute(_SIZES)
        of_rows, of_persons, persons = map(int, cursor.fetchone())
    for what, size in (
        ("a history row with all indexes", of_rows / rows),
        ("a record with its first version, all indexes", of_rows / rows + of_persons / persons),
        ("everything, a living resident", (of_rows + of_persons) / residents),
    ):
        yield figure(f"size: {what}", "bytes", [size], 0.0)


def _copy_seconds(file: Path) -> float:
    """COPY of the file into a bare table of the same columns and types, committed."""
    columns = ", ".join(
        f"{one.name} {staged.COLUMNS.get(one.name, 'text')}" for one in layout.COLUMNS
    )
    owner = connections["owner"]  # `app` makes no tables that last
    with owner.cursor() as cursor:
        cursor.execute(f"CREATE TABLE public.floor ({columns})")
        began = time.perf_counter()
        with (
            file.open("rb") as read,
            cursor.copy("COPY public.floor FROM STDIN (FORMAT csv, HEADER)") as copy,
        ):
            while block := read.read(1 << 18):
                copy.write(block)
        seconds = time.perf_counter() - began
        cursor.execute("DROP TABLE public.floor")
    return seconds
