"""Runs in shards: what is done is kept, what is left goes on, faults have a cause."""

from dokja.benchmark.runs.asked import asked_items, find_asked, untimed_item
from dokja.benchmark.runs.compare import compare_runs
from dokja.benchmark.runs.quota import quota_of, require_quota
from dokja.benchmark.runs.resume import Running, resume_run
from dokja.benchmark.runs.shards import shards_of
from dokja.benchmark.runs.summarise import summarise, timings

__all__ = [
    "Running",
    "asked_items",
    "compare_runs",
    "find_asked",
    "quota_of",
    "require_quota",
    "resume_run",
    "shards_of",
    "summarise",
    "timings",
    "untimed_item",
]
