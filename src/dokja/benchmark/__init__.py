"""Benchmarks: suites, official runs and what they separate."""

from dokja.benchmark.results import separation, suite_result
from dokja.benchmark.suite import (
    competing_authors,
    item_digest,
    listed,
    parse_suite,
)
from dokja.benchmark.tracks import uncovered_tracks

__all__ = [
    "competing_authors",
    "item_digest",
    "listed",
    "parse_suite",
    "separation",
    "suite_result",
    "uncovered_tracks",
]
