"""Pairs whose answer is known, measured in the same pass as the suspect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dokja.evidence.seeds import seed_for, uniform_draws
from dokja.lineage.channel_test import attention_channel_test, boundary_channel_test
from dokja.lineage.hidden_unit_test import hidden_unit_test
from dokja.lineage.measuring import Measured, NotMeasured
from dokja.lineage.pairing import Pair
from dokja.lineage.raw_agreement import raw_agreement
from dokja.lineage.roles import Slot
from dokja.lineage.tensors import (
    Matrix,
    every_table,
    shuffled,
    standard_normals,
    with_tables,
)
from dokja.lineage.values import LineageRules
from dokja.submission.values import ComponentKind

Half = npt.NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Pass:
    """What stays the same for every pair measured in one comparison."""

    rules: LineageRules
    halves: tuple[Half, ...]
    seed_text: str
    """Bound to rules, subject and component; every draw adds its own name."""


def measure(pair: Pair, settings: Pass) -> tuple[Measured | NotMeasured, ...]:
    """Every test that carries a p-value, always in the same order."""
    return (
        *hidden_unit_test(pair, settings.rules, settings.halves),
        *attention_channel_test(pair, settings.rules),
        *boundary_channel_test(pair, settings.halves),
    )


def measure_agreement(pair: Pair, settings: Pass) -> tuple[Measured, ...]:
    """The raw agreement of the pair, where its MLPs have two views."""
    return raw_agreement(pair, settings.rules, settings.seed_text)


def known_descendant(pair: Pair, settings: Pass) -> Pair:
    """The reference with noise added, in the candidate's place.

    Noise of `control_noise` times each tensor's own deviation.
    """
    tables: dict[Slot, Matrix] = {}
    for slot, matrix in every_table(pair.reference).items():
        seed = seed_for(settings.seed_text, f"noise {slot.role} {slot.layer}")
        rows, columns = matrix.shape
        spread = settings.rules.control_noise * float(matrix.std())
        tables[slot] = matrix + spread * standard_normals(seed, (rows, columns))
    return replace(pair, candidate=with_tables(pair.reference, tables))


def known_strangers(pair: Pair, settings: Pass) -> Iterator[Pair]:
    """The candidate with channels and hidden units shuffled, draw by draw."""
    for draw in range(settings.rules.control_draws):
        text = f"{settings.seed_text} stranger {draw}"
        yield replace(pair, candidate=shuffled(pair.candidate, text))


def planted(pair: Pair, share: float) -> Pair | None:
    """The candidate with `share` of each tensor's variance from the reference.

    Layer i takes from layer i modulo the reference's depth. None where the
    shapes leave nothing to plant into.
    """
    depth = len(pair.reference.layers)
    tables: dict[Slot, Matrix] = {}
    for slot, matrix in every_table(pair.candidate).items():
        layer = slot.layer % depth if slot.layer >= 0 and depth else slot.layer
        source = Slot(slot.role, layer)
        if source not in pair.reference.names:
            return None
        other = pair.reference.matrix(source)
        if other.shape != matrix.shape:
            return None
        tables[slot] = _mixed(matrix, other, share)
    return replace(pair, candidate=with_tables(pair.candidate, tables))


def two_halves(count: int, seed: int) -> tuple[Half, Half]:
    """Two disjoint halves of 0..count-1, drawn from neighbours.

    Entries stand in order of frequency, so a draw within each pair of
    neighbours spreads both halves over all frequencies.
    """
    flips = (uniform_draws(seed, count // 2) < 0.5).astype(np.intp)
    even = 2 * np.arange(count // 2, dtype=np.intp)
    return even + flips, even + 1 - flips


def halves_of(pair: Pair, seed: int) -> tuple[Half, ...]:
    """The halves of a component with one tensor class, empty for others."""
    if pair.candidate.kind is ComponentKind.EMBEDDINGS:
        return two_halves(len(pair.tokens), seed)
    if pair.candidate.kind is ComponentKind.PROJECTOR and pair.candidate.layers:
        return two_halves(next(iter(pair.candidate.layers[0].values())).shape[0], seed)
    return ()


def _mixed(candidate: Matrix, reference: Matrix, share: float) -> Matrix:
    mine, theirs = candidate - candidate.mean(), reference - reference.mean()
    ratio = float(mine.std()) / (float(theirs.std()) or 1.0)
    mixed: Matrix = np.sqrt(1.0 - share) * mine + np.sqrt(share) * ratio * theirs
    return mixed
