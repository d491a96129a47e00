"""Severity taken out, and how sure the panel's order is."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec import structs

from dokja.errors import InvalidInput
from dokja.evidence.canonical import canonical_bytes
from dokja.panel import agreement_report
from dokja.panel.severity import Scores, fit_severity, generalisability, variance_parts
from dokja.panel.values import Criterion, Panel
from tests.unit.panel.people import panel, sheet

RATERS, TEAMS = 10, 5
RECUSED = ((0, 0), (1, 0), (2, 0), (3, 1))
"""Three for the first team, one for the second."""


def _draw(seed: int, *, taste: float = 0.0) -> tuple[Scores, np.ndarray]:
    """Scores of ten experts with four recusals, and the truth about the teams."""
    stream = np.random.Generator(np.random.Philox(seed))
    truth = stream.normal(size=TEAMS)
    table = (
        truth
        + 0.6 * stream.normal(size=(RATERS, 1))
        + taste * stream.normal(size=(RATERS, TEAMS))
        + 0.8 * stream.normal(size=(RATERS, TEAMS))
    )
    pairs = [p for p in np.ndindex(RATERS, TEAMS) if p not in RECUSED]
    expert, team = (np.array(part, dtype=np.intp) for part in zip(*pairs, strict=True))
    scores = Scores(
        teams=tuple(f"t{i}" for i in range(TEAMS)),
        experts=tuple(f"e{i}" for i in range(RATERS)),
        criteria=("all",),
        share=table[expert, team],
        team=team,
        expert=expert,
        criterion=np.zeros(len(pairs), dtype=np.intp),
    )
    return scores, truth - truth.mean()


def _raw(scores: Scores) -> np.ndarray:
    means = np.array([scores.share[scores.team == t].mean() for t in range(TEAMS)])
    centred: np.ndarray = means - means.mean()
    return centred


def test_adjusted_teams_are_nearer_the_truth_than_raw_ones() -> None:
    """Severity sd 0.6, noise 0.8, four recusals: what severity is taken out for."""
    raw, adjusted, covered = [], [], []
    for seed in range(300):
        scores, truth = _draw(seed)
        fit = fit_severity(scores)
        raw.append(_raw(scores) - truth)
        adjusted.append(fit.effects - truth)
        for place, (_, effect, _) in enumerate(fit.estimates().values()):
            assert effect.low is not None
            assert effect.high is not None
            covered.append(effect.low <= truth[place] <= effect.high)
    before, after = (np.sqrt(np.square(e).mean(axis=0)) for e in (raw, adjusted))
    assert np.sqrt(np.square(adjusted).mean()) <= np.sqrt(np.square(raw).mean())
    assert after[0] < before[0], "the team with three recusals gains"
    assert 0.93 < np.mean(covered) < 0.97


def _complete() -> Panel:
    """Three teams whose order is clear, four experts of unequal severity."""
    return panel(
        *(
            sheet(expert, team, base - strict, base - strict + shift, base - strict)
            for strict, expert in enumerate(("e1", "e2", "e3", "e4"))
            for (team, base), shift in zip(
                (("t1", 9), ("t2", 7), ("t3", 5)),
                (strict % 2, 0, (strict + 1) % 2),
                strict=True,
            )
        )
    )


def test_where_everybody_scored_everybody_nothing_is_adjusted() -> None:
    """Severity is the same for all teams then, and the mean stands."""
    report = agreement_report(_complete())
    assert [team.adjusted.value for team in report.teams] == pytest.approx(
        [team.raw for team in report.teams]
    )
    assert [team.rank for team in report.teams] == [1, 2, 3]
    assert sum(expert.leniency for expert in report.experts) == pytest.approx(0)
    lenient = [expert.leniency for expert in report.experts]
    assert lenient == sorted(lenient, reverse=True)


def test_the_team_that_the_severe_expert_scored_alone_is_lifted() -> None:
    """Raw, t3 looks worse than t2 because the lenient experts were recused."""
    scored = [
        s
        for s in _complete().sheets
        if not (s.team == "t3" and s.expert in ("e1", "e2"))
    ]
    report = agreement_report(panel(*scored))
    third = next(team for team in report.teams if team.team == "t3")
    assert third.adjusted.value > third.raw + 0.05


def test_the_order_of_the_sheets_changes_nothing() -> None:
    """Equal bytes for any order of sheets."""
    given = _complete()
    turned = structs.replace(given, sheets=given.sheets[::-1])
    assert canonical_bytes(agreement_report(given)) == canonical_bytes(
        agreement_report(turned)
    )


def test_an_expert_who_decides_the_order_is_seen() -> None:
    """Without the one enthusiast, two teams change places."""
    sheets = [
        sheet(e, t, n, n + 1, n)
        for e in ("e1", "e2", "e3")
        for t, n in (("t1", 5), ("t2", 6))
    ]
    report = agreement_report(
        panel(*sheets, sheet("e4", "t1", 9), sheet("e4", "t2", 0))
    )
    first = next(team for team in report.teams if team.team == "t1")
    assert (first.rank, first.rank_low, first.rank_high) == (1, 1, 2)
    alone = next(expert for expert in report.experts if expert.expert == "e4")
    assert alone.ranks_without == {"t1": 2, "t2": 1}


def test_generalisability_is_the_formula_of_its_parts() -> None:
    """Team / (team + taste/n + noise/(n c)) with the harmonic mean of experts."""
    scores, _ = _draw(5, taste=0.3)
    parts = variance_parts(scores)
    found = generalisability(scores, parts)
    assert found is not None
    experts = 5 / (1 / 7 + 1 / 9 + 3 / 10)
    expected = parts.team / (parts.team + parts.noise / experts)
    assert found.value == pytest.approx(expected)
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert parts.taste is None, "one score a sheet cannot tell taste from noise"


def test_a_panel_that_agrees_in_everything_has_no_made_up_error() -> None:
    """Without noise the error is unknown and not 0."""
    sheets = [
        sheet(e, t, n) for e in ("e1", "e2", "e3") for t, n in (("t1", 8), ("t2", 5))
    ]
    report = agreement_report(panel(*sheets))
    assert [team.standard_error for team in report.teams] == [None, None]
    assert report.teams[0].adjusted.low is None
    assert report.alpha is not None
    assert report.alpha.value == 1.0


def test_an_expert_who_uses_one_value_is_named() -> None:
    """Whoever gives everybody a seven tells no team from another."""
    report = agreement_report(
        panel(*_complete().sheets, *(sheet("e9", t, 7) for t in ("t1", "t2", "t3")))
    )
    assert report.one_value == ("e9",)


def test_criteria_with_other_maxima_count_by_their_shares() -> None:
    """A score of 5 of 5 is as good as 10 of 10."""
    given = panel(*(sheet(e, t, 5) for e in ("e1", "e2") for t in ("t1", "t2")))
    half = tuple(
        Criterion(id=c.id, name=c.name, max=5 if c.id == "plan" else 10)
        for c in given.criteria
    )
    report = agreement_report(structs.replace(given, criteria=half))
    assert report.teams[0].adjusted.value == pytest.approx((3 * 0.5 + 1) / 4)


@pytest.mark.parametrize(
    "few",
    [
        panel(),
        panel(sheet("e1", "t1", 5), sheet("e1", "t2", 6)),
        panel(sheet("e1", "t1", 5), sheet("e2", "t2", 6)),
    ],
)
def test_too_little_is_not_a_report(few: Panel) -> None:
    """One expert, or experts who share no team, tell severity from nothing."""
    with pytest.raises(InvalidInput, match="too little"):
        agreement_report(few)
