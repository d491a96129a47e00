"""Tests that read a suite with the model itself: published order, and wording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dokja.benchmark.contamination.from_runs import asked_text
from dokja.benchmark.contamination.min_k_test import min_k_plus_plus, min_k_test
from dokja.benchmark.contamination.order_test import (
    OrderedSet,
    sharded_order_test,
    shuffled_orders,
)
from dokja.benchmark.contamination.ports import TextReader
from dokja.benchmark.contamination.read_together import RULES, ComparedScores
from dokja.benchmark.contamination.values import (
    ContaminationEvidence,
    ContaminationRules,
)
from dokja.benchmark.values import Suite
from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_of
from dokja.statistics.clustered import Scores, cluster_index

BETWEEN = "\n\n"


@dataclass(frozen=True, kw_only=True)
class NamedModel:
    """A model as results name it, and where the reader finds it."""

    name: str
    place: str


@dataclass(frozen=True, kw_only=True)
class OrderPlan:
    """How a published order is held against shuffled ones."""

    shard_items: int
    """Items read in one go: so many that the model's window holds them."""
    orders: int
    """Shuffled orders of every shard."""
    beacon: str
    """Drawn after the seal; who knew the orders could train on them."""


def order_evidence(
    reader: TextReader, model: NamedModel, suite: Suite, plan: OrderPlan
) -> ContaminationEvidence:
    """Whether the model finds the suite's own order likelier than shuffled ones.

    Raises: InvalidInput for a suite of fewer than two shards.
    """
    texts = [asked_text(item) for item in suite.items]
    shards = len(texts) // plan.shard_items
    if shards < 2 or plan.shard_items < 2:
        raise InvalidInput(
            f"{len(texts)} items make {shards} shards of {plan.shard_items}",
            remedy="give two items or more to a shard, and two shards or more",
        )
    published = np.empty(shards)
    shuffled = np.empty((shards, plan.orders))
    for shard in range(shards):
        part = texts[shard * plan.shard_items : (shard + 1) * plan.shard_items]
        orders = shuffled_orders(
            digest_of(RULES),
            f"{suite.header.id}/{shard}",
            plan.beacon,
            items=plan.shard_items,
            orders=plan.orders,
        )
        asked = [part, *([part[place] for place in order] for order in orders)]
        read = reader.read(model.place, [BETWEEN.join(one) for one in asked])
        published[shard], *others = (float(found.log_p.sum()) for found in read)
        shuffled[shard] = others
    of = OrderedSet(
        subject=model.name,
        suite=suite.header.id,
        items=shards * plan.shard_items,
        source=f"{reader.engine}; suite {suite.header.version}",
    )
    return sharded_order_test(of, published, shuffled)


def wording_evidence(
    reader: TextReader,
    team: NamedModel,
    references: Sequence[NamedModel],
    wordings: tuple[Suite, Suite],
    rules: ContaminationRules = RULES,
) -> ContaminationEvidence:
    """How much more familiar the originals are than the paraphrases, by Min-K%++.

    `wordings` are the same items, in order, under two wordings. Raises:
    InvalidInput where they are not as many, or a text is too short to be read.
    """
    originals, paraphrases = wordings
    if len(originals.items) != len(paraphrases.items):
        raise InvalidInput(
            f"{len(originals.items)} originals, {len(paraphrases.items)} paraphrases",
            remedy="give every original one paraphrase, in the same order",
        )
    sides = [
        ComparedScores(
            subject=team.name,
            suite=originals.header.id,
            own=_familiarity(reader, team, suite, rules),
            references=np.stack(
                [_familiarity(reader, model, suite, rules) for model in references]
            )
            if references
            else np.empty((0, len(suite.items))),
            clusters=cluster_index([item.cluster for item in originals.items]),
            source=f"{reader.engine}; suite {suite.header.id} {suite.header.version}",
        )
        for suite in wordings
    ]
    return min_k_test(sides[0], sides[1], rules)


def _familiarity(
    reader: TextReader, model: NamedModel, suite: Suite, rules: ContaminationRules
) -> Scores:
    read = reader.read(model.place, [asked_text(item) for item in suite.items])
    found = [
        min_k_plus_plus(scores.log_p, scores.mean, scores.deviation, rules)
        for scores in read
    ]
    known = [value for value in found if value is not None]
    if len(known) < len(found):
        raise InvalidInput(
            f"{model.name}: {len(found) - len(known)} texts of {suite.header.id} leave "
            "no token that could have been another",
            remedy="leave these items out of both wordings",
        )
    return np.array(known)
