"""A tree head commits to every act, its place and the number of acts."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokja.evidence.merkle import includes, inclusion_proof, tree_root

# The leaves and heads that certificate-transparency logs are tested with.
_LEAVES = tuple(
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
)
_HEADS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)

_TREES = st.lists(st.binary(max_size=8), min_size=1, max_size=40)


@pytest.mark.parametrize("size", range(len(_HEADS)))
def test_heads_are_those_of_certificate_transparency(size: int) -> None:
    """Any RFC 6962 tool can then check a Dokja record."""
    assert tree_root(_LEAVES[:size]).hex() == _HEADS[size]


def test_a_known_proof_leads_to_the_known_head() -> None:
    """Built by hand from the definition: leaf 2 of 3 hangs below the root."""
    pair = bytes.fromhex(_HEADS[2])
    leaf = hashlib.sha256(b"\x00" + _LEAVES[2]).digest()
    assert inclusion_proof(_LEAVES[:3], 2) == (pair,)
    assert hashlib.sha256(b"\x01" + pair + leaf).hexdigest() == _HEADS[3]


@given(_TREES, st.data())
def test_every_leaf_is_proved(leaves: list[bytes], data: st.DataObject) -> None:
    """A team can show that its own act was in the record that was signed."""
    index = data.draw(st.integers(0, len(leaves) - 1))
    assert includes(
        leaves[index],
        index=index,
        size=len(leaves),
        proof=inclusion_proof(leaves, index),
        root=tree_root(leaves),
    )


@given(_TREES, st.data())
def test_one_flipped_bit_anywhere_is_never_proved(
    leaves: list[bytes], data: st.DataObject
) -> None:
    """Leaf, siblings and head are all of what the proof says."""
    index = data.draw(st.integers(0, len(leaves) - 1))
    parts = [leaves[index], *inclusion_proof(leaves, index), tree_root(leaves)]
    part = data.draw(st.sampled_from([n for n, value in enumerate(parts) if value]))
    bit = data.draw(st.integers(0, len(parts[part]) * 8 - 1))
    flipped = bytearray(parts[part])
    flipped[bit // 8] ^= 1 << bit % 8
    parts[part] = bytes(flipped)
    leaf, *proof, root = parts
    assert not includes(leaf, index=index, size=len(leaves), proof=proof, root=root)


@given(st.integers(2, 40), st.data())
def test_a_proof_holds_for_one_place_only(size: int, data: st.DataObject) -> None:
    """The order of acts is evidence; so is what stands between them."""
    leaves = [b"%d" % n for n in range(size)]
    index, other = data.draw(
        st.lists(st.integers(0, size - 1), min_size=2, max_size=2, unique=True)
    )
    assert not includes(
        leaves[index],
        index=other,
        size=size,
        proof=inclusion_proof(leaves, index),
        root=tree_root(leaves),
    )


@pytest.mark.parametrize("proof", [(), (bytes(32),) * 2, (bytes(32),) * 9])
def test_a_proof_of_the_wrong_length_proves_nothing(proof: tuple[bytes, ...]) -> None:
    """A reader of a hostile file must get an answer, not a traceback."""
    root = tree_root(_LEAVES[:2])
    assert not includes(_LEAVES[0], index=0, size=2, proof=proof, root=root)


@pytest.mark.parametrize(("index", "size"), [(-1, 2), (2, 2), (0, 0)])
def test_a_place_outside_the_tree_is_not_in_it(index: int, size: int) -> None:
    """Neither asked for nor claimed."""
    leaves = _LEAVES[:size]
    with pytest.raises(IndexError):
        inclusion_proof(leaves, index)
    assert not includes(b"", index=index, size=size, proof=(), root=tree_root(leaves))
