"""Score with and without the items that stand in the training text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dokja.benchmark.contamination.read_together import (
    ComparedScores,
    evidence_of,
    gain_evidence,
)
from dokja.benchmark.contamination.values import (
    ContaminationEvidence,
    ContaminationRules,
    ContaminationTest,
    ItemOverlap,
)
from dokja.benchmark.contamination.words import (
    ALL_TESTED,
    NOTHING_FLAGGED,
    WITHOUT_FLAGGED,
)
from dokja.statistics.clustered import ClusteredStatistic, Mask, mean_estimate
from dokja.statistics.difference_in_differences import gain_on_chosen


def overlap_test(
    compared: ComparedScores,
    overlaps: Sequence[ItemOverlap],
    rules: ContaminationRules,
) -> ContaminationEvidence:
    """Evidence from what the flagged items add to the score, net of references.

    `overlaps` stand in the order of the scores. Items too short to search for
    are left out of both means. The error is that of the paired difference
    "all less clean": the share flagged times the contrast of the two kinds.

    Source: as `overlap_index`, estimated performance gain.
    """
    tested = np.array([overlap.longest is not None for overlap in overlaps])
    flagged = np.array([overlap.flagged for overlap in overlaps])[tested]
    if flagged.all() or not flagged.any():
        return evidence_of(
            ContaminationTest.OVERLAP, compared, None, None, NOTHING_FLAGGED
        )
    kept = _only(compared, tested)
    gain = gain_on_chosen(kept.own, kept.references, flagged, kept.clusters)
    share = float(flagged.mean())
    error = gain.statistic.error
    added = ClusteredStatistic(
        value=share * gain.statistic.value,
        error=None if error is None else share * error,
        freedom=gain.statistic.freedom,
    )
    method = (
        f"overlap/longest-run/n={rules.gram_words}/mincount=1/NFC/"
        f"flagged>={rules.flagged_share:g}/flagged={int(flagged.sum())}/"
        f"untested={int((~tested).sum())}/R={len(kept.references)}/"
        f"clustered-t/G={kept.clusters.groups}/0.95/p=max(items,models)"
    )
    estimate = added.estimate(
        n=kept.clusters.items, method=method, source=compared.source
    )
    everything = mean_estimate(kept.own, kept.clusters, source=compared.source)
    clean = mean_estimate(
        kept.own[~flagged], kept.clusters.of(~flagged), source=compared.source
    )
    scores = ((ALL_TESTED, everything), (WITHOUT_FLAGGED, clean))
    return gain_evidence(ContaminationTest.OVERLAP, compared, gain, estimate, scores)


def _only(compared: ComparedScores, tested: Mask) -> ComparedScores:
    return ComparedScores(
        subject=compared.subject,
        suite=compared.suite,
        own=compared.own[tested],
        references=compared.references[:, tested],
        clusters=compared.clusters.of(tested),
        source=compared.source,
    )
