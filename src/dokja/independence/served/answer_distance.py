"""How far two sets of drawn answers lie apart, and whether chance explains it.

The statistic is the unbiased squared maximum mean discrepancy under the spectrum
kernel: the cosine of two answers' counts of neighbouring characters, averaged over
prompts. Labels are permuted within each prompt, so that prompts may differ as they
like.

Source: A. Gretton et al., A kernel two-sample test, JMLR 13 (2012); C. Leslie,
E. Eskin, W. Noble, The spectrum kernel (2002); for answers of language models,
I. Gao, P. Liang, C. Guestrin, Model Equality Testing (2024), whose kernel compares
place by place: on answers of our small models it told fewer apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dokja.evidence.seeds import uniform_draws

Kernel = npt.NDArray[np.float64]
_BLOCK = 256
"""Permutations worked on at once."""


def answer_kernel(answers: Sequence[str], *, letters: int) -> Kernel:
    """(n, n) cosines of the answers' pairs of neighbours in the first `letters`.

    An answer without a pair is like those without one, and unlike all others.
    """
    pairs = [Counter(pairwise(f" {answer[:letters]}")) for answer in answers]
    known = {pair: column for column, pair in enumerate(sorted(set().union(*pairs)))}
    counts = np.zeros((len(answers), len(known) + 1))
    for row, found in enumerate(pairs):
        for pair, count in found.items():
            counts[row, known[pair]] = count
        counts[row, -1] = not found
    counts /= np.sqrt((counts * counts).sum(axis=1, keepdims=True))
    return np.asarray(np.einsum("ik,jk->ij", counts, counts, optimize=False))


def discrepancies(kernels: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(prompts,) unbiased squared discrepancy of the first half from the second.

    Args: kernels (prompts, 2m, 2m), one side's m answers before the other's.
    """
    half = kernels.shape[1] // 2
    labels = np.repeat([1.0, 0.0], half)
    whole = np.broadcast_to(labels, (1, *kernels.shape[:2]))
    return _for_labels(kernels, whole).reshape(-1)


def permutation_p(
    kernels: npt.NDArray[np.float64], *, seed: int, permutations: int
) -> float:
    """Share of permutations, the observed one among them, that reach its mean."""
    prompts, both = kernels.shape[:2]
    observed = float(discrepancies(kernels).mean())
    words = uniform_draws(seed, permutations * prompts * both)
    order = words.reshape(permutations, prompts, both).argsort(axis=2, kind="stable")
    reached = 0
    for start in range(0, permutations, _BLOCK):
        labels = (order[start : start + _BLOCK] < both // 2).astype(np.float64)
        found = _for_labels(kernels, labels).mean(axis=1)
        # The same labels in another order sum to a value a rounding apart.
        reached += int((found >= observed - 1e-12).sum())
    return (1 + reached) / (1 + permutations)


def _for_labels(
    kernels: npt.NDArray[np.float64], labels: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """(permutations, prompts) discrepancies of the answers labelled 1 from the rest.

    Args: labels (permutations, prompts, 2m) of ones and zeros, m of each.
    """
    half = kernels.shape[1] // 2
    others = 1.0 - labels
    trace = np.einsum("qii->qi", kernels)

    def within(side: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        total = np.einsum("pqi,qij,pqj->pq", side, kernels, side, optimize=True)
        alone = np.einsum("pqi,qi->pq", side, trace, optimize=False)
        return np.asarray((total - alone) / (half * (half - 1)))

    across = np.einsum("pqi,qij,pqj->pq", labels, kernels, others, optimize=True)
    return np.asarray(within(labels) + within(others) - 2.0 * across / half**2)
