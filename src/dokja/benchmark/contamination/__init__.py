"""Did a suite leak into training data? Evidence for people, never a removal."""

from dokja.benchmark.contamination.from_runs import (
    AnsweredSuite,
    overlap_evidence,
    twin_evidence,
)
from dokja.benchmark.contamination.min_k_test import min_k_plus_plus, min_k_test
from dokja.benchmark.contamination.order_test import (
    order_test,
    sharded_order_test,
    shuffled_orders,
)
from dokja.benchmark.contamination.overlap_index import index_texts, item_overlaps
from dokja.benchmark.contamination.overlap_test import overlap_test
from dokja.benchmark.contamination.read_together import ComparedScores, read_together
from dokja.benchmark.contamination.reading import (
    NamedModel,
    OrderPlan,
    order_evidence,
    wording_evidence,
)
from dokja.benchmark.contamination.twin_test import twin_test

__all__ = [
    "AnsweredSuite",
    "ComparedScores",
    "NamedModel",
    "OrderPlan",
    "index_texts",
    "item_overlaps",
    "min_k_plus_plus",
    "min_k_test",
    "order_evidence",
    "order_test",
    "overlap_evidence",
    "overlap_test",
    "read_together",
    "sharded_order_test",
    "shuffled_orders",
    "twin_evidence",
    "twin_test",
    "wording_evidence",
]
