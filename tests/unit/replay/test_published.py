"""Reading a published stage."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from dokja.errors import InvalidInput
from dokja.programme import Rulebook
from dokja.replay import PublishedStage, read_published
from dokja.replay.constraints import constraints_of
from dokja.replay.published import published_entries

PUBLISHED_SCORES = {
    ("lg", "nia"): "9.2",
    ("lg", "common"): "14.4",
    ("lg", "individual"): "10.0",
    ("lg", "benchmark"): "33.6",
    ("lg", "expert"): "31.6",
    ("lg", "user"): "25.0",
    ("lg", "total"): "90.2",
    ("skt", "nia"): "9.2",
    ("upstage", "individual"): "10.0",
}


def test_the_data_hold_the_published_scores_and_no_other(
    published: PublishedStage,
) -> None:
    """No score of a real organisation is ever invented."""
    found = {(s.team, s.part): str(s.value) for s in published.scores}
    assert found == PUBLISHED_SCORES


def test_every_fact_names_a_dated_source(published: PublishedStage) -> None:
    """A figure nobody can look up is hearsay."""
    for entry in published_entries(published):
        sources = published.cited(entry.sources)
        assert sources
        assert all(source.publisher and source.date >= "2025" for source in sources)


def test_every_source_is_cited(published: PublishedStage) -> None:
    """A source nothing rests on misleads about what was read."""
    cited = {each for e in published_entries(published) for each in e.sources}
    assert set(published.sources) == cited


def _without_source(document: dict[str, Any]) -> None:
    document["means"][0]["sources"] = []


def _with_unknown_source(document: dict[str, Any]) -> None:
    document["scores"][0]["sources"] = ["hearsay"]


def _with_second_score(document: dict[str, Any]) -> None:
    document["scores"].append(document["scores"][0])


def _with_team_left_out(document: dict[str, Any]) -> None:
    document["decision"]["eliminated_by_gate"] = []


def _with_shared_role(document: dict[str, Any]) -> None:
    document["teams"][1]["role"] = "T1"


def _with_lead_without_score(document: dict[str, Any]) -> None:
    document["leads"][0]["teams"] = ["lg", "upstage"]


def _with_selection_without_bid(document: dict[str, Any]) -> None:
    document["revival"]["selected"] = "somebody"


def _with_selection_before_the_call(document: dict[str, Any]) -> None:
    document["revival"]["selected_on"] = "2026-01-22"


def _with_overlapping_thresholds(document: dict[str, Any]) -> None:
    document["pair_thresholds"]["no_evidence_up_to"] = Decimal("0.9")


def _with_stranger(document: dict[str, Any]) -> None:
    document["scores"][0]["team"] = "stranger"


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_without_source, "PublishedMean names no source"),
        (_with_unknown_source, "unknown source 'hearsay'"),
        (_with_second_score, "score of lg in nia stands 2 times"),
        (_with_team_left_out, "does not name every team exactly once"),
        (_with_shared_role, "share a role label"),
        (_with_lead_without_score, "lead nia have no one published score"),
        (_with_selection_without_bid, "selects somebody, which made no bid"),
        (_with_selection_before_the_call, "in another order"),
        (_with_overlapping_thresholds, "leave no room"),
        (_with_stranger, "stranger has a figure but is not a team"),
    ],
)
def test_a_case_that_contradicts_itself_is_refused(
    document: dict[str, Any], spoil: Any, message: str
) -> None:
    """A case nobody can trust must not be replayed."""
    spoil(document)
    with pytest.raises(InvalidInput, match=message):
        read_published(document, where="published.toml")


def test_an_unknown_key_is_refused(document: dict[str, Any]) -> None:
    """A misspelt figure would silently not be checked."""
    document["decision"]["vacancy"] = 1
    with pytest.raises(InvalidInput, match="vacancy"):
        read_published(document, where="published.toml")


def test_a_figure_for_a_part_the_rules_do_not_score_is_refused(
    document: dict[str, Any], rulebook: Rulebook
) -> None:
    """It would otherwise be published and checked against nothing."""
    document["scores"][0]["part"] = "style"
    del document["leads"][0]
    published = read_published(document, where="published.toml")
    with pytest.raises(InvalidInput, match="'style', which the rulebook does not"):
        constraints_of(published, rulebook)


def test_a_category_without_a_mean_is_refused(
    document: dict[str, Any], rulebook: Rulebook
) -> None:
    """Nothing would bound what a completion may draw there."""
    del document["means"][1]
    published = read_published(document, where="published.toml")
    with pytest.raises(InvalidInput, match="no mean was given for expert"):
        constraints_of(published, rulebook)
