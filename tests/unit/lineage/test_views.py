"""Nearest partners of hidden units, and of units in another order."""

from __future__ import annotations

import numpy as np

from dokja.lineage.views import Views, agreement, agreement_of_orders, unit_rows


def _views(seed: int, units: int, features: tuple[int, ...]) -> Views:
    rng = np.random.default_rng(seed)
    return tuple(
        unit_rows(rng.standard_normal((units, count), dtype=np.float32))
        for count in features
    )


def test_orders_asked_together_agree_as_each_alone() -> None:
    """All known negatives of a layer pair go through one product."""
    searched = _views(1, 96, (24, 24, 40))
    asked = tuple(view[:32] for view in searched)
    rng = np.random.default_rng(2)
    orders = [
        tuple(np.arange(view.shape[1]) for view in searched),
        *(tuple(rng.permutation(v.shape[1]) for v in searched) for _ in range(3)),
    ]
    alone = [
        agreement(
            tuple(view[:, at] for view, at in zip(asked, order, strict=True)), searched
        )
        for order in orders
    ]
    assert agreement_of_orders(asked, searched, orders) == alone
    assert alone[0] == 1.0
    assert max(alone[1:]) < 0.5


def test_a_side_without_the_views_agrees_with_nothing() -> None:
    """A layer without a gate has two views, and one with it three."""
    searched = _views(1, 16, (8, 8))
    assert agreement_of_orders((), searched, [()] * 3) == [0.0, 0.0, 0.0]
    assert agreement((), searched) == 0.0
