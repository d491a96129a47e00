"""Which units, channels and anchors of a large model enter the tests.

A test of every row of a model of billions costs hours and says nothing that
a drawn thousand does not. Draws come from the comparison's seed, which a
programme mixes with a beacon, so nobody can hide a copy where no one looks;
digests still cover every byte.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dokja.evidence.seeds import permutation, seed_for, uniform_draws

Indices = npt.NDArray[np.intp]
Words = npt.NDArray[np.float32]

LIKE_FREQUENCY = 16
"""Neighbouring tokens or anchors that count as of like frequency."""


@dataclass(frozen=True, kw_only=True)
class Draws:
    """Every draw of one component's comparison, by name."""

    seed_text: str
    """Bound to rules, subject and component; every draw adds its own name."""

    def order(self, what: str, count: int) -> Indices:
        """(count,) a permutation of 0..count-1."""
        return permutation(seed_for(self.seed_text, what), count)

    def exchange(self, what: str, count: int) -> Indices:
        """(count,) an order that moves each only among those of like frequency.

        Tokenizers number frequent strings first, so those stand side by side.
        """
        return np.concatenate(
            [
                at + self.order(f"{what} at {at}", min(LIKE_FREQUENCY, count - at))
                for at in range(0, count, LIKE_FREQUENCY)
            ]
        )

    def some(self, what: str, count: int, most: int) -> Indices:
        """At most `most` of 0..count-1, ascending; all where they are few."""
        if count <= most:
            return np.arange(count, dtype=np.intp)
        return np.sort(self.order(f"{what} of {count}", count)[:most])

    def spread(self, what: str, count: int, most: int) -> Indices:
        """At most `most` of 0..count-1, one from each of equal stretches.

        Tokenizers number frequent strings first, so a stretch is a range of
        frequencies.
        """
        taken = min(count, most)
        edges = np.arange(taken + 1) * count // max(1, taken)
        steps = uniform_draws(seed_for(self.seed_text, what), taken) * np.diff(edges)
        return edges[:-1] + steps.astype(np.intp)

    def noise(self, what: str, shape: tuple[int, int]) -> Words:
        """(rows, columns) uniform noise of mean 0 and deviation 1, float32.

        Four draws of 16 bits from each Philox word: a control needs noise of
        a known size, not of a known shape.
        """
        count = shape[0] * shape[1]
        words = np.random.Philox(key=seed_for(self.seed_text, what)).random_raw(
            -(-count // 4)
        )
        draws = words.view(np.uint16)[:count].astype(np.float32)
        draws -= np.float32(32767.5)
        draws *= np.float32(12.0**0.5 / 65536.0)
        return draws.reshape(shape)
