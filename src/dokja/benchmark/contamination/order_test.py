"""Does a model know the order in which a set was published?

Under no contamination the items are exchangeable to the model, so its log
probability of the whole set is one more draw among those of shuffled orders.
It takes weights or log probabilities, and a set published in one order.

Source: Y. Oren et al., Proving test set contamination in black box language
models, arXiv 2310.17623 (2023), permutation test and sharded test.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dokja.benchmark.contamination.read_together import evidence_of
from dokja.benchmark.contamination.values import (
    ContaminationEvidence,
    ContaminationRules,
    ContaminationTest,
)
from dokja.benchmark.contamination.words import FEW_ORDERS, NO_VARIATION
from dokja.errors import InvalidInput
from dokja.evidence.seeds import permutation, seed_for
from dokja.evidence.values import Estimate
from dokja.statistics.clustered import Scores, clustered_mean, single_items


@dataclass(frozen=True, kw_only=True)
class OrderedSet:
    """The model and the published set whose order is tested."""

    subject: str
    suite: str
    items: int
    source: str


def shuffled_orders(
    rules_digest: str, suite: str, beacon: str, *, items: int, orders: int
) -> npt.NDArray[np.intp]:
    """(orders, items) orders to read the set in, the same for every team.

    The beacon is drawn after sealing: a team that knew the orders could train
    on them.
    """
    seeds = [
        seed_for(rules_digest, f"order/{suite}/{k}", beacon) for k in range(orders)
    ]
    return np.stack([permutation(seed, items) for seed in seeds])


def order_test(
    of: OrderedSet, published: float, shuffled: Scores, rules: ContaminationRules
) -> ContaminationEvidence:
    """Evidence from one log probability of the published order and (M,) of others.

    Exact: p = (1 + #{shuffled >= published}) / (M + 1), whatever the model.
    The estimate is the published order's lead in nats; a single set of orders
    gives it no interval.
    """
    orders = len(shuffled)
    if not orders:
        raise InvalidInput(
            f"{of.subject} on {of.suite}: no shuffled order was read",
            remedy="read the set in the orders drawn for it",
        )
    p_value = (1 + int((shuffled >= published).sum())) / (orders + 1)
    estimate = Estimate(
        value=published - float(shuffled.mean()),
        low=None,
        high=None,
        n=of.items,
        method=f"order/exact-permutation/M={orders}",
        source=of.source,
    )
    if 1 / (orders + 1) > rules.alpha:
        return evidence_of(ContaminationTest.ORDER, of, estimate, None, FEW_ORDERS)
    return evidence_of(ContaminationTest.ORDER, of, estimate, p_value, None)


def sharded_order_test(
    of: OrderedSet, published: Scores, shuffled: Scores
) -> ContaminationEvidence:
    """Evidence from r shards: (r,) published and (r, m) shuffled log probabilities.

    One-sided Student's t over s_j = published_j - mean of shuffled_j, with
    r - 1 degrees of freedom: fewer readings than the exact test, and normality
    of a mean over shards in return.
    """
    if shuffled.ndim != 2 or published.shape != shuffled.shape[:1]:
        raise InvalidInput(
            f"{of.subject} on {of.suite}: {published.shape} published and "
            f"{shuffled.shape} shuffled log probabilities",
            remedy="give each shard one published and equally many shuffled readings",
        )
    shards, orders = shuffled.shape
    found = clustered_mean(published - shuffled.mean(axis=1), single_items(shards))
    estimate = found.estimate(
        n=of.items, method=f"order/t/r={shards}/m={orders}/0.95", source=of.source
    )
    p_value = found.upper_p_value()
    reason = NO_VARIATION if p_value is None else None
    return evidence_of(ContaminationTest.ORDER, of, estimate, p_value, reason)
