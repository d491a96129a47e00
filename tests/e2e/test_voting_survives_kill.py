"""Fifty people vote at a real server that is killed among them."""

from __future__ import annotations

from pathlib import Path

from benchmarks.web.load import Plan, of_database

PLAN = Plan(votes=300, abreast=50, kills=1, readers=0)


def test_no_vote_is_lost_doubled_or_invented(tmp_path: Path) -> None:
    """SIGKILL in the middle; whoever was not answered asks again.

    The record holds what clients saw acknowledged, each vote once, and its rating
    is the one their own list gives. PostgreSQL is asked the same by the benchmark.
    """
    found = of_database("sqlite", PLAN)
    record = found["record"]
    assert record["acknowledged"] >= PLAN.votes
    assert record["recorded"] == record["acknowledged"]
    assert (record["lost"], record["doubled"], record["invented"]) == (0, 0, 0)
    assert record["same_rating"]
    assert len(found["server"]["start_seconds"]) == 2
