"""Merkle tree heads, inclusion and consistency proofs (RFC 6962 section 2.1)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def tree_root(leaves: Sequence[bytes]) -> bytes:
    """32-byte tree head over the leaves in order; the empty tree has its own."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    split = split_point(len(leaves))
    return node_hash(tree_root(leaves[:split]), tree_root(leaves[split:]))


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Sibling hashes that lead from leaf `index` to the root, leaf first."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return ()
    split = split_point(len(leaves))
    if index < split:
        return (*inclusion_proof(leaves[:split], index), tree_root(leaves[split:]))
    return (*inclusion_proof(leaves[split:], index - split), tree_root(leaves[:split]))


def includes(
    leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether the proof leads from `leaf` at `index` of `size` to `root`."""
    node, last = leaf_hash(leaf), size - 1
    if not 0 <= index < size:
        return False
    for sibling in proof:
        if last == 0:
            return False
        if index % 2 or index == last:
            node = node_hash(sibling, node)
            while index and not index % 2:
                index, last = index // 2, last // 2
        else:
            node = node_hash(node, sibling)
        index, last = index // 2, last // 2
    return last == 0 and node == root


def is_consistent(
    old: tuple[int, bytes], new: tuple[int, bytes], proof: Sequence[bytes]
) -> bool:
    """Whether the proof shows that the old (size, root) is a prefix of the new one.

    Source: RFC 9162 section 2.1.4.2, whose trees are those of RFC 6962.
    """
    (old_size, old_root), (size, root) = old, new
    if not 0 < old_size < size:
        same = old_size == size and old_root == root
        empty = old_size == 0 and old_root == tree_root(())
        return not proof and (same or (empty and size > 0))
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    index, last = old_size - 1, size - 1
    while index % 2:
        index, last = index // 2, last // 2
    before = after = path[0] if path else b""
    for sibling in path[1:]:
        if last == 0:
            return False
        if index % 2 or index == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while index and not index % 2:
                index, last = index // 2, last // 2
        else:
            after = node_hash(after, sibling)
        index, last = index // 2, last // 2
    return last == 0 and before == old_root and after == root


def leaf_hash(leaf: bytes) -> bytes:
    """Hash of a leaf, which no node can have."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of two neighbouring subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split_point(size: int) -> int:
    """Leaves in the left subtree: the largest power of two below the size."""
    return 1 << (size - 1).bit_length() - 1
