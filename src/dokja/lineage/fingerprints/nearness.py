"""How near one component is to the same component of many models, field by field."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dokja.lineage.fingerprints.make import GRAM_ROLES, LAYERED, OUTSIDE
from dokja.lineage.fingerprints.sampling import ANCHORS
from dokja.lineage.fingerprints.sketches import BASIS, BOUNDARY, GRAM, PAIR_SHIFTS
from dokja.lineage.fingerprints.values import ComponentPrint
from dokja.lineage.roles import TOKEN_ROLES, Role

Floats = npt.NDArray[np.float32]
Scores = npt.NDArray[np.float64]
Starts = npt.NDArray[np.intp]

CHUNK = 8192
"""Layers of references widened to float32 at a time."""
FEWEST_PAIRS = 64
"""Pairs of anchors below which their angles are not compared."""


@dataclass(frozen=True, kw_only=True)
class FieldScores:
    """One field against every reference; NaN where it cannot be compared."""

    field: str
    similarity: Scores
    spread: Scores
    n: Scores


@dataclass(frozen=True, kw_only=True, eq=False)
class Sketches:
    """One field's sketches of some components, layers one after the other."""

    values: npt.NDArray[np.int8]
    """(layers of all, roles, size); zeros where a layer lacks a role."""
    starts: Starts
    """Where each component begins, and the end."""

    @property
    def counts(self) -> Starts:
        """Layers of each component."""
        return np.diff(self.starts)


def field_scores(
    candidate: ComponentPrint, references: Sequence[ComponentPrint]
) -> Iterator[FieldScores]:
    """Every field in which the candidate holds anything, in a fixed order."""
    digests = _shared_digests(candidate, references)
    if digests is not None:
        yield digests
    for name, field, roles, size in (
        ("basis", "basis", LAYERED, BASIS),
        ("gram", "gram", GRAM_ROLES, GRAM),
        ("boundary", "basis", OUTSIDE, BOUNDARY),
    ):
        held = tuple(role for role in roles if role.value in _table(candidate, field))
        if held:
            mine = stacked((candidate,), field, held, size)
            theirs = stacked(references, field, held, size)
            yield from _alike(name, mine, theirs)
    if candidate.anchors:
        yield _alike_anchors(candidate, references)


def stacked(
    components: Sequence[ComponentPrint],
    field: str,
    roles: Sequence[Role],
    size: int,
) -> Sketches:
    """The sketches of these roles; boundary roles stand in one layer."""
    outside = roles[0] in OUTSIDE
    counts = [1 if outside else component.layers for component in components]
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.intp)
    values = np.zeros((int(starts[-1]), len(roles), size), dtype=np.int8)
    for component, start, count in zip(components, starts, counts, strict=False):
        table = _table(component, field)
        for place, role in enumerate(roles):
            found = table.get(role.value)
            if found:
                layers = np.frombuffer(found, dtype=np.int8).reshape(count, size)
                values[start : start + count, place] = layers
    return Sketches(values=values, starts=starts)


def layer_similarity(mine: Sketches, theirs: Sketches) -> Floats:
    """(my layers, their layers): mean correlation over the roles both hold."""
    left, left_held = _unit(mine.values)
    similarity = np.zeros((len(left), len(theirs.values)), dtype=np.float32)
    for start in range(0, len(theirs.values), CHUNK):
        right, right_held = _unit(theirs.values[start : start + CHUNK])
        shared = np.maximum(left_held @ right_held.T, 1.0)
        similarity[:, start : start + CHUNK] = left @ right.T / shared
    return similarity


def largest_by_chance(count: npt.NDArray[np.intp] | int) -> Scores:
    """About the largest of `count` standard normals: sqrt(2 ln count)."""
    return np.sqrt(2.0 * np.log(np.maximum(count, 1)))


def shared_tokens(
    candidate: ComponentPrint, references: Sequence[ComponentPrint]
) -> Scores:
    """Share of anchor buckets that hold the same token; NaN without a tokenizer."""
    mine, theirs = _tags((candidate,)), _tags(references)
    known = np.maximum(np.sum((mine > 0) | (theirs > 0), axis=1), 1)
    share = np.sum((mine == theirs) & (mine > 0), axis=1) / known
    return np.where(theirs.any(axis=1) & mine.any(), share, np.nan)


def digests_of(component: ComponentPrint) -> npt.NDArray[np.uint64]:
    """Every digest the component lists, without the zeros that stand for none."""
    listed = b"".join(
        (*component.digests.values(), *(group.lowest for group in component.groups))
    )
    found = np.frombuffer(listed, dtype=">u8").astype(np.uint64)
    return found[found > 0]


def _alike(name: str, mine: Sketches, theirs: Sketches) -> Iterator[FieldScores]:
    """The layers in place or best paired, and apart from it the one best pair."""
    layers, size = len(mine.values), theirs.values.shape[2]
    similarity = layer_similarity(mine, theirs)
    held = theirs.values.any(axis=2)
    starts = theirs.starts[:-1]
    some = theirs.counts > 0
    shared = np.zeros(len(starts))
    shared[some] = np.maximum.reduceat(
        held & mine.values.any(axis=(0, 2)), starts[some], axis=0
    ).sum(axis=1)
    best = np.full((layers, len(starts)), np.nan)
    best[:, some] = np.maximum.reduceat(similarity, starts[some], axis=1)
    in_place = np.zeros(len(starts))
    for layer in range(layers):
        has = theirs.counts > layer
        in_place[has] += similarity[layer, starts[has] + layer]
    n = np.where(shared > 0, shared, np.nan) * size
    of_pair = 1.0 / np.sqrt(n)
    paired = best.mean(axis=0) - of_pair * largest_by_chance(theirs.counts)
    yield FieldScores(
        field=name,
        similarity=np.fmax(in_place / layers, paired) + 0.0 * n,
        spread=of_pair / math.sqrt(layers),
        n=n * layers,
    )
    if layers > 1:
        yield FieldScores(
            field=f"{name}_one_layer",
            similarity=best.max(axis=0)
            - of_pair * largest_by_chance(theirs.counts * layers),
            spread=of_pair,
            n=n,
        )


def _alike_anchors(
    candidate: ComponentPrint, references: Sequence[ComponentPrint]
) -> FieldScores:
    same = _tags((candidate,)) == _tags(references)
    same &= _tags((candidate,)) > 0
    both = np.concatenate(
        [same & np.roll(same, -shift, axis=1) for shift in PAIR_SHIFTS], axis=1
    )
    similarity = np.full(len(references), np.nan)
    for role in TOKEN_ROLES:
        if role.value not in candidate.anchors:
            continue
        mine = _angles((candidate,), role) * both
        theirs = _angles(references, role) * both
        # The candidate's angles count only where the reference has a table.
        products = np.einsum("ij,ij->i", mine, theirs)
        squares = np.sum(mine * mine, axis=1) * np.sum(theirs * theirs, axis=1)
        enough = (squares > 0) & (both.sum(axis=1) >= FEWEST_PAIRS)
        found = products / np.sqrt(np.where(enough, squares, 1.0))
        similarity = np.fmax(similarity, np.where(enough, found, np.nan))
    n = np.where(np.isnan(similarity), np.nan, both.sum(axis=1))
    return FieldScores(
        field="anchors", similarity=similarity, spread=1.0 / np.sqrt(n), n=n
    )


def _shared_digests(
    candidate: ComponentPrint, references: Sequence[ComponentPrint]
) -> FieldScores | None:
    mine = np.unique(digests_of(candidate))
    if not len(mine):
        return None
    theirs = [digests_of(reference) for reference in references]
    owners = np.repeat(np.arange(len(theirs)), [len(found) for found in theirs])
    values = np.concatenate(theirs) if theirs else mine[:0]
    places = np.minimum(np.searchsorted(mine, values), len(mine) - 1)
    matched = mine[places] == values
    # A tensor that a reference holds twice is shared once.
    pairs = np.unique(owners[matched] * len(mine) + places[matched])
    shared = np.bincount(pairs // len(mine), minlength=len(theirs)) / len(mine)
    return FieldScores(
        field="digests",
        similarity=shared,
        spread=np.zeros(len(theirs)),
        n=np.full(len(theirs), float(len(mine))),
    )


def _table(component: ComponentPrint, field: str) -> dict[str, bytes]:
    return component.gram if field == "gram" else component.basis


def _unit(values: npt.NDArray[np.int8]) -> tuple[Floats, Floats]:
    """Each role's sketch of unit length, side by side, and which are there."""
    wide = values.astype(np.float32)
    lengths = np.sqrt(np.einsum("ijk,ijk->ij", wide, wide))
    wide /= np.where(lengths > 0, lengths, 1.0)[:, :, None]
    return wide.reshape(len(wide), -1), (lengths > 0).astype(np.float32)


def _tags(components: Sequence[ComponentPrint]) -> npt.NDArray[np.uint16]:
    rows = b"".join(component.tags or bytes(2 * ANCHORS) for component in components)
    return np.frombuffer(rows, dtype=">u2").reshape(len(components), -1)


def _angles(components: Sequence[ComponentPrint], role: Role) -> Floats:
    none = bytes(ANCHORS * len(PAIR_SHIFTS))
    rows = b"".join(c.anchors.get(role.value, none) for c in components)
    angles = np.frombuffer(rows, dtype=np.int8).reshape(len(components), -1)
    return angles.astype(np.float32)
