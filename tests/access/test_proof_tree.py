"""The tree, against the definition of RFC 9162 written out as it stands there."""

from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.access.proof import tree

SIZES = st.integers(1, 700)


def leaves(size: int) -> list[bytes]:
    return [tree.leaf_hash(str(one).encode()) for one in range(size)]


def by_definition(hashes: Sequence[bytes]) -> bytes:
    """MTH of 2.1.1, by recursion."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    half = 1
    while half * 2 < len(hashes):
        half *= 2
    return tree.node_hash(by_definition(hashes[:half]), by_definition(hashes[half:]))


def kept(hashes: Sequence[bytes]) -> tree.Fetch:
    """The kept levels of a tree, each full node by definition; anything else fails."""

    def fetch(level: int, first: int, count: int) -> Sequence[bytes]:
        assert level % tree.STEP == 0, "only kept levels are read"
        width = 1 << level
        assert (first + count) * width <= len(hashes), "only full nodes are kept"
        places = range(first, first + count)
        return [by_definition(hashes[one * width : (one + 1) * width]) for one in places]

    return fetch


@given(SIZES)
def test_the_root_is_that_of_the_definition(size: int) -> None:
    hashes = leaves(size)
    assert tree.root(kept(hashes), size) == by_definition(hashes) == tree.root_of(hashes)


def test_an_empty_tree_has_the_root_of_nothing() -> None:
    assert tree.root(kept([]), 0) == tree.root_of([]) == sha256(b"").digest()


@given(SIZES, st.data())
def test_every_leaf_is_proven_and_no_other(size: int, data: st.DataObject) -> None:
    hashes = leaves(size)
    index = data.draw(st.integers(0, size - 1))
    top, path = by_definition(hashes), tree.inclusion(kept(hashes), index, size)
    assert tree.proves_inclusion(hashes[index], index, size, path, top)
    assert not tree.proves_inclusion(tree.leaf_hash(b"another"), index, size, path, top)
    other = data.draw(st.integers(0, size - 1).filter(lambda one: one != index or size == 1))
    if size > 1:
        assert not tree.proves_inclusion(hashes[index], other, size, path, top)


@given(SIZES, st.data())
def test_what_a_proof_will_read_is_known_before(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    fetch, read = kept(leaves(size)), []

    def told(level: int, first: int, count: int) -> Sequence[bytes]:
        read.append((level, first, count))
        return fetch(level, first, count)

    tree.inclusion(told, index, size)
    assert read == list(tree.asked_of(index, size))


@given(SIZES, st.data())
def test_an_older_tree_is_proven_to_be_the_beginning(size: int, data: st.DataObject) -> None:
    hashes = leaves(size)
    old = data.draw(st.integers(1, size))
    old_root, top = by_definition(hashes[:old]), by_definition(hashes)
    path = tree.consistency(kept(hashes), old, size)
    assert tree.proves_consistency(old, size, old_root, top, path)
    assert not tree.proves_consistency(old, size, tree.leaf_hash(b"forged"), top, path)
    assert not tree.proves_consistency(old, size, old_root, tree.leaf_hash(b"forged"), path)


@given(SIZES, st.data())
def test_a_tree_with_one_leaf_changed_is_no_continuation(size: int, data: st.DataObject) -> None:
    hashes = leaves(size)
    old = data.draw(st.integers(1, size))
    changed = data.draw(st.integers(0, old - 1))
    forged = [*hashes[:changed], tree.leaf_hash(b"forged"), *hashes[changed + 1 :]]
    path = tree.consistency(kept(forged), old, size)
    old_root, top = by_definition(hashes[:old]), by_definition(forged)
    assert not tree.proves_consistency(old, size, old_root, top, path)


@given(SIZES, st.data())
def test_a_path_that_is_cut_or_prolonged_proves_nothing(size: int, data: st.DataObject) -> None:
    hashes = leaves(size)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    top = by_definition(hashes)
    for longer in ([top], [tree.leaf_hash(b"more")]):
        path = [*tree.inclusion(kept(hashes), index, size), *longer]
        assert not tree.proves_inclusion(hashes[index], index, size, path, top)
    path = tree.consistency(kept(hashes), old, size)
    old_root = by_definition(hashes[:old])
    if path:
        assert not tree.proves_consistency(old, size, old_root, top, path[:-1])
    assert not tree.proves_consistency(old, size, old_root, top, [*path, top])


@pytest.mark.parametrize(
    ("size", "more", "expected"),
    [
        (0, 255, []),
        (0, 256, [0]),
        (255, 1, [0]),
        (256, 255, []),
        (100, 1_000, [0, 1, 2, 3]),
    ],
)
def test_a_kept_node_comes_when_its_last_leaf_comes(
    size: int, more: int, expected: list[int]
) -> None:
    assert list(tree.grown(tree.STEP, size, more)) == expected
