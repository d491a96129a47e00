"""Public items against freshly written twins: the contamination test to act on.

Source: difference in differences, D. Card, A. Krueger, American Economic
Review 84 (1994), with models in place of states; twins as in H. Zhang et al.,
A Careful Examination of Large Language Model Performance on Grade School
Arithmetic, arXiv 2405.00332 (2024).
"""

from __future__ import annotations

from dokja.benchmark.contamination.read_together import ComparedScores, gain_evidence
from dokja.benchmark.contamination.values import (
    ContaminationEvidence,
    ContaminationTest,
)
from dokja.benchmark.contamination.words import FRESH_TWINS, PUBLIC
from dokja.errors import InvalidInput
from dokja.evidence.values import Estimate
from dokja.statistics.clustered import Mask, mean_estimate
from dokja.statistics.difference_in_differences import gain_on_chosen


def twin_test(compared: ComparedScores, public: Mask) -> ContaminationEvidence:
    """Evidence from (n,) items of which the `public` ones have fresh twins.

    Public items and twins stand in one row; a question shares its cluster with
    its twin, so that they are compared as a pair. Twins that belong to no
    single question have clusters of their own. Raises: InvalidInput unless
    both kinds occur.
    """
    if public.all() or not public.any():
        raise InvalidInput(
            f"{compared.suite}: public items and twins do not both occur",
            remedy="measure every model on the public items and on the fresh twins",
        )
    gain = gain_on_chosen(compared.own, compared.references, public, compared.clusters)
    method = (
        f"twin/difference-in-differences/R={len(compared.references)}/"
        f"clustered-t/G={compared.clusters.groups}/0.95/p=max(items,models)"
    )
    estimate = gain.statistic.estimate(
        n=compared.clusters.items, method=method, source=compared.source
    )
    scores = (
        (PUBLIC, _mean_of(compared, public)),
        (FRESH_TWINS, _mean_of(compared, ~public)),
    )
    return gain_evidence(ContaminationTest.TWIN, compared, gain, estimate, scores)


def _mean_of(compared: ComparedScores, chosen: Mask) -> Estimate:
    return mean_estimate(
        compared.own[chosen], compared.clusters.of(chosen), source=compared.source
    )
