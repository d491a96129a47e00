"""Views of a hidden unit, and whether two of them name the same partner."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from dokja.lineage.layout import Indices, Matrix

Views = tuple[Matrix, ...]
"""(units, features) of gate, up and down, or of up and down; rows of length one."""


def unit_rows(matrix: Matrix) -> Matrix:
    """Rows centred over the units, of length one; a row of zeros stays zero."""
    centred = matrix - matrix.mean(axis=0, keepdims=True)
    centred[~np.any(matrix != 0.0, axis=1)] = 0.0
    return scaled_rows(centred)


def scaled_rows(rows: Matrix) -> Matrix:
    """Rows of length one; a row of zeros stays zero."""
    norms = np.sqrt(np.sum(rows * rows, axis=1, keepdims=True))
    norms[norms == 0.0] = 1.0
    scaled: Matrix = rows / norms
    return scaled


def alive(views: Views) -> Indices:
    """Units that vanish in no view.

    A vanished unit is equally near to everything, so all its views would
    agree on the first row.
    """
    if not views:
        return np.zeros(0, dtype=np.intp)
    living = np.all([np.any(view != 0.0, axis=1) for view in views], axis=0)
    return np.flatnonzero(living)


def agreement(asked: Views, searched: Views) -> float:
    """Share of asked units for which two views find the same nearest unit.

    Averaged over the pairs of views; 0 where a side lacks the views.
    """
    if not _comparable(asked, searched):
        return 0.0
    return agreeing(_partners(_products(asked, searched)))


def agreement_of_orders(
    asked: Views, searched: Views, orders: Sequence[Sequence[Indices]]
) -> list[float]:
    """The agreement for each order of the asked units' features.

    `orders` hold the features' places for each view. All orders go through one
    product, which takes half the time of one product each.
    """
    if not _comparable(asked, searched):
        return [0.0] * len(orders)
    reordered = tuple(
        np.concatenate([view[:, order[number]] for order in orders])
        for number, view in enumerate(asked)
    )
    partners = _partners(_products(reordered, searched))
    return [
        agreeing(of_order)
        for of_order in zip(
            *(np.split(one, len(orders)) for one in partners), strict=True
        )
    ]


def matched(asked: Views, searched: Views) -> tuple[float, Views]:
    """The agreement, and for every asked unit the views of its partner.

    The partner is the unit nearest in all views together; () where a side
    lacks the views.
    """
    if not _comparable(asked, searched):
        return 0.0, ()
    products = _products(asked, searched)
    share = agreeing(_partners(products))
    nearest = np.argmax(sum(products[1:], start=products[0]), axis=1)
    return share, tuple(view[nearest] for view in searched)


def agreeing(partners: Sequence[Indices]) -> float:
    """Share of rows on which two of the views name one partner."""
    shares = [float(np.mean(a == b)) for a, b in combinations(partners, 2)]
    return sum(shares) / len(shares)


def _comparable(asked: Views, searched: Views) -> bool:
    return len(asked) == len(searched) and bool(asked) and bool(asked[0].size)


def _products(asked: Views, searched: Views) -> list[Matrix]:
    """(asked units, searched units) products, view by view."""
    return [mine @ theirs.T for mine, theirs in zip(asked, searched, strict=True)]


def _partners(products: Sequence[Matrix]) -> list[Indices]:
    return [np.argmax(product, axis=1) for product in products]
