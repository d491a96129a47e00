"""The latent-scale view runs on enough references only, and says so otherwise."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from msgspec import structs
from scipy.special import expit

from dokja.programme.index_rules import EciAnchor, EciRule
from dokja.standing.indices.eci_view import eci_view
from dokja.standing.indices.frontier import FrontierEvidence
from dokja.standing.indices.scores import BenchmarkScores
from dokja.standing.indices.values import FrontierView, ViewKind
from dokja.statistics.clustered import Scores, single_items
from tests.unit.standing.indices.made_scores import answers

TEAMS = ("T1", "T2", "T3", "T4", "T5")
RULE = EciRule(
    anchors=(
        EciAnchor(model="r04", value=Decimal(130)),
        EciAnchor(model="r14", value=Decimal(150)),
    )
)
ITEMS = 400


def _abilities(references: int) -> dict[str, float]:
    own = {team: 0.6 - 0.3 * place for place, team in enumerate(TEAMS)}
    others = {f"r{place:02}": -1.5 + 3.0 * place / 19 for place in range(references)}
    return own | others


def _evidence(references: int, *, benchmarks: int = 10) -> FrontierEvidence:
    made = {}
    for place in range(benchmarks):
        name = f"b{place:02}"
        difficulty = -1.0 + 2.0 * place / 9
        scores: dict[str, Scores] = {}
        for number, (model, ability) in enumerate(_abilities(references).items()):
            if (number + place) % 7 == 0 and model not in TEAMS:
                continue
            chance = float(expit(1.3 * (ability - difficulty)))
            scores[model] = answers(100 * place + number, np.full(ITEMS, chance))
        made[name] = BenchmarkScores(
            benchmark=name,
            chance=0.0,
            ceiling=1.0,
            clusters=single_items(ITEMS),
            scores=scores,
            source="made",
        )
    return FrontierEvidence(teams=TEAMS, benchmarks=made, declared={})


def _view(evidence: FrontierEvidence, rule: EciRule = RULE) -> FrontierView:
    official: dict[str, float | None] = {
        team: float(-place) for place, team in enumerate(TEAMS)
    }
    return eci_view(rule, evidence, official)


def test_teams_are_placed_between_the_anchors_where_they_are() -> None:
    """Abilities of -.87 and .71 stand at 130 and 150."""
    found = _view(_evidence(20))
    assert found.reason is None
    assert found.kind is ViewKind.ECI
    abilities = _abilities(20)
    for score in found.scores:
        truth = 130 + 20 * (abilities[score.team] - abilities["r04"]) / (
            abilities["r14"] - abilities["r04"]
        )
        assert score.value is not None
        assert score.value.low is not None
        assert score.value.high is not None
        assert score.value.value == pytest.approx(truth, abs=2.0)
        assert score.value.low < score.value.value < score.value.high
        assert "models=25" in score.value.method
    assert found.order == TEAMS
    assert not found.changes_order
    assert "Never the official index" in found.note.en


def test_fewer_than_15_references_are_refused_with_the_reason() -> None:
    """Five teams cannot tell a benchmark's difficulty from their own ability."""
    found = _view(_evidence(14))
    assert found.scores == ()
    assert found.reason is not None
    assert "14 reference models where 15 are needed" in found.reason.en
    assert "14개" in found.reason.ko
    assert _view(_evidence(15)).reason is None


def test_without_an_anchor_there_is_no_scale() -> None:
    """A scale hung on a model that was not measured would be invented."""
    rule = EciRule(
        anchors=(RULE.anchors[0], EciAnchor(model="unheard", value=Decimal(150)))
    )
    found = _view(_evidence(20), rule)
    assert found.reason is not None
    assert "unheard" in found.reason.en
    assert found.scores == ()


def test_too_few_benchmarks_cannot_fix_the_parameters() -> None:
    """Three benchmarks with 25 models leave nothing to see errors in."""
    found = _view(_evidence(20, benchmarks=2))
    assert found.scores == ()
    assert found.reason is not None


def test_a_team_with_too_few_scores_is_not_placed() -> None:
    """The others are."""
    whole = _evidence(20)
    few = {
        name: BenchmarkScores(
            benchmark=each.benchmark,
            chance=each.chance,
            ceiling=each.ceiling,
            clusters=each.clusters,
            scores={
                model: scores
                for model, scores in each.scores.items()
                if model != "T3" or name in ("b00", "b01")
            },
            source=each.source,
        )
        for name, each in whole.benchmarks.items()
    }
    found = _view(FrontierEvidence(teams=TEAMS, benchmarks=few, declared={}))
    placed = {score.team: score.value is not None for score in found.scores}
    assert placed == dict.fromkeys(TEAMS, True) | {"T3": False}
    assert found.order == ("T1", "T2", "T4", "T5")


def test_more_references_may_be_asked_for_but_not_fewer() -> None:
    """What the rules ask for is what is held to."""
    asked = structs.replace(RULE, least_references=30)
    reason = _view(_evidence(20), asked).reason
    assert reason is not None
    assert "20 reference models where 30" in reason.en
