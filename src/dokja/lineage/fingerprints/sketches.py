"""Short vectors whose angles are those of the weights they were taken of.

Source of the sketch: Charikar, Chen and Farach-Colton, "Finding frequent items
in data streams" (2002): signed sums over random buckets keep inner products.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from dokja.evidence.seeds import seed_for
from dokja.lineage.fingerprints.sampling import COLUMNS, Sample, columns_of
from dokja.lineage.fingerprints.values import SCHEMA
from dokja.lineage.roles import Role

Values = npt.NDArray[np.float32]

BASIS = 64
"""Numbers of a sketch of weights; strangers correlate by 1/sqrt(64) a tensor."""
GRAM = 32
BOUNDARY = 256
"""A boundary table stands alone, so its sketch is larger."""
PAIR_SHIFTS = (1, 2, 4, 8)
COMMON_SHARE = 4
"""One in so many directions of the anchors, the strongest, is projected out."""


def basis_sketch(role: Role, table: Values, size: int) -> bytes:
    """`size` signed bytes: the sample where it stands, centred over both axes.

    Sees fine-tuning, noise, merging and moved layers; a rotation or another
    order of the residual channels hides the model from it.
    """
    columns = columns_of(role, table.shape[1], COLUMNS)
    sample = table[:, columns].astype(np.float64)
    sample -= sample.mean(axis=0, keepdims=True)
    if sample.shape[1] > 1:
        sample -= sample.mean(axis=1, keepdims=True)
    return _sketched("basis", role, sample.ravel(), size)


def gram_sketch(role: Role, table: Values) -> bytes:
    """32 signed bytes: angles between the sampled rows, centred.

    No rotation, order, sign or number of residual channels moves an angle;
    another order of the rows hides the model from it.
    """
    rows = table.astype(np.float64)
    products = rows @ rows.T
    # Centring the products over both axes centres the rows over themselves.
    products -= products.mean(axis=0, keepdims=True)
    products -= products.mean(axis=1, keepdims=True)
    angles = _of_unit_rows(products)[np.triu_indices(len(rows), 1)]
    if len(angles) < GRAM:
        return bytes(GRAM)
    return _sketched("gram", role, angles - angles.mean(), GRAM)


def anchor_angles(table: Values, held: npt.NDArray[np.bool_]) -> bytes:
    """Signed bytes: the angles of fixed pairs of anchors, 0 where one is missing.

    What frequent tokens mean is alike in every model of a language, so the
    strongest directions are projected out first; the rest is the model's own.
    """
    rows = table[held].astype(np.float64)
    if len(rows) < 2 * COMMON_SHARE:
        return bytes(len(held) * len(PAIR_SHIFTS))
    rows -= rows.mean(axis=0)
    values, vectors = np.linalg.eigh(rows @ rows.T)
    kept = len(rows) - min(len(rows), rows.shape[1]) // COMMON_SHARE
    own = (vectors[:, :kept] * np.maximum(values[:kept], 0.0)) @ vectors[:, :kept].T
    full = np.zeros((len(held), len(held)))
    full[np.ix_(held, held)] = _of_unit_rows(own)
    at = np.arange(len(held))
    pairs = [full[at, (at + shift) % len(held)] for shift in PAIR_SHIFTS]
    return _quantised(np.concatenate(pairs))


def _sketched(field: str, role: Role, sample: Sample, size: int) -> bytes:
    buckets, signs = _hashes(f"{field} {role}", len(sample), size)
    sums: Sample = np.zeros(size)
    sums += np.bincount(buckets, weights=signs * sample, minlength=size)
    return _quantised(sums)


@lru_cache(maxsize=256)
def _hashes(what: str, count: int, size: int) -> tuple[npt.NDArray[np.intp], Sample]:
    """A bucket and a sign for each position of a sample."""
    words = np.random.Philox(key=seed_for(SCHEMA, f"{what} {count}")).random_raw(count)
    signs = (words & np.uint64(1)).astype(np.float64) * 2.0 - 1.0
    return ((words >> np.uint64(1)) % np.uint64(size)).astype(np.intp), signs


def _quantised(values: Sample) -> bytes:
    """Signed bytes in proportion to the values; zeros where all are."""
    if not len(values):
        return b""
    # Among a thousand angles a few are near one, and would leave the others
    # no more than a step or two.
    limit = 4.0 * float(np.sqrt(np.mean(values * values)))
    clipped = np.clip(values, -limit, limit)
    largest = float(np.abs(clipped).max(initial=0.0))
    if not largest > 0.0:
        return bytes(len(values))
    return np.rint(clipped * (127.0 / largest)).astype(np.int8).tobytes()


def _of_unit_rows(products: Sample) -> Sample:
    """The products that the same rows would have at length one."""
    lengths = np.sqrt(np.maximum(np.diag(products), 0.0))
    lengths[lengths == 0.0] = 1.0
    unit: Sample = products / lengths[:, None] / lengths[None, :]
    return unit
