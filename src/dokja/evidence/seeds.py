"""Seeds nobody can prepare for, and draws that are equal everywhere."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

BLOCK = 1 << 16
"""Draws that are worked on at once; half a mebibyte stays in the cache."""


def seed_for(rules_digest: str, subject: str, beacon: str = "") -> int:
    """128-bit seed bound to the rules, the subject and a beacon.

    The beacon is drawn after sealing where a team could gain by knowing the
    draw; it is empty where nothing can be gained.
    """
    text = f"{rules_digest}\x1f{subject}\x1f{beacon}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:16], "big")


def uniform_draws(seed: int, count: int) -> npt.NDArray[np.float64]:
    """(count,) uniforms in (0, 1) from Philox bits.

    Made from the raw 64-bit words, whose stream numpy guarantees, and not
    from Generator methods, whose stream it does not.
    """
    return open_unit(np.random.Philox(key=seed).random_raw(count))


def open_unit(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.float64]:
    """(n,) uniforms in (0, 1), exact, of n 64-bit words.

    52 bits and a half: with 53 the half is rounded away and the largest word
    becomes 1, whose logarithm is a weight of zero.
    """
    return ((words >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52


def exponential_draws(seed: int, count: int) -> npt.NDArray[np.float64]:
    """(count,) standard exponentials: the weights of a Bayesian bootstrap."""
    draws = np.empty(count)
    start = 0
    for block in exponential_blocks(seed, count, size=BLOCK):
        draws[start : start + len(block)] = block
        start += len(block)
    return draws


def exponential_blocks(
    seed: int, count: int, *, size: int
) -> Iterator[npt.NDArray[np.float64]]:
    """The same draws in consecutive blocks of `size`, the last one shorter.

    Worked on in place while they lie in the cache: twice as fast as over the
    whole stream, and equal to it bit for bit.
    """
    stream = np.random.Philox(key=seed)
    for start in range(0, count, size):
        draws = _open_unit_in_place(stream.random_raw(min(size, count - start)))
        np.log(draws, out=draws)
        np.negative(draws, out=draws)
        yield draws


def _open_unit_in_place(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.float64]:
    """What `open_unit` gives, in the memory of the words.

    52 bits under the exponent of 1 read as a double in [1, 2); taking off 1
    less half a step is exact, as is the product in `open_unit`.
    """
    words >>= np.uint64(12)
    words |= np.uint64(0x3FF0000000000000)
    units = words.view(np.float64)
    units -= 1.0 - 2.0**-53
    return units


def permutation(seed: int, count: int) -> npt.NDArray[np.intp]:
    """(count,) a permutation of 0..count-1, by sorting Philox words."""
    return np.argsort(np.random.Philox(key=seed).random_raw(count), kind="stable")
