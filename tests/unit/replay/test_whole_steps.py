"""Every published fact put to an act: reproduced, different, or unknown."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from dokja.errors import InvalidInput
from dokja.evidence.canonical import canonical_bytes
from dokja.programme import Rulebook
from dokja.replay import PublishedStage
from dokja.replay.whole import (
    History,
    StepResult,
    WholeReplay,
    read_programme,
    replay_programme,
)
from dokja.replay.whole.results import Chapter
from tests.unit.replay.whole_programme import Chapters, entry, shipped_chapters, step

REPRODUCED, DIFFERS, UNKNOWN = StepResult


def rerun(
    spoil: Callable[[Chapters], None], published: PublishedStage, rulebook: Rulebook
) -> WholeReplay:
    """The replay of a history that was changed in memory."""
    chapters = shipped_chapters()
    spoil(chapters)
    return replay_programme(read_programme(chapters), published, rulebook)


@pytest.mark.parametrize(
    ("name", "result", "said"),
    [
        ("first-call", REPRODUCED, None),
        ("briefing-answer", DIFFERS, None),
        ("definition-notice", REPRODUCED, None),
        ("first-criteria", UNKNOWN, "has 0 points"),
        ("first-applicants", REPRODUCED, None),
        ("first-applicants-proposals", UNKNOWN, "missing required field"),
        ("first-documents", REPRODUCED, None),
        ("first-documents-panel", UNKNOWN, "nobody sits on the panel"),
        ("first-selection", REPRODUCED, None),
        ("first-selection-panel", UNKNOWN, "nobody sits on the panel"),
        ("skt-b200", REPRODUCED, None),
        ("naver-h200", UNKNOWN, "no rule says what one H200 counts as"),
        ("gpus-2025", REPRODUCED, None),
        ("lessors-skt", REPRODUCED, "holds none of its own meanwhile"),
        ("lessors-naver", REPRODUCED, "holds none of its own meanwhile"),
        ("slow-clusters", UNKNOWN, "begins"),
        ("gpus-2026", REPRODUCED, None),
        ("gpus-2026-pool", UNKNOWN, "1792 GPUs"),
        ("equal-time", UNKNOWN, "begins"),
        ("dates-selection", REPRODUCED, None),
        ("dates-final-2026", DIFFERS, "needs a reason and a notice"),
        ("dates-stage-1-january", REPRODUCED, None),
        ("dates-final-2027", DIFFERS, "needs a reason and a notice"),
        ("dates-additional", REPRODUCED, None),
        ("dates-final-february", DIFFERS, "needs a reason and a notice"),
        ("total-1936", REPRODUCED, None),
        ("total-2000", DIFFERS, "the parts sum to 237,800,000,000"),
        ("total-2454", DIFFERS, None),
        ("additional-11750", REPRODUCED, None),
        ("individual-benchmarks", DIFFERS, "the stage runs under rules"),
        ("stage-1-decision", REPRODUCED, None),
        ("two-out", DIFFERS, None),
        ("objection-window", UNKNOWN, "may object until 2026-01-25"),
        ("vacancy", DIFFERS, "no rule says what happens to an empty place"),
        ("additional-call", REPRODUCED, None),
        ("quorum", REPRODUCED, None),
        ("additional-applicants", REPRODUCED, None),
        ("additional-selection", REPRODUCED, None),
        ("additional-selection-panel", UNKNOWN, "nobody sits on the panel"),
        ("active-teams", REPRODUCED, None),
        ("stage-2-result", UNKNOWN, None),
    ],
)
def test_what_each_step_shows(
    whole: WholeReplay, name: str, result: StepResult, said: str | None
) -> None:
    """The acts themselves say it, in their own words."""
    found = step(whole, name)
    assert found.result is result
    if said is None:
        assert found.refused is None
    else:
        assert found.refused is not None
        assert said in found.refused


def test_the_programme_arrives_where_it_stood(whole: WholeReplay) -> None:
    """15, 10, 5, 3 and one more; what came next is not known."""
    outcome = whole.outcome
    ways = (outcome.applied, outcome.shortlisted, outcome.selected)
    assert [len(teams) for teams in ways] == [15, 10, 5]
    assert outcome.advances == ("lg", "skt", "upstage")
    assert (outcome.eliminated_by_rank, outcome.eliminated_by_gate) == (
        ("ncai",),
        ("naver",),
    )
    assert (outcome.vacancy, outcome.bids) == (1, ("motif", "trillion"))
    assert outcome.filled_by == "motif"
    assert outcome.active_teams == ("lg", "motif", "skt", "upstage")
    assert outcome.next_stage is None
    assert whole.settled_by_data


def test_every_step_is_sourced_and_cites_a_clause_that_exists(
    whole: WholeReplay, rulebook: Rulebook
) -> None:
    """Dates have no clause of their own; everything else names one."""
    known = {clause.number for clause in rulebook.clauses}
    for one in whole.facts:
        assert one.sources, one.id
        assert set(one.clauses) <= known
        if one.chapter is not Chapter.SCHEDULE and one.result is not UNKNOWN:
            assert one.clauses, one.id
    assert {c.number for c in whole.clauses} == {
        number for one in whole.facts for number in one.clauses
    }


def test_no_vote_and_no_sheet_of_anybody_enters_the_record(whole: WholeReplay) -> None:
    """Votes, scores and applications that nobody published are not made up."""
    kinds = {line.kind for line in whole.record}
    assert kinds == {
        "call",
        "confirmation",
        "figure",
        "gpu_book",
        "objection_waiver",
        "schedule",
        "vacancy",
    }
    waivers = [x.subject for x in whole.record if x.kind == "objection_waiver"]
    assert waivers == [f"T{n}/00001" for n in range(1, 6)]


def test_what_stood_in_is_said(whole: WholeReplay) -> None:
    """An assumption that is not written down is an invention."""
    for name in ("first-call", "skt-b200", "objection-window", "individual-benchmarks"):
        assert step(whole, name).assumed, name
    for name in ("dates-final-2026", "dates-final-2027", "dates-final-february"):
        (text,) = step(whole, name).assumed
        assert "no reason was published" in text.en


def test_the_replay_is_the_same_every_time(
    whole: WholeReplay,
    history: History,
    published: PublishedStage,
    rulebook: Rulebook,
) -> None:
    """A replay that varies is no evidence."""
    again = replay_programme(history, published, rulebook)
    assert canonical_bytes(again) == canonical_bytes(whole)


def _one_more(chapters: Chapters) -> None:
    entry(chapters, "applicants", "first-applicants")["counted"] = 16


def _too_many(chapters: Chapters) -> None:
    entry(chapters, "calls", "first-call")["slots"] = 4


def _uneven(chapters: Chapters) -> None:
    shares = entry(chapters, "support", "gpus-2025")["shares"]
    shares[0]["gpus"], shares[1]["gpus"] = 520, 504


def _other_equivalence(chapters: Chapters) -> None:
    shares = entry(chapters, "support", "gpus-2026")["shares"]
    shares[-1]["gpus"] = 760


def _other_four(chapters: Chapters) -> None:
    entry(chapters, "practices", "active-teams")["teams"] = ["lg", "skt", "upstage"]


def _unmarked(chapters: Chapters) -> None:
    del entry(chapters, "statements", "briefing-answer")["contradicts"]


def _as_planned(chapters: Chapters) -> None:
    entry(chapters, "practices", "two-out")["teams"] = ["ncai"]


def _explained(chapters: Chapters) -> None:
    reason = {"ko": "사유", "en": "a reason"}
    entry(chapters, "dates", "dates-final-2026")["reason"] = reason


def test_another_history_comes_out_otherwise(
    published: PublishedStage, rulebook: Rulebook
) -> None:
    """A replay that says `reproduced` to everything reproduces nothing.

    All changes are made at once: they concern different acts, and a replay costs.
    """
    changed = {
        "first-applicants": (_one_more, DIFFERS),
        "first-selection": (_too_many, DIFFERS),
        "gpus-2025": (_uneven, DIFFERS),
        "gpus-2026": (_other_equivalence, DIFFERS),
        "active-teams": (_other_four, DIFFERS),
        "briefing-answer": (_unmarked, REPRODUCED),
        "two-out": (_as_planned, REPRODUCED),
        "dates-final-2026": (_explained, REPRODUCED),
    }

    def spoil(chapters: Chapters) -> None:
        for change, _ in changed.values():
            change(chapters)

    found = rerun(spoil, published, rulebook)
    assert {name: step(found, name).result for name in changed} == {
        name: result for name, (_, result) in changed.items()
    }


def test_under_rules_that_keep_the_window_open_nothing_closes_early(
    history: History, published: PublishedStage, rulebook: Rulebook
) -> None:
    """Without early closure the additional call of 23 January has no vacancy yet."""
    assert rulebook.objection is not None
    strict = msgspec.structs.replace(
        rulebook,
        objection=msgspec.structs.replace(rulebook.objection, early_closure=False),
    )
    found = replay_programme(history, published, strict)
    for name, said in (
        ("objection-window", "objections are taken until 2026-01-25"),
        ("additional-call", "only for a vacancy"),
        ("active-teams", "are open"),
    ):
        assert said in (step(found, name).refused or ""), name
    assert step(found, "additional-call").result is DIFFERS
    assert (found.outcome.filled_by, found.outcome.active_teams) == (None, ())
    assert not found.settled_by_data


def test_a_clause_that_is_gone_is_named(
    published: PublishedStage, rulebook: Rulebook
) -> None:
    """A citation into nothing would look like ground under a finding."""

    def misquote(chapters: Chapters) -> None:
        entry(chapters, "practices", "quorum")["clauses"] = ["99.9"]

    with pytest.raises(InvalidInput, match=r"quorum cites clause 99\.9"):
        rerun(misquote, published, rulebook)
