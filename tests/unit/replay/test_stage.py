"""The published first stage, decided again."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from dokja.errors import InvalidInput
from dokja.evidence.canonical import canonical_bytes
from dokja.programme import Rulebook
from dokja.programme.values import Undetermined
from dokja.replay import PublishedStage, ReplayReport, read_published, replay_stage
from dokja.replay.results import Outcome, RemovedBy
from dokja.standing.values import Bounds
from tests.unit.replay.test_published import PUBLISHED_SCORES


def _outcome(report: ReplayReport, case: str) -> Outcome:
    found = next(each for each in report.counterfactuals if each.id == case)
    assert found.refused is None
    assert found.outcome is not None
    return found.outcome


def _removals(outcome: Outcome) -> dict[str, tuple[RemovedBy, ...]]:
    return {each.team: each.removed_by for each in outcome.removals}


def test_the_published_outcome_follows(report: ReplayReport) -> None:
    """The whole case rests on this: rules and facts give the announced result."""
    outcome = report.outcome
    assert outcome.advances == ("lg", "skt", "upstage")
    assert outcome.eliminated_by_rank == ("ncai",)
    assert outcome.eliminated_by_gate == ("naver",)
    assert (outcome.undecided, outcome.vacancy) == ((), 1)
    assert (outcome.revival_call, outcome.selected) == (True, "motif")
    assert outcome.objection_until == "2026-01-25"
    assert report.selection.active_teams == ("lg", "skt", "upstage", "motif")
    assert report.settled_by_data
    assert report.completions.same_outcome


def test_each_removal_has_one_reason_and_cites_its_clauses(
    report: ReplayReport,
) -> None:
    """A team must see which rule removed it."""
    assert _removals(report.outcome) == {
        "naver": (RemovedBy.GATE,),
        "ncai": (RemovedBy.RANK_CUT,),
    }
    clauses = {each.team: each.clauses for each in report.outcome.removals}
    assert "5.5" in clauses["naver"]
    assert "5.1" in clauses["ncai"]


def test_every_published_fact_holds(report: ReplayReport) -> None:
    """A fact that does not hold means a wrong figure or a wrong rule."""
    assert [fact.id for fact in report.facts if not fact.holds] == []
    assert len({fact.id for fact in report.facts}) == len(report.facts) > 25
    assert all(fact.sources for fact in report.facts)


@pytest.mark.parametrize(
    ("fact", "given", "recomputed"),
    [
        ("sum-lg-benchmark", "33.6", "33.6"),
        ("sum-lg-total", "90.2", "90.2"),
        ("mean-total", "79.7", "79.7"),
        ("lg-common-from-mean", "14.4", "14.406"),
        ("lg-target-attainment", "104", "103.8"),
        ("gpu-equivalence", "768", "768.0"),
        ("gpu-b200-pool", "1024", "1024"),
        ("objection-end", "2026-01-25", "2026-01-25"),
        ("extra-call-opening", "2026-01-23", "2026-01-23"),
    ],
)
def test_published_numbers_recompute(
    report: ReplayReport, fact: str, given: str, recomputed: str
) -> None:
    """Anybody with a pocket calculator gets the same."""
    found = next(each for each in report.facts if each.id == fact)
    assert (found.published, found.recomputed) == (given, recomputed)
    assert found.holds


def test_a_wrong_figure_makes_its_fact_fail(
    document: dict[str, Any], rulebook: Rulebook
) -> None:
    """A check that cannot fail checks nothing."""
    document["recomputable"][2]["published"] = 800
    document["objection"]["ends"] = "2026-01-24"
    document["points"]["components"]["nia"] = 15
    report = replay_stage(read_published(document, where="x"), rulebook)
    failed = {fact.id for fact in report.facts if not fact.holds}
    assert failed == {
        "gpu-equivalence",
        "objection-end",
        "points-nia",
        "points-total",
    }


def test_scores_that_do_not_add_up_are_seen(
    document: dict[str, Any], rulebook: Rulebook
) -> None:
    """Under role labels, since no team gets a score nobody published."""
    labels = {team["id"]: team["role"] for team in document["teams"]}
    for team in document["teams"]:
        team["name"] = {"ko": team["role"], "en": team["role"]}
    document = _renamed(document, labels)
    document["scores"][0]["value"] = Decimal("9.1")
    document["leads"].pop(0)
    report = replay_stage(read_published(document, where="x"), rulebook)
    failed = {fact.id for fact in report.facts if not fact.holds}
    assert failed == {"sum-T1-benchmark"}


def _renamed(value: Any, names: dict[str, str]) -> Any:
    """The document with whole words replaced, keys left alone."""
    if isinstance(value, dict):
        return {key: _renamed(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    return names.get(value, value) if isinstance(value, str) else value


def test_the_extra_call_needs_the_early_closure(
    published: PublishedStage, rulebook: Rulebook
) -> None:
    """It opened before day ten; only the announced early closure allows that."""
    assert rulebook.objection is not None
    strict = msgspec.structs.replace(
        rulebook,
        objection=msgspec.structs.replace(rulebook.objection, early_closure=False),
    )
    report = replay_stage(published, strict)
    failed = {fact.id for fact in report.facts if not fact.holds}
    assert failed == {"extra-call-opening"}


def test_the_bounds_are_those_of_the_published_means(report: ReplayReport) -> None:
    """What is known of the four other teams together, and no more."""
    found = {each.part: each.sum for each in report.bounds}
    assert found == {
        "benchmark": Bounds(Decimal("118.10"), Decimal("118.70")),
        "expert": Bounds(Decimal("111.125"), Decimal("111.275")),
        "user": Bounds(Decimal("78.725"), Decimal("78.875")),
        "total": Bounds(Decimal("308.00"), Decimal("308.60")),
    }
    assert report.lowest_total_at_most == Decimal("77.2")


def test_a_mean_that_contradicts_the_others_is_refused(
    document: dict[str, Any], rulebook: Rulebook
) -> None:
    """A published total outside the category means cannot be true."""
    document["means"][3]["value"] = Decimal("81.0")
    published = read_published(document, where="published.toml")
    with pytest.raises(InvalidInput, match=r"mean total 81\.0 .* category means"):
        replay_stage(published, rulebook)


def test_had_the_gate_been_passed_four_advance(report: ReplayReport) -> None:
    """The planned cut then holds: one leaves and nothing stays empty."""
    outcome = _outcome(report, "naver-passes-gate")
    assert outcome.advances == ("lg", "skt", "upstage", "naver")
    assert (outcome.vacancy, outcome.revival_call) == (0, False)
    assert outcome.selected is None


def test_had_it_also_been_lowest_it_leaves_once_for_both_reasons(
    report: ReplayReport,
) -> None:
    """One team cannot use up two eliminations."""
    outcome = _outcome(report, "naver-also-lowest")
    assert outcome.advances == ("lg", "skt", "upstage", "ncai")
    assert outcome.eliminated_by_rank + outcome.eliminated_by_gate == ("naver",)
    assert _removals(outcome) == {"naver": (RemovedBy.RANK_CUT, RemovedBy.GATE)}
    assert outcome.vacancy == 0


def test_without_cut_and_gate_nothing_is_decided(report: ReplayReport) -> None:
    """A decision without a rule would be the program's own."""
    found = next(each for each in report.counterfactuals if each.id == "no-rule")
    assert found.outcome is None
    assert found.refused is not None
    assert "neither a rank cut nor a gate" in found.refused.en


def test_unknown_scores_stay_null_in_the_json(report: ReplayReport) -> None:
    """Zero or a guess would be an invented score of a real organisation."""
    plain = json.loads(canonical_bytes(report))
    cells = {
        (team["team"], part): value
        for team in plain["scores"]
        for part, value in team["scores"].items()
    }
    assert len(cells) == 35
    known = {cell: value for cell, value in cells.items() if value is not None}
    assert known == PUBLISHED_SCORES


def test_no_drawn_score_reaches_the_report(
    published: PublishedStage, rulebook: Rulebook, report: ReplayReport
) -> None:
    """Other draws, same report: then nothing in it comes from a draw."""
    other = replay_stage(
        published, msgspec.structs.replace(rulebook, version="other draws")
    )
    assert other.rules_digest != report.rules_digest
    assert canonical_bytes(
        msgspec.structs.replace(other, rules_digest=report.rules_digest)
    ) == canonical_bytes(report)


def test_a_rule_that_leaves_it_open_is_said_to(
    published: PublishedStage, rulebook: Rulebook
) -> None:
    """With doubt at the gate held back, the data no longer decide alone."""
    strict = msgspec.structs.replace(
        rulebook,
        gates=tuple(
            msgspec.structs.replace(gate, on_undetermined=Undetermined.UNDECIDED)
            for gate in rulebook.gates
        ),
    )
    assert not replay_stage(published, strict).settled_by_data
