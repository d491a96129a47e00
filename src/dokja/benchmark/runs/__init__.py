"""Runs in shards: what is done is kept, what is left goes on, faults have a cause."""

from dokja.benchmark.runs.quota import quota_of, require_quota
from dokja.benchmark.runs.resume import resume_run
from dokja.benchmark.runs.shards import shards_of

__all__ = ["quota_of", "require_quota", "resume_run", "shards_of"]
