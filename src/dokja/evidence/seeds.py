"""Seeds nobody can prepare for, and draws that are equal everywhere."""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt


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
    draws: npt.NDArray[np.float64] = -np.log(uniform_draws(seed, count))
    return draws


def permutation(seed: int, count: int) -> npt.NDArray[np.intp]:
    """(count,) a permutation of 0..count-1, by sorting Philox words."""
    return np.argsort(np.random.Philox(key=seed).random_raw(count), kind="stable")
