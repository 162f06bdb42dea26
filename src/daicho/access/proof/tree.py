"""木: Merkle trees as in RFC 9162, 2.1, over leaves that are hashed already.

Kept are the leaves' own hashes (level 0) and, of every eighth level, the hashes of those subtrees
that are full: a node at level 8 stands for 256 leaves, at level 16 for 65,536. What lies between is
reckoned from at most 255 neighbours, so that the tree costs a 255th more than its leaves and no
node is ever written twice.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256

STEP = 8
"""段: levels between kept nodes; a kept node stands for 2**8 of the kept level below."""

Fetch = Callable[[int, int, int], Sequence[bytes]]
"""節を読む: (level, first, count) to so many kept hashes of that level, in order."""


def leaf_hash(data: bytes) -> bytes:
    """葉のハッシュ: of what the leaf says."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """節のハッシュ: of its two children."""
    return sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """根: of these leaves, or of the full subtrees that stand side by side at one level."""
    if not hashes:
        return sha256(b"").digest()
    row = list(hashes)
    while len(row) > 1:
        paired = list(map(node_hash, row[::2], row[1::2]))
        row = paired + row[len(paired) * 2 :]  # an odd one goes up as it is
    return row[0]


def _split(size: int) -> int:
    """The largest power of two below `size`, where a tree of more than one leaf parts."""
    return 1 << (size - 1).bit_length() - 1


def _full(first: int, end: int) -> Iterator[tuple[int, int]]:
    """The full subtrees, side by side, of the tree of leaves [first, end): level and index."""
    while first < end:
        level = (end - first).bit_length() - 1
        yield level, first >> level
        first += 1 << level


def _kept(level: int, index: int) -> tuple[int, int, int]:
    """The kept hashes from which a full subtree is reckoned: level, first and count."""
    kept = level - level % STEP
    width = 1 << (level - kept)
    return kept, index * width, width


def range_hash(fetch: Fetch, first: int, end: int) -> bytes:
    """部分木の根: the tree of leaves [first, end), where `first` is where such a tree may begin."""
    *left, reached = [root_of(fetch(*_kept(*one))) for one in _full(first, end)]
    for one in reversed(left):
        reached = node_hash(one, reached)
    return reached


def root(fetch: Fetch, size: int) -> bytes:
    """根: of the first `size` leaves."""
    return range_hash(fetch, 0, size) if size else root_of(())


def inclusion(fetch: Fetch, index: int, size: int) -> list[bytes]:
    """包含の証明: the hashes from leaf `index` up to the root of `size` leaves (2.1.3.1)."""
    return [range_hash(fetch, *one) for one in _path(index, size)]


def asked_of(index: int, size: int) -> Iterator[tuple[int, int, int]]:
    """証明に要る節: what `inclusion` will fetch: level, first and count."""
    return (_kept(*one) for stretch in _path(index, size) for one in _full(*stretch))


def _path(index: int, size: int) -> Iterator[tuple[int, int]]:
    """The stretches of leaves beside the way from a leaf up to the root."""
    assert 0 <= index < size, "the leaf stands in the tree"
    path: list[tuple[int, int]] = []
    first, end = 0, size
    while end - first > 1:
        middle = first + _split(end - first)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((first, middle))
            first = middle
    return reversed(path)


def consistency(fetch: Fetch, old: int, size: int) -> list[bytes]:
    """整合の証明: the first `old` of `size` leaves are those of the tree that was (2.1.4.1)."""
    assert 0 < old <= size, "the older tree is the smaller one"
    path: list[tuple[int, int]] = []
    first, end, whole = 0, size, True
    while end != old:
        middle = first + _split(end - first)
        if old <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((first, middle))
            first, whole = middle, False
    if not whole:
        path.append((first, end))
    return [range_hash(fetch, *one) for one in reversed(path)]


def proves_inclusion(leaf: bytes, index: int, size: int, path: Iterable[bytes], top: bytes) -> bool:
    """Does the path lead from the leaf to that root (2.1.3.2)?"""
    if not 0 <= index < size:
        return False
    at, last, reached = index, size - 1, leaf
    for one in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            reached = node_hash(one, reached)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            reached = node_hash(reached, one)
        at, last = at >> 1, last >> 1
    return last == 0 and reached == top


def proves_consistency(
    old: int, size: int, old_root: bytes, top: bytes, path: Sequence[bytes]
) -> bool:
    """Is the tree of `old` leaves the beginning of that of `size` (2.1.4.2)?"""
    if not 0 < old <= size:
        return False
    if old == size:
        return not path and old_root == top
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not steps:
        return False
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    then = now = steps[0]
    for one in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            then, now = node_hash(one, then), node_hash(one, now)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            now = node_hash(now, one)
        at, last = at >> 1, last >> 1
    return last == 0 and then == old_root and now == top


def grown(level: int, size: int, more: int) -> range:
    """増えた節: which nodes of a kept level become full when `more` leaves follow `size`."""
    return range(size >> level, (size + more) >> level)
