"""The calls of an office on a real record: races, scans, silence of a rulebook."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dokja.adapters.store import Store, open_store
from dokja.call.applications.submit import withdraw_application
from dokja.call.applications.values import ApplicationPhase, VerdictWord
from dokja.call.open_call import extend_call
from dokja.call.rules import call_rules
from dokja.call.select import Review, decide_call
from dokja.call.values import CallPhase, ReviewRound
from dokja.errors import Conflict, InvalidInput, NotAllowed
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.values import Text
from dokja.lineage.values import LineageVerdict
from dokja.wiring.calls import CallRoom, Citation, cited_comparison
from dokja.wiring.matter_desk import MatterDesk
from tests.call_fixture import (
    AFTER,
    DURING,
    PRESENTATION,
    CallOffice,
    by,
    call_rulebook,
    call_text,
    lineage_report,
    sheets,
)
from tests.rulebooks import example_rulebook

SAID = Text("", "")


def test_a_withdrawal_beats_a_selection_that_had_not_seen_it(tmp_path: Path) -> None:
    """Of the selection nothing stands, neither in the call nor in any application."""
    office = CallOffice(call_text(slots=1), _rules())
    office.open()
    for name in ("a01", "a02"):
        office.submit(name)
    office.close()
    office.admit("a01", "a02")
    office.screen({"a01": (50, 30), "a02": (40, 30)})
    office.panel(ReviewRound.PRESENTATION)
    office.present("a01", "a02")
    with open_store(f"sqlite:///{tmp_path}/office.sqlite") as store:
        room = _room(store)
        room.desk.file(office.acts)
        call, files = room.call("c1"), room.applications("c1")
        review = Review(panel=sheets(PRESENTATION, {"a01": (40, 40), "a02": (30, 30)}))
        decided = decide_call(
            call,
            files,
            review,
            rulebook=office.rulebook,
            seen=len(call.acts),
            mandate=by(AFTER),
        )
        leaving = room.application("c1", "a02")
        mandate = by(AFTER, who="a02")
        room.desk.file(
            [withdraw_application(leaving, seen=leaving.seen, mandate=mandate)]
        )
        with pytest.raises(Conflict):
            room.desk.file(decided)
        assert room.call("c1").state.phase is CallPhase.REVIEWING
        phases = [file.state.phase for file in room.applications("c1")]
        assert phases == [ApplicationPhase.PRESENTED, ApplicationPhase.WITHDRAWN]


def test_of_two_extensions_the_record_takes_one(tmp_path: Path) -> None:
    """Two officers read the same page and act; the second is told so."""
    office = CallOffice(rulebook=_rules())
    office.open()
    with open_store(f"sqlite:///{tmp_path}/office.sqlite") as store:
        room = _room(store)
        room.desk.file(office.acts)
        call = room.call("c1")
        ends = ("2031-04-08T16:00:00+09:00", "2031-04-15T16:00:00+09:00")
        acts = [
            extend_call(call, end, seen=2, mandate=by(DURING, who=end, reason="r"))
            for end in ends
        ]
        room.desk.file(acts[:1])
        with pytest.raises(Conflict):
            room.desk.file(acts[1:])
        assert room.call("c1").state.closes == ends[0]


def test_a_scan_is_cited_by_the_reference_that_is_meant(tmp_path: Path) -> None:
    """A scan holds several comparisons; which one is never guessed."""
    known = (("open-base-1", "derived"), ("open-base-2", "no_evidence"))
    found = [lineage_report(reference, verdict) for reference, verdict in known]
    path = tmp_path / "scan.json"
    scan = {
        "candidate": "m",
        "references": 2,
        "searched": 2,
        "verdict": "derived",
        "rows": [],
        "comparisons": found,
        "meaning": SAID,
    }
    path.write_bytes(canonical_bytes(scan))
    citation = Citation(
        report=path,
        entry="model-1",
        reference=None,
        holder="Foreign Lab",
        released=None,
    )
    with pytest.raises(InvalidInput, match="which comparison is meant"):
        cited_comparison(citation)
    for reference, word in known:
        picked = Citation(**{**vars(citation), "reference": reference})
        cited = cited_comparison(picked)
        assert (cited.reference, cited.verdicts[0].verdict) == (reference, word)


def test_the_words_of_a_cited_verdict_are_those_of_lineage() -> None:
    """A call stands below lineage and repeats its words; they must not drift."""
    words: Any = VerdictWord
    assert set(words.__args__) == {verdict.value for verdict in LineageVerdict}


def test_a_rulebook_without_rules_of_calls_says_so() -> None:
    """And a rulebook from before they existed keeps its digest."""
    silent = msgspec.structs.replace(example_rulebook(), call_rules=msgspec.UNSET)
    with pytest.raises(NotAllowed, match="silent about calls"):
        call_rules(silent)
    assert b"call_rules" not in canonical_bytes(silent)


def _rules() -> Any:
    return msgspec.structs.replace(call_rulebook(), programme="p")


def _room(store: Store) -> CallRoom:
    desk = MatterDesk(
        rulebook=_rules(), log=store.acts, clock=lambda: datetime.fromisoformat(AFTER)
    )
    return CallRoom(desk=desk)
