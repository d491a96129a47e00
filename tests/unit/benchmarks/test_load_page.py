"""The page on the load says what the kept record says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.web.ledger import read_ledger
from benchmarks.web.load import RECORD, percentiles
from benchmarks.web.page import PAGE, lines


def test_the_page_is_the_record_s() -> None:
    """No figure was typed by hand, and no vote was lost in what is kept."""
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    assert PAGE.read_text(encoding="utf-8") == "\n".join(lines(record))
    for fact in record["databases"].values():
        found = fact["record"]
        assert (found["lost"], found["doubled"], found["invented"]) == (0, 0, 0)
        assert found["same_rating"]
        assert found["recorded"] == found["acknowledged"] >= record["plan"]["votes"]


def test_a_client_that_votes_twice_is_noticed(tmp_path: Path) -> None:
    """What holds the record to account must itself be without contradiction."""
    ledger = tmp_path / "ledger.jsonl"
    votes = [["sent", 1, 1, "left"], ["acknowledged", 1, 1, "left", 0.1, 2]]
    ledger.write_text("\n".join(map(json.dumps, votes)), encoding="utf-8")
    assert read_ledger(ledger).acknowledged == {(1, 1): "left"}
    votes.append(["sent", 1, 1, "right"])
    ledger.write_text("\n".join(map(json.dumps, votes)), encoding="utf-8")
    with pytest.raises(ValueError, match="two votes of voter 1"):
        read_ledger(ledger)


def test_interrupted_requests_stand_apart() -> None:
    """A wait for a server that was killed is no time of a page."""
    found = percentiles([(1.0, 1), (3.0, 1), (9.0, 2)])
    assert (found["n"], found["p50"]) == (2, 2.0)
    assert (found["interrupted"], found["longest_interrupted"]) == (1, 9.0)
