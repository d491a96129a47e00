"""Benchmarks: suites, official runs, what they separate, and whether they leaked."""

from dokja.benchmark.contamination import ComparedScores, read_together
from dokja.benchmark.judge_audit import audit_judge, audit_size, draw_audit
from dokja.benchmark.min_k_test import min_k_plus_plus, min_k_test
from dokja.benchmark.order_test import order_test, sharded_order_test, shuffled_orders
from dokja.benchmark.overlap_index import index_texts, item_overlaps
from dokja.benchmark.overlap_test import overlap_test
from dokja.benchmark.results import separation, suite_result
from dokja.benchmark.run import run_official
from dokja.benchmark.suite import item_digest, parse_suite
from dokja.benchmark.twin_test import twin_test

__all__ = [
    "ComparedScores",
    "audit_judge",
    "audit_size",
    "draw_audit",
    "index_texts",
    "item_digest",
    "item_overlaps",
    "min_k_plus_plus",
    "min_k_test",
    "order_test",
    "overlap_test",
    "parse_suite",
    "read_together",
    "run_official",
    "separation",
    "sharded_order_test",
    "shuffled_orders",
    "suite_result",
    "twin_test",
]
