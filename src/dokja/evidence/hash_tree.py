"""A Merkle tree that grows: its head at every size, and proofs in log time."""

from __future__ import annotations

from hashlib import sha256

from dokja.evidence.merkle import node_hash, split_point, tree_root

_BYTES = 32


class HashTree:
    """The complete subtrees of the leaves so far, 64 bytes a leaf."""

    def __init__(self) -> None:
        self._levels: list[bytearray] = [bytearray()]

    def __len__(self) -> int:
        return len(self._levels[0]) // _BYTES

    def append(self, leaf: bytes) -> None:
        """Add a leaf at the end."""
        levels = self._levels
        below = levels[0]
        index, level = len(below) // _BYTES, 0
        node = sha256(b"\x00" + leaf).digest()
        below += node
        while index & 1:
            # The left sibling and the node stand side by side, as they are hashed;
            # both hashes are those of `merkle`, without a call for each.
            node = sha256(b"\x01" + below[-2 * _BYTES :]).digest()
            index, level = index >> 1, level + 1
            if level == len(levels):
                levels.append(bytearray())
            below = levels[level]
            below += node

    def root(self, size: int | None = None) -> bytes:
        """32-byte head over the first `size` leaves, or over all.

        Raises: IndexError where there are fewer.
        """
        size = self._known(len(self) if size is None else size)
        return self._range(0, size) if size else tree_root(())

    def inclusion_proof(self, index: int, size: int) -> tuple[bytes, ...]:
        """Sibling hashes from leaf `index` to the head of that size, leaf first.

        Raises: IndexError where the tree of that size has no such leaf.
        """
        if not 0 <= index < self._known(size):
            raise IndexError(index)
        start, end = 0, size
        path: list[bytes] = []
        while end - start > 1:
            middle = start + split_point(end - start)
            if index < middle:
                path.append(self._range(middle, end))
                end = middle
            else:
                path.append(self._range(start, middle))
                start = middle
        return tuple(reversed(path))

    def consistency_proof(self, old: int, size: int) -> tuple[bytes, ...]:
        """Hashes that show the head of size `old` to be a prefix of the later one.

        Raises: IndexError where the sizes are not 0 <= old <= size <= length.
        """
        if not 0 <= old <= self._known(size):
            raise IndexError(old)
        if old in (0, size):
            return ()
        start, end, on_left_edge = 0, size, True
        path: list[bytes] = []
        while old != end:
            middle = start + split_point(end - start)
            if old <= middle:
                path.append(self._range(middle, end))
                end = middle
            else:
                path.append(self._range(start, middle))
                start, on_left_edge = middle, False
        if not on_left_edge:
            path.append(self._range(start, end))
        return tuple(reversed(path))

    def _known(self, size: int) -> int:
        if not 0 <= size <= len(self):
            raise IndexError(size)
        return size

    def _range(self, start: int, end: int) -> bytes:
        """Head over leaves start to end; start is a multiple of the split."""
        count = end - start
        if count & (count - 1) == 0:
            level = count.bit_length() - 1
            place = (start >> level) * _BYTES
            return bytes(self._levels[level][place : place + _BYTES])
        middle = start + split_point(count)
        return node_hash(self._range(start, middle), self._range(middle, end))
