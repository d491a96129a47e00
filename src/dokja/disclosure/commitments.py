"""Commitments that hide a number, bind to it, and add up.

Pedersen (CRYPTO '91): C = g^v h^r modulo a safe prime. Products of commitments
commit to the sum of the values, so that a sum can be opened and its parts stay
closed. The prime is RFC 3526's group 14; g and h are squares, so both lie in the
subgroup of prime order, and h comes from a hash, so that nobody knows its logarithm.
Hiding is perfect; binding rests on discrete logarithms in 2,048 bits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from math import prod

_PI = (
    "c90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd"
    "ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b"
    "0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf05"
    "98da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb9ed529077096966d"
    "670c354e4abc9804f1746c08ca18217c32905e462e36ce3be39e772c180e86039b2783a2ec07a28f"
    "b5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa051015728e5a8aacaa68"
)
PRIME = int("ff" * 8 + _PI + "ff" * 8, 16)
ORDER = (PRIME - 1) // 2
G = 4
DIGITS = 512
"""Hexadecimal, of an element and of an exponent."""


def commit(value: int, blinding: int) -> int:
    """The commitment to the value; `blinding` is below the group's order."""
    return pow(G, value % ORDER, PRIME) * pow(_h(), blinding, PRIME) % PRIME


def product(commitments: Iterable[int]) -> int:
    """The commitment to the sum of what the others commit to."""
    return prod(commitments) % PRIME


def blinding_of(secret: bytes, label: str) -> int:
    """A number below the group's order that only the secret's holder can name."""
    wide = hashlib.shake_256(secret + b"\0" + label.encode()).digest(256 + 16)
    return int.from_bytes(wide) % ORDER


def in_group(element: int) -> bool:
    """Whether the number lies in the subgroup of prime order."""
    return 1 < element < PRIME and pow(element, ORDER, PRIME) == 1


def written(number: int) -> str:
    """The number in hexadecimal, of one length for all."""
    return f"{number:0{DIGITS}x}"


@cache
def _h() -> int:
    drawn = hashlib.shake_256(b"dokja-disclosure/1 h").digest(256 + 16)
    return pow(int.from_bytes(drawn) % PRIME, 2, PRIME)
