"""The decision does not hang on what was not published."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dokja.decision import TeamStatus
from dokja.errors import InvalidInput
from dokja.independence.values import FindingResult
from dokja.programme import Rulebook
from dokja.replay import PublishedStage
from dokja.replay.completions import Completion, draw_completions, violations
from dokja.replay.constraints import Constraints
from dokja.replay.outcome import decider_for
from dokja.replay.values import TOTAL

ROLES = ("T1", "T2", "T3", "T4", "T5")
SEEDS = st.integers(min_value=0, max_value=2**63)


def _drawn(constraints: Constraints, seed: int) -> Completion:
    (found,) = draw_completions(
        constraints, rules_digest="sha256:test", subject=f"property {seed}", count=1
    )
    return found


@settings(derandomize=True, deadline=None, max_examples=300)
@given(SEEDS)
def test_every_completion_leads_to_the_published_outcome(
    published: PublishedStage, rulebook: Rulebook, constraints: Constraints, seed: int
) -> None:
    """Gate and rank cut alone decide; no unpublished score can change it."""
    decision = decider_for(published, rulebook).decide(_drawn(constraints, seed))
    assert decision.teams_with(TeamStatus.ADVANCES) == ("T1", "T2", "T3")
    assert decision.teams_with(TeamStatus.ELIMINATED_BY_GATE) == ("T4",)
    assert decision.teams_with(TeamStatus.ELIMINATED_BY_RANK) == ("T5",)
    assert (decision.vacancies, decision.revival_call) == (1, True)
    assert decision.settled_by_data


@settings(derandomize=True, deadline=None, max_examples=300)
@given(SEEDS)
def test_every_completion_meets_every_published_fact(
    constraints: Constraints, seed: int
) -> None:
    """Written out once more here, without the code that draws."""
    points = _drawn(constraints, seed).points
    means = {
        part: sum((points[role][part] for role in ROLES), Decimal(0)) / 5
        for part in ("benchmark", "expert", "user", TOTAL)
    }
    assert Decimal("30.35") <= means["benchmark"] < Decimal("30.45")
    assert Decimal("28.555") <= means["expert"] < Decimal("28.565")
    assert Decimal("20.755") <= means["user"] < Decimal("20.765")
    assert Decimal("79.65") <= means[TOTAL] < Decimal("79.75")
    assert points["T1"][TOTAL] == Decimal("90.2")
    assert points["T2"]["nia"] == Decimal("9.2")
    assert points["T3"]["individual"] == Decimal("10.0")
    assert points["T5"][TOTAL] == min(points[role][TOTAL] for role in ROLES)
    assert points["T5"][TOTAL] <= Decimal("77.15")
    for part, top in (("benchmark", "33.6"), ("expert", "31.6"), ("user", "25.0")):
        assert all(0 <= points[role][part] <= Decimal(top) for role in ROLES)


def test_completions_go_by_role_labels_alone(constraints: Constraints) -> None:
    """A score under a team's name would be an invented score of that team."""
    found = _drawn(constraints, 1)
    assert tuple(found.points) == tuple(found.gates) == ROLES


def test_completions_differ_from_one_another(constraints: Constraints) -> None:
    """A generator that always draws the same would prove nothing."""
    drawn = draw_completions(
        constraints, rules_digest="sha256:test", subject="spread", count=50
    )
    totals = {each.points["T5"][TOTAL] for each in drawn}
    leaders = {
        max(("T2", "T3", "T4"), key=lambda role: each.points[role][TOTAL])
        for each in drawn
    }
    assert len(totals) > 40
    assert leaders == {"T2", "T3", "T4"}


def test_an_undetermined_finding_is_drawn_both_ways(constraints: Constraints) -> None:
    """What the panel found beyond what was announced must not matter either."""
    drawn = draw_completions(
        constraints, rules_digest="sha256:test", subject="gates", count=50
    )
    found = {
        role: {each.gates[role]["independence"] for each in drawn} for role in ROLES
    }
    assert found["T4"] == {FindingResult.FAIL}
    assert found["T1"] == {FindingResult.PASS, FindingResult.UNDETERMINED}


@pytest.mark.parametrize(
    ("role", "part", "change", "fact"),
    [
        ("T1", "nia", "-0.1", "T1 was published with 9.2 in nia"),
        ("T2", "expert", "5", "T2 leaves the range of expert"),
        ("T3", "user", "-0.01", "the categories of T3 do not add up"),
        ("T4", "common", "-0.01", "the components of T4 do not add up to benchmark"),
        ("T5", TOTAL, "40", "the mean of total is not shown as 79.7"),
    ],
)
def test_a_completion_that_breaks_a_fact_is_caught(
    constraints: Constraints, role: str, part: str, change: str, fact: str
) -> None:
    """The check that admits completions must be able to refuse one."""
    sound = _drawn(constraints, 1)
    assert violations(constraints, sound) == ()
    changed = {**sound.points[role], part: sound.points[role][part] + Decimal(change)}
    spoilt = msgspec.structs.replace(sound, points=sound.points | {role: changed})
    assert fact in violations(constraints, spoilt)


def test_facts_no_score_can_meet_are_refused(constraints: Constraints) -> None:
    """Endless drawing would hide that the published facts are inconsistent."""
    means = constraints.means | {"user": Decimal("25.00"), TOTAL: Decimal("83.9")}
    impossible = msgspec.structs.replace(
        constraints, means=means, highest=constraints.highest | {"user": Decimal(20)}
    )
    with pytest.raises(InvalidInput, match="meet every published fact"):
        draw_completions(impossible, rules_digest="", subject="none", count=1)
