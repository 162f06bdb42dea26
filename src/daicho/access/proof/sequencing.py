"""番号付け: committed trail rows become the next leaves of the tree, in one order, one at a time.

A row takes part once every transaction that began before its own has ended; then nothing can come
before it any more. So a place in (transaction, id) loses nobody who commits late. A transaction
that lasts holds the sequence up; how much waits, and since when, is told by `waiting`.

A database that was restored into another server counts its transactions anew. There what the backup
brought goes first, by id, and the order of transactions begins again behind it.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import connection, transaction

from daicho.access.proof import nodes

BATCH = 5_000
LOCK = 5_211_241  # one sequencer at a time

# The line that an export holds and that a leaf stands for: JSON as PostgreSQL writes it. It never
# changes: what a new column adds is said in a line of version 2, for rows from then on.
LINE = """row_to_json((SELECT line FROM (SELECT 1 AS v, t.id,
    to_char(t.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, t.xid::text AS xid,
    t.event, t.door, t.operator_id AS operator, t.office, t.terminal, t.ward, t.purpose, t.job,
    t.article, t.finding, t.request_id, t.subject_count, t.number_seen, t.detail,
    encode(t.commitment, 'hex') AS commitment) AS line))::text"""

# Behind a transaction of the future there is none: the last leaf came with a backup.
_LAST = """
SELECT l.leaf_index + 1,
    CASE WHEN t.xid < pg_snapshot_xmax(pg_current_snapshot()) THEN t.xid::text ELSE '0' END, t.id
FROM (SELECT leaf_index, trail_id FROM access_trailleaf ORDER BY leaf_index DESC LIMIT 1) l
JOIN access_trail t ON t.id = l.trail_id
"""
# Asked of each row by itself: as a join it would be answered by reading every leaf there is.
_HAS_NO_PLACE = "(SELECT l.leaf_index FROM access_trailleaf l WHERE l.trail_id = t.id) IS NULL"
_APPEND = """
WITH next AS MATERIALIZED (
    SELECT t.* FROM access_trail t WHERE {which} ORDER BY {order} LIMIT %(most)s)
INSERT INTO access_trailleaf (leaf_index, trail_id, leaf_hash)
SELECT row_number() OVER (ORDER BY {order}) - 1 + %(size)s, t.id,
    sha256('\\x00'::bytea || convert_to({line}, 'UTF8'))
FROM next t
"""
_FROM_ELSEWHERE = _APPEND.format(
    order="t.id",
    line=LINE,
    which=f"t.xid >= pg_snapshot_xmax(pg_current_snapshot()) AND {_HAS_NO_PLACE}",
)
_NEXT = _APPEND.format(
    order="t.xid, t.id",
    line=LINE,
    which="(t.xid, t.id) > (%(xid)s::xid8, %(id)s)"
    f" AND t.xid < pg_snapshot_xmin(pg_current_snapshot()) AND {_HAS_NO_PLACE}",
)
# of those behind the last place, so that it costs what waits and not what stands
_WAITING = f"""
SELECT count(*), min(at) FROM (
    SELECT t.at FROM access_trail t
    WHERE (t.xid, t.id) > (%(xid)s::xid8, %(id)s) AND {_HAS_NO_PLACE}
    ORDER BY t.xid, t.id LIMIT %(most)s) AS behind
"""  # noqa: S608  our own words


@dataclass(frozen=True)
class _Last:
    """The size of the tree, and transaction and id of the row in its last place."""

    size: int
    xid: str
    id: int


@dataclass(frozen=True)
class Waiting:
    """番号待ち: rows that have no place yet, and the moment of the oldest."""

    row_count: int
    oldest_at: datetime | None


def sequence() -> int:
    """Give the next rows their places, at most `BATCH`; how many. 0 also while another is at it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        last = _last()
        more = 0
        for statement in (_FROM_ELSEWHERE, _NEXT):
            said = {**asdict(last), "size": last.size + more, "most": BATCH - more}
            cursor.execute(statement, said)
            more += cursor.rowcount
        nodes.keep(last.size, more)
    return more


def _last() -> "_Last":
    with connection.cursor() as cursor:
        cursor.execute(_LAST)
        size, xid, trail_id = cursor.fetchone() or (0, "0", 0)
    return _Last(size, xid, trail_id if xid != "0" else 0)


def catch_up() -> int:
    """Sequence until nothing more is ready; how many rows."""
    total = 0
    while more := sequence():
        total += more
    return total


def size() -> int:
    """木の大きさ: how many rows have their place."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(leaf_index) + 1, 0) FROM access_trailleaf")
        return int(cursor.fetchone()[0])


def waiting() -> Waiting:
    """What has no place yet; `row_count` goes no further than a batch."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {**asdict(_last()), "most": BATCH})
        return Waiting(*cursor.fetchone())
