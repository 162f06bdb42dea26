"""取込みの速さ: a whole town through the door of migration, beside a COPY of the same columns."""

import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction

from daicho.access import clock
from daicho.access.permits import system_permit
from daicho.register import layout
from daicho.site import migration
from daicho.site.bench.measuring import Figure, figure
from daicho.site.demo import town

_SIZE = """SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c
    WHERE c.relkind = 'r' AND (c.relname LIKE 'register\\_%%')"""


def figures(folder: Path, residents: int) -> Iterator[Figure]:
    """Import rate in residents a second and its ratio to COPY; bytes a record at rest."""
    file = folder / "town.csv"
    with file.open("w", encoding="utf-8", newline="") as written:
        town.write_town(
            written,
            municipality=settings.MUNICIPALITY,
            residents=residents,
            seed=1,
            on=clock.today(),
        )
    floor = _copy_seconds(file)
    began = time.perf_counter()
    permit = system_permit("migration_import", clock.today(), uuid4())
    outcome = migration.run(permit, file, folder / "report", trial=False)
    seconds = time.perf_counter() - began
    assert outcome.refused_lines == 0, "the made-up town is lawful"
    rate, floor_rate = residents / seconds, residents / floor
    # a rate: the ratio is how many times longer than COPY it takes
    yield figure("import, every rule, live indexes", "residents/s", [rate], floor_rate)
    yield figure("import: times the duration of COPY", "x", [seconds / floor], 1.0)
    with connection.cursor() as cursor:
        cursor.execute(_SIZE)
        size = int(cursor.fetchone()[0])
    yield figure("size of a history row with all indexes", "bytes", [size / outcome.lines], 0.0)


def _copy_seconds(file: Path) -> float:
    columns = ", ".join(f"c{place} text" for place, _ in enumerate(layout.COLUMNS))
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE floor ({columns}) ON COMMIT DROP")
        with file.open("rb") as read, cursor.copy("COPY floor FROM STDIN (FORMAT csv)") as copy:
            while block := read.read(1 << 18):
                copy.write(block)
    return time.perf_counter() - began
