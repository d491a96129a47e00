"""Min-K%++ of original items against paraphrases of the same items.

On its own the statistic ranks texts by how smooth they are, so no level of it
is ever read; only the difference between two wordings of one item is, net of
the same difference in reference models.

Source: J. Zhang et al., Min-K%++, arXiv 2404.02936 (2024), token score and
mean over the lowest k %.
"""

from __future__ import annotations

import math

import numpy as np

from dokja.benchmark.contamination.read_together import ComparedScores, gain_evidence
from dokja.benchmark.contamination.values import (
    ContaminationEvidence,
    ContaminationRules,
    ContaminationTest,
)
from dokja.benchmark.contamination.words import ORIGINALS, PARAPHRASES
from dokja.statistics.clustered import Scores, mean_estimate
from dokja.statistics.difference_in_differences import gain_on_differences


def min_k_plus_plus(
    log_p: Scores, mean: Scores, deviation: Scores, rules: ContaminationRules
) -> float | None:
    """Mean of the lowest share of (log p - mu) / sigma over a text's tokens.

    Args: (T,) log probability of each token, and mean and deviation of the log
    probability under the model's own distribution there. Tokens at which the
    model allowed one continuation only have no deviation and are left out;
    None where no token is left.
    """
    uncertain = deviation > 0
    if not uncertain.any():
        return None
    tokens = (log_p[uncertain] - mean[uncertain]) / deviation[uncertain]
    lowest = math.ceil(rules.lowest_share * len(tokens))
    return float(np.sort(tokens)[:lowest].mean())


def min_k_test(
    originals: ComparedScores, paraphrases: ComparedScores, rules: ContaminationRules
) -> ContaminationEvidence:
    """Evidence from Min-K%++ of both wordings of n items, team and references."""
    clusters = originals.clusters
    gain = gain_on_differences(
        originals.own - paraphrases.own,
        originals.references - paraphrases.references,
        clusters,
    )
    method = (
        f"min-k++/lowest={rules.lowest_share:g}/original-paraphrase/"
        f"R={len(originals.references)}/clustered-t/G={clusters.groups}/0.95/"
        "p=max(items,models)"
    )
    estimate = gain.statistic.estimate(
        n=clusters.items, method=method, source=originals.source
    )
    scores = tuple(
        (name, mean_estimate(side.own, clusters, source=side.source))
        for name, side in ((ORIGINALS, originals), (PARAPHRASES, paraphrases))
    )
    return gain_evidence(ContaminationTest.MIN_K, originals, gain, estimate, scores)
