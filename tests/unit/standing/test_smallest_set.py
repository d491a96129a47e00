"""The smallest set: against every subset, and against the official count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dokja.contest.values import Ballot
from dokja.decision.rank_cut import Place, places
from dokja.decision.values import TeamFacts
from dokja.panel.values import ExpertSheet
from dokja.standing.best_removal import by_people, ratio_extremes
from dokja.standing.leave_out import leave_one_out
from dokja.standing.measured import Measured
from dokja.standing.points import component_share, points_of
from dokja.standing.recount import Recount, Removal
from dokja.standing.smallest_set import smallest_set, unit_names
from dokja.standing.tallies import PANEL, SUITE, VOTERS, Tally
from dokja.standing.values import Certainty, SmallestSet, Source
from tests.programme_simulator import TEAMS, SimulatedStage
from tests.rulebooks import example_rulebook

RULES = example_rulebook()
SHARE = Decimal("0.6")


def _measured() -> Measured:
    """What the simulated stage measured, with teams close to each other."""
    stage = SimulatedStage()
    stage.skill |= {"t4": 0.62, "t5": 0.6}
    evidence = stage.run().evidence
    return Measured(
        teams=TEAMS,
        suites={suite.header.id: suite for suite in evidence.suites},
        runs={run.subject: run for run in evidence.runs},
        reference="reference:r1",
        component_suites=evidence.plan.suites,
        declared_suites=dict.fromkeys(TEAMS, ("s-own",)),
        panel=evidence.panel,
        ballot_box=evidence.ballot_box,
    )


MEASURED = _measured()


def _with(sheets: Any = None, ballots: Any = None) -> Measured:
    """The measured stage with other sheets or ballots."""
    panel, box = MEASURED.panel, MEASURED.ballot_box
    if sheets is not None:
        panel = msgspec.structs.replace(panel, sheets=tuple(sheets))
    if ballots is not None:
        box = msgspec.structs.replace(box, ballots=tuple(ballots))
    return replace(MEASURED, panel=panel, ballot_box=box)


def _close(seed: int) -> Measured:
    """Panel and ballots in which the last teams are hard to tell apart."""
    drawn = np.random.default_rng(seed)
    sheets = [
        ExpertSheet(
            expert=f"e{e}", team=team, scores={"plan": int(drawn.integers(3, 8))}
        )
        for e in range(1, 6)
        for team in TEAMS
        if (e, team) != (1, "t5")
    ]
    ballots = [
        Ballot(user=f"u{u}", team=team, answers={"use": int(drawn.integers(2, 9))})
        for u in range(6)
        for team in TEAMS
        if u != 2 or team != "t1"
    ]
    return _with(sheets, ballots)


def _by_trying(recount: Recount, source: Source) -> int | None:
    """The true minimum, by counting every subset again."""
    units = sorted(unit_names(recount, source))
    for size in range(1, int(SHARE * len(units)) + 1):
        for chosen in combinations(units, size):
            tallies: dict[str, list[int]] = {}
            for tally, place in chosen:
                tallies.setdefault(tally, []).append(place)
            order = recount.without(Removal(units=tallies))
            if order.differs(recount.whole):
                return size
    return None


def _found(recount: Recount, source: Source) -> SmallestSet:
    return smallest_set(recount, source, largest_share=SHARE)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("source", [Source.RATERS, Source.VOTERS])
def test_no_subset_of_people_is_smaller(seed: int, source: Source) -> None:
    """Every subset is tried, recusals included."""
    recount = Recount(RULES, _close(seed), 4)
    if recount.whole.level or not recount.whole.out:
        pytest.fail("the case must have somebody who is out")
    wanted, found = _by_trying(recount, source), _found(recount, source)
    if found.certainty is Certainty.MINIMUM:
        assert found.size == wanted
    elif found.certainty is Certainty.NONE_UP_TO:
        assert wanted is None
    else:
        assert wanted is None or found.at_least <= wanted
        assert found.size is None or wanted is None or wanted <= found.size


def test_the_cases_above_hold_minima_and_absences() -> None:
    """Otherwise the comparison with every subset would show little."""
    kinds = {
        _found(Recount(RULES, _close(seed), 4), source).certainty
        for seed in range(12)
        for source in (Source.RATERS, Source.VOTERS)
    }
    assert {Certainty.MINIMUM, Certainty.NONE_UP_TO} <= kinds


@pytest.mark.parametrize("source", [Source.ITEMS, Source.VOTES, Source.VOTERS])
def test_what_is_named_changes_who_is_out(source: Source) -> None:
    """The set is taken out by name and the stage counted by the official path."""
    measured, found = next(
        (measured, found)
        for measured in map(_close, range(40))
        if (found := _found(Recount(RULES, measured, 4), source)).size is not None
    )
    assert found.size == len(found.removed)
    rest = _without(measured, source, set(found.removed))
    order = Recount(RULES, rest, 4).whole
    assert (order.out, order.level) == (found.out, found.level)
    assert order.differs(Recount(RULES, measured, 4).whole)


def _without(measured: Measured, source: Source, names: set[str]) -> Measured:
    if source is Source.ITEMS:
        runs = {
            subject: msgspec.structs.replace(
                run, samples=tuple(s for s in run.samples if s.item not in names)
            )
            for subject, run in measured.runs.items()
        }
        suites = {
            name: msgspec.structs.replace(
                suite, items=tuple(i for i in suite.items if i.id not in names)
            )
            for name, suite in measured.suites.items()
        }
        return replace(measured, runs=runs, suites=suites)
    box = measured.ballot_box
    kept = tuple(
        b
        for b in box.ballots
        if (b.user if source is Source.VOTERS else f"{b.user}/{b.team}") not in names
    )
    return replace(measured, ballot_box=msgspec.structs.replace(box, ballots=kept))


@pytest.mark.parametrize("team", TEAMS)
def test_a_recount_without_an_expert_is_the_official_count(team: str) -> None:
    """Whole numbers and fractions must give the points of the score sheet."""
    recount = Recount(RULES, MEASURED, 4)
    place = recount.tallies[PANEL].units.index("e2")
    less = _with([s for s in MEASURED.panel.sheets if s.expert != "e2"])
    for component in RULES.components():
        share = component_share(less, component, team)
        assert share is not None
        assert recount.points(
            component, team, Removal(units={PANEL: (place,)})
        ) == points_of(share, component, places=2)


def test_leaving_out_the_suite_of_a_component_takes_its_points_from_all() -> None:
    """A total without a part that others have would compare nothing."""
    found = leave_one_out(Recount(RULES, MEASURED, 4), Source.BENCHMARKS)
    possible = {case.removed: case.possible for case in found.cases}
    assert possible == {"s-common": 80, "s-nia": 90, "s-own": 90}


def test_leaving_out_people_leaves_every_total_known() -> None:
    """Each rater in turn, with the range of what could have come out."""
    found = leave_one_out(Recount(RULES, MEASURED, 4), Source.RATERS)
    whole = Recount(RULES, MEASURED, 4).whole.totals
    assert found.tried == len(found.cases) == 5
    for team in TEAMS:
        low, high, total = found.low[team], found.high[team], whole[team]
        assert low is not None
        assert high is not None
        assert total is not None
        assert low <= total <= high


TOTALS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=3, max_size=6
)


@settings(derandomize=True, deadline=None)
@given(TOTALS, st.integers(1, 5))
def test_who_is_out_is_what_the_decision_says(
    rows: list[tuple[int, int]], keep: int
) -> None:
    """Two readings of one rule would sooner or later differ."""
    recount = Recount(RULES, MEASURED, keep)
    parts = {
        f"t{i}": {
            "common": Decimal(total - first),
            "nia": Decimal(first),
            "individual": Decimal(0),
            "expert_panel": Decimal(0),
            "user_panel": Decimal(0),
        }
        for i, (total, first) in enumerate(rows)
    }
    order = recount._order(parts, Decimal(100))
    facts = [
        TeamFacts(
            team=team,
            total=sum(own.values(), Decimal(0)),
            tie_break=(sum(own.values(), Decimal(0)), Decimal(0), Decimal(0)),
            inside_cut=None,
            gates={},
        )
        for team, own in parts.items()
    ]
    decided = places(facts, keep=keep, ties=RULES.ties)
    assert set(order.out) == {t for t, p in decided.items() if p is Place.OUTSIDE}
    assert set(order.level) == {t for t, p in decided.items() if p is Place.OPEN}


@settings(derandomize=True, deadline=None, max_examples=20)
@given(st.randoms(use_true_random=False))
def test_the_order_of_votes_and_sheets_changes_nothing(shuffle: object) -> None:
    """A ballot box is a set."""
    before = _close(3)
    ballots, sheets = list(before.ballot_box.ballots), list(before.panel.sheets)
    shuffle.shuffle(ballots)  # type: ignore[attr-defined]
    shuffle.shuffle(sheets)  # type: ignore[attr-defined]
    after = Recount(RULES, _with(sheets, ballots), 4)
    for source in (Source.RATERS, Source.VOTES, Source.VOTERS):
        assert _found(after, source) == _found(Recount(RULES, before, 4), source)


def _split_by_trying(tally: Tally, size: int) -> Iterator[float]:
    for chosen in combinations(range(len(tally.units)), size):
        means = [tally.mean(team, chosen) for team in ("a", "b")]
        if None not in means:
            yield float(means[0] - means[1])  # type: ignore[operator]


@pytest.mark.parametrize("density", [0.4, 0.7, 1.0])
def test_the_best_removal_is_the_best_of_all(density: float) -> None:
    """Units that speak of one team, of the other and of both."""
    drawn = np.random.default_rng(int(10 * density))
    present = drawn.random((9, 2)) < density
    present[0] = True
    present[~present.any(axis=1), 0] = True
    won = drawn.integers(0, 11, (9, 2)) * present
    units = tuple("abcdefghi")
    tally = Tally(units, ("a", "b"), won, present, 10, needs_all=False)
    for size, found in enumerate(by_people(tally, "a", "b", up_to=5), start=1):
        least = min(_split_by_trying(tally, size))
        assert found.bound <= least + 1e-12
        assert found.reached == pytest.approx(least)


def test_too_many_splits_still_give_a_true_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the exact answer is not tried for, what is said must still hold."""
    monkeypatch.setattr("dokja.standing.best_removal.MOST_SPLITS", 0)
    drawn = np.random.default_rng(4)
    present = drawn.random((9, 2)) < 0.7
    present[0] = True
    present[~present.any(axis=1), 0] = True
    won = drawn.integers(0, 11, (9, 2)) * present
    tally = Tally(tuple("abcdefghi"), ("a", "b"), won, present, 10, needs_all=False)
    for size, found in enumerate(by_people(tally, "a", "b", up_to=4), start=1):
        assert found.bound <= min(_split_by_trying(tally, size)) + 1e-12
        assert found.bound <= found.reached


@pytest.mark.parametrize("sign", [1, -1])
def test_a_ratio_is_bounded_by_the_best_of_all_removals(sign: int) -> None:
    """Attainment: right answers over the reference's on the same items."""
    drawn = np.random.default_rng(6)
    own, target = drawn.integers(0, 2, (2, 10))
    target[:5] = 1
    found = ratio_extremes(own, target, up_to=4, sign=sign)
    for size in range(5):
        ratios = [
            sign * np.delete(own, list(c)).sum() / np.delete(target, list(c)).sum()
            for c in combinations(range(10), size)
        ]
        assert sign * found[size] == pytest.approx(min(ratios))


def test_the_tallies_hold_every_source() -> None:
    """Items by suite, people by pseudonym."""
    names = Recount(RULES, MEASURED, 4).tallies
    assert SUITE + "s-nia" in names
    assert len(names[VOTERS].units) == 12
