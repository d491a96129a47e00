"""The record's Merkle tree head and inclusion proofs (RFC 6962 section 2.1)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def tree_root(leaves: Sequence[bytes]) -> bytes:
    """32-byte tree head over the leaves in order; the empty tree has its own."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return _leaf_hash(leaves[0])
    split = _split_point(len(leaves))
    return _node_hash(tree_root(leaves[:split]), tree_root(leaves[split:]))


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Sibling hashes that lead from leaf `index` to the root, leaf first."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return ()
    split = _split_point(len(leaves))
    if index < split:
        return (*inclusion_proof(leaves[:split], index), tree_root(leaves[split:]))
    return (*inclusion_proof(leaves[split:], index - split), tree_root(leaves[:split]))


def includes(
    leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether the proof leads from `leaf` at `index` of `size` to `root`."""
    node, last = _leaf_hash(leaf), size - 1
    if not 0 <= index < size:
        return False
    for sibling in proof:
        if last == 0:
            return False
        if index % 2 or index == last:
            node = _node_hash(sibling, node)
            while index and not index % 2:
                index, last = index // 2, last // 2
        else:
            node = _node_hash(node, sibling)
        index, last = index // 2, last // 2
    return last == 0 and node == root


def _leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def _node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split_point(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1
