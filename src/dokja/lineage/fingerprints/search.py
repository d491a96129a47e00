"""Which of many fingerprints are nearest to one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from dokja.lineage.fingerprints.nearness import FieldScores, Scores, field_scores
from dokja.lineage.fingerprints.values import ComponentPrint, Fingerprint
from dokja.submission.values import ComponentKind

STANDS_OUT = 4.0
"""Spreads taken off a similarity: what the best of thousands of strangers shows."""


def nearest(
    candidate: Fingerprint, references: Sequence[Fingerprint], count: int
) -> tuple[int, ...]:
    """Places of the `count` nearest references, the nearest first.

    A reference is as near as its nearest component is in its nearest field,
    so that one copied encoder, or a model whose layers were moved or rotated,
    is found by whichever field still sees it. Tokenizer and configuration
    play no part.
    """
    closest = np.zeros(len(references))
    clearest = np.full(len(references), -np.inf)
    for kind, places in _by_kind(candidate, references).items():
        theirs = [_component(references[place], kind) for place in places]
        mine = _component(candidate, kind)
        if mine is None:
            continue
        held = [found for found in theirs if found is not None]
        at = np.array(places, dtype=np.intp)
        for scores in field_scores(mine, held):
            closest[at] = np.fmax(closest[at], closeness_of(scores))
            clearest[at] = np.fmax(clearest[at], _clearness(scores))
    names = np.array([reference.name for reference in references])
    order: npt.NDArray[np.intp] = np.lexsort((names, -clearest, -closest))
    return tuple(order[:count].tolist())


def closeness_of(scores: FieldScores) -> Scores:
    """0 to 1 for each reference: the similarity less what strangers may show."""
    less = scores.similarity - STANDS_OUT * scores.spread
    return np.clip(np.nan_to_num(less, nan=0.0), 0.0, 1.0)


def _clearness(scores: FieldScores) -> Scores:
    """Similarity in spreads, for the order of references that do not stand out."""
    spread = np.where(scores.spread > 0, scores.spread, np.nan)
    return scores.similarity / spread


def _by_kind(
    candidate: Fingerprint, references: Sequence[Fingerprint]
) -> Mapping[ComponentKind, list[int]]:
    places: dict[ComponentKind, list[int]] = {c.kind: [] for c in candidate.components}
    for place, reference in enumerate(references):
        for component in reference.components:
            if component.kind in places:
                places[component.kind].append(place)
    return {kind: found for kind, found in places.items() if found}


def _component(print_: Fingerprint, kind: ComponentKind) -> ComponentPrint | None:
    return next((c for c in print_.components if c.kind is kind), None)
