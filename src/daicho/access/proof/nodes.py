"""節: the kept hashes of the tree, in the database."""

from collections.abc import Collection, Iterable, Sequence

from django.db import connection

from daicho.access.proof import tree

# All of a stretch as one value: hundreds of rows take longer to hand over than to find.
_LEAVES = """
SELECT string_agg(leaf_hash, '' ORDER BY leaf_index) FROM access_trailleaf
WHERE leaf_index >= %s AND leaf_index < %s
"""
_NODES = """
SELECT string_agg(node_hash, '' ORDER BY node_index) FROM access_trailnode
WHERE level = %s AND node_index >= %s AND node_index < %s
"""
_BLOCKS = """
SELECT 0, block, (
    SELECT string_agg(leaf_hash, '' ORDER BY leaf_index) FROM access_trailleaf
    WHERE leaf_index >= block * %(width)s AND leaf_index < (block + 1) * %(width)s)
FROM unnest(%(leaves)s::bigint[]) AS block
UNION ALL
SELECT asked.level, block, (
    SELECT string_agg(node_hash, '' ORDER BY node_index) FROM access_trailnode AS node
    WHERE node.level = asked.level
        AND node_index >= block * %(width)s AND node_index < (block + 1) * %(width)s)
FROM unnest(%(levels)s::smallint[], %(blocks)s::bigint[]) AS asked (level, block)
"""
_KEEP = """
INSERT INTO access_trailnode (level, node_index, node_hash)
SELECT %s, * FROM unnest(%s::bigint[], %s::bytea[])
"""

WIDTH = 1 << tree.STEP
HASH_BYTES = 32


class NotWhole(Exception):
    """木が欠けている: a hash that must stand in the database is not there."""


def fetch(level: int, first: int, count: int) -> Sequence[bytes]:
    """So many kept hashes of a level; raises NotWhole where one is missing."""
    found = _standing(level, first, count)
    if len(found) != count:
        raise NotWhole(f"level {level}: {len(found)} of {count} from {first}")
    return found


def _standing(level: int, first: int, count: int) -> Sequence[bytes]:
    with connection.cursor() as cursor:
        if level:
            cursor.execute(_NODES, [level, first, first + count])
        else:
            cursor.execute(_LEAVES, [first, first + count])
        return _apart(cursor.fetchone()[0])


class Blocks:
    """節のまとまり: the same, a block of 256 neighbours at a time, each read once.

    A proof asks for a dozen stretches of few blocks; one lasts for one proof. What is known to be
    `wanted` (level, first and count) is read at once.
    """

    def __init__(self, wanted: Iterable[tuple[int, int, int]] = ()) -> None:
        blocks = {(level, first // WIDTH) for level, first, _ in wanted}
        self._read = _at_once(blocks) if blocks else {}

    def fetch(self, level: int, first: int, count: int) -> Sequence[bytes]:
        """So many kept hashes of a level, within one block."""
        block, at = divmod(first, WIDTH)
        if (level, block) not in self._read:
            self._read[level, block] = _standing(level, block * WIDTH, WIDTH)
        found = self._read[level, block][at : at + count]
        if len(found) != count:
            raise NotWhole(f"level {level}: {len(found)} of {count} from {first}")
        return found


def inclusion(index: int, size: int) -> list[bytes]:
    """包含の証明: as `tree.inclusion`, of what is kept; raises NotWhole."""
    return tree.inclusion(Blocks(tree.asked_of(index, size)).fetch, index, size)


def _at_once(blocks: Collection[tuple[int, int]]) -> dict[tuple[int, int], Sequence[bytes]]:
    others = [one for one in blocks if one[0]]
    asked: dict[str, int | list[int]] = {
        "width": WIDTH,
        "leaves": [block for level, block in blocks if not level],
        "levels": [level for level, _ in others],
        "blocks": [block for _, block in others],
    }
    with connection.cursor() as cursor:
        cursor.execute(_BLOCKS, asked)
        return {(level, block): _apart(joined) for level, block, joined in cursor.fetchall()}


def _apart(joined: bytes | None) -> Sequence[bytes]:
    whole = bytes(joined or b"")
    return [whole[at : at + HASH_BYTES] for at in range(0, len(whole), HASH_BYTES)]


def keep(size: int, more: int) -> None:
    """Write every kept node that becomes full when `more` leaves follow the first `size`."""
    level, width = tree.STEP, WIDTH
    while full := tree.grown(level, size, more):
        below = fetch(level - tree.STEP, full.start * width, len(full) * width)
        hashes = [tree.root_of(below[at : at + width]) for at in range(0, len(below), width)]
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [level, list(full), hashes])
        level += tree.STEP
