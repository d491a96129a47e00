"""A tree that grows has the heads and proofs of the one built at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokja.evidence.hash_tree import HashTree
from dokja.evidence.merkle import includes, inclusion_proof, is_consistent, tree_root

_MOST = 70


def _leaves(size: int) -> list[bytes]:
    return [b"%d" % n for n in range(size)]


def _tree(size: int) -> HashTree:
    tree = HashTree()
    for leaf in _leaves(size):
        tree.append(leaf)
    return tree


def test_every_size_has_the_head_of_the_definition() -> None:
    """The writer of a log and any RFC 6962 tool must name the same head."""
    tree = _tree(_MOST)
    heads = [tree.root(size) for size in range(_MOST + 1)]
    assert heads == [tree_root(_leaves(size)) for size in range(_MOST + 1)]


def test_inclusion_proofs_are_those_of_the_definition() -> None:
    """A team may open one entry of a log without showing the rest."""
    tree = _tree(_MOST)
    for size in (1, 2, 3, 7, 8, 33, _MOST):
        for index in range(size):
            proof = tree.inclusion_proof(index, size)
            assert proof == inclusion_proof(_leaves(size), index)
            leaf, root = b"%d" % index, tree.root(size)
            assert includes(leaf, index=index, size=size, proof=proof, root=root)


def test_every_earlier_head_is_proved_to_be_a_prefix() -> None:
    """A witness cosigns nothing that it cannot see to have grown."""
    tree = _tree(_MOST)
    for size in range(_MOST + 1):
        for old in range(size + 1):
            proof = tree.consistency_proof(old, size)
            before, after = (old, tree.root(old)), (size, tree.root(size))
            assert is_consistent(before, after, proof)


@given(st.integers(1, _MOST), st.integers(0, _MOST - 1), st.data())
def test_a_log_with_another_past_is_never_proved(
    size: int, changed: int, data: st.DataObject
) -> None:
    """No proof leads from a head to a tree in which an old entry was replaced."""
    old = data.draw(st.integers(1, size))
    changed %= old
    honest, other = _tree(size), HashTree()
    for number, leaf in enumerate(_leaves(size)):
        other.append(b"replaced" if number == changed else leaf)
    before = (old, honest.root(old))
    for source in (honest, other):
        proof = source.consistency_proof(old, size)
        assert not is_consistent(before, (size, other.root(size)), proof)


@given(st.integers(2, _MOST), st.data())
def test_one_flipped_bit_of_a_proof_proves_nothing(
    size: int, data: st.DataObject
) -> None:
    """The proof comes from whoever would gain by a false one."""
    tree = _tree(size)
    old = data.draw(st.integers(1, size - 1))
    proof = list(tree.consistency_proof(old, size))
    place = data.draw(st.integers(0, len(proof) - 1))
    bit = data.draw(st.integers(0, 255))
    flipped = bytearray(proof[place])
    flipped[bit // 8] ^= 1 << bit % 8
    proof[place] = bytes(flipped)
    before, after = (old, tree.root(old)), (size, tree.root(size))
    assert not is_consistent(before, after, proof)
    assert not is_consistent(before, after, proof[:-1])


def test_sizes_that_are_not_there_are_refused() -> None:
    """A caller that counts wrong must not get a proof of something else."""
    tree = _tree(3)
    for ask in (
        lambda: tree.root(4),
        lambda: tree.inclusion_proof(3, 3),
        lambda: tree.consistency_proof(3, 2),
        lambda: tree.consistency_proof(-1, 2),
    ):
        with pytest.raises(IndexError):
            ask()
