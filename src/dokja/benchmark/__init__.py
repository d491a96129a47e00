"""Benchmarks: suites, official runs, per-sample results and what they separate."""

from dokja.benchmark.results import separation, suite_result
from dokja.benchmark.run import run_official
from dokja.benchmark.suite import item_digest, parse_suite

__all__ = [
    "item_digest",
    "parse_suite",
    "run_official",
    "separation",
    "suite_result",
]
