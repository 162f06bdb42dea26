"""証明の速さ: trail rows written by eight at once, given their places, one proven, all checked.

The floor of the writers is one of them alone; of the sequencer the same rows hashed and put into a
table without an index; of a proof the look for one leaf; of the check the bare hash of each line.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from itertools import count
from random import Random
from uuid import uuid4

from django.db import connection, transaction

from daicho.access import clock
from daicho.access.permits import look, system_permit
from daicho.access.proof import nodes, sequencing, tree
from daicho.access.proof.nodes import fetch
from daicho.site import verify_trail
from daicho.site.bench.measuring import SMALL_TOWN, Figure, figure, in_turn, rounds

ROWS = 50_000
ROWS_OF_SMALL_TOWN = 500
PROOFS = 300
WRITERS = 8
WRITES = 400  # of each writer
LINE_BYTES = 480  # as long as the line of a look

_WRITE = """
INSERT INTO access_trail (event, door, office, terminal, ward, purpose, job, article, finding,
    request_id, subject_count, number_seen, detail, commitment)
SELECT 'look', 'bench', '001', 'Z999', '072036', 'inquiry.change', '', 'BRRA 3(1)', '',
    gen_random_uuid(), 1, false, '{"rows": 1}', sha256(i::text::bytea)
FROM generate_series(1, %s) AS i
"""
_BARE = f"""
INSERT INTO bench_leaf SELECT t.id, sha256(convert_to({sequencing.LINE}, 'UTF8'))
FROM access_trail t ORDER BY t.id DESC LIMIT %s
"""  # noqa: S608  our own words


def figures(residents: int) -> Iterator[Figure]:
    """The rows of this chapter."""
    often = rounds(WRITES, residents)
    alone = often / _seconds(lambda: _looks(often))
    with ThreadPoolExecutor(WRITERS) as pool:
        took = _seconds(lambda: list(pool.map(_looks, [often] * WRITERS)))
    yield figure("trail: rows of 8 who write at once", "rows/s", [WRITERS * often / took], alone)
    rows = ROWS if residents >= SMALL_TOWN else ROWS_OF_SMALL_TOWN
    yield _sequenced(rows)
    yield _proven(residents)
    yield _checked(rows)


def of_all(residents: int) -> Iterator[Figure]:
    """Every row that the chapters before have written gets its place; then one is proven."""
    before = sequencing.size()
    took = _seconds(sequencing.catch_up)
    rows = sequencing.size() - before
    yield figure(f"trail: {rows:,} rows that get their place", "rows/s", [rows / took], 0.0)
    yield _proven(residents)


def _proven(residents: int) -> Figure:
    size, places = sequencing.size(), Random(1)  # noqa: S311  which rows are proven
    within = (places.randrange(size) for _ in count())
    return in_turn(
        f"trail: one of {size:,} rows proven",
        lambda: nodes.inclusion(next(within), size),
        lambda: fetch(0, next(within), 1),
        rounds(PROOFS, residents),
    )


def _looks(often: int) -> None:
    """So many looks, each a transaction, over a connection that ends with them."""
    permit = system_permit("rebuild_check", clock.today(), uuid4())
    for _ in range(often):
        with transaction.atomic():
            look(permit, "look", "bench", record_ids=[uuid4()])
    connection.close()


def _sequenced(rows: int) -> Figure:
    sequencing.catch_up()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_WRITE, [rows])
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE bench_leaf (id bigint, hash bytea)")
        bare = rows / _seconds(lambda: cursor.execute(_BARE, [rows]))
        cursor.execute("DROP TABLE bench_leaf")
    before = sequencing.size()
    sequenced = rows / _seconds(sequencing.catch_up)
    assert sequencing.size() - before >= rows, "every row has its place"
    return figure("trail: rows that get their place", "rows/s", [sequenced], bare)


def _checked(rows: int) -> Figure:
    lines = [f"{one:0{LINE_BYTES}}".encode() for one in range(rows)]
    top = tree.root_of([tree.leaf_hash(one) for one in lines])
    head = verify_trail.Head("bench", rows, top, "", "bench")
    hashed = rows / _seconds(lambda: [sha256(one).digest() for one in lines])
    checked = rows / _seconds(lambda: _nothing(verify_trail.check(lines, [head])))
    return figure("trail: rows that are checked by their heads", "rows/s", [checked], hashed)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _nothing(wrong: Iterator[str]) -> None:
    assert not list(wrong), "a trail that nobody touched is as its head says"
