"""Who advances, who is out and why: named cases with their outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokja.decision import PolicyMissing, StageDecision, TeamFacts, decide_stage
from dokja.decision.values import TeamStatus
from dokja.independence.values import FindingResult
from dokja.programme.values import (
    Floor,
    FullTie,
    LowConfidence,
    Rulebook,
    TieBreak,
    Undetermined,
    Vacancy,
    VacancyPolicy,
    Withdrawal,
    WithdrawalRule,
)
from tests.rulebooks import example_rulebook

replace = msgspec.structs.replace
RULES = example_rulebook()
GATE = RULES.gates[0]
STRICT_GATE = replace(GATE, on_undetermined=Undetermined.UNDECIDED)
BOLD_CUT = replace(RULES.rank_cuts[0], on_low_confidence=LowConfidence.DECIDE)


def broken_by(by: TieBreak) -> Rulebook:
    """The rules with a named tie-break where the data do not decide."""
    cut = replace(
        RULES.rank_cuts[0], on_low_confidence=LowConfidence.TIE_BREAK, tie_break=by
    )
    return replace(RULES, rank_cuts=(cut,))


ADVANCES, BY_RANK = TeamStatus.ADVANCES, TeamStatus.ELIMINATED_BY_RANK
BY_GATE, WITHDRAWN = TeamStatus.ELIMINATED_BY_GATE, TeamStatus.WITHDRAWN
UNDECIDED = TeamStatus.UNDECIDED


def team(
    name: str,
    total: str | None,
    *,
    gate: FindingResult = FindingResult.PASS,
    inside: float | None = None,
    breaks: tuple[str, str, str] = ("30", "20", "10"),
    withdrawn: bool = False,
) -> TeamFacts:
    """Facts of one team, unremarkable unless said otherwise."""
    return TeamFacts(
        team=name,
        total=None if total is None else Decimal(total),
        tie_break=tuple(Decimal(points) for points in breaks),
        inside_cut=inside,
        gates={GATE.id: gate},
        withdrawn=withdrawn,
    )


def decide(facts: tuple[TeamFacts, ...], rules: Rulebook = RULES) -> StageDecision:
    """The decision on the facts at a fixed time."""
    return decide_stage(
        rules,
        facts,
        stage="stage-1",
        rules_digest="sha256:0",
        decided_at="2026-03-13T10:00:00+09:00",
    )


FIVE = tuple(team(name, total) for name, total in zip("abcde", "98765", strict=True))


CLOSE = (
    *(replace(one, inside_cut=0.999) for one in FIVE[:3]),
    team("d", "6", inside=0.7, breaks=("28", "0", "0")),
    team("e", "5", inside=0.3, breaks=("30", "0", "0")),
)


@dataclass(frozen=True)
class Case:
    """What is decided of whom, and how many places stay empty."""

    facts: tuple[TeamFacts, ...]
    statuses: Mapping[str, TeamStatus]
    vacancies: int = 0
    settled: bool = True
    rules: Rulebook = field(default_factory=example_rulebook)


CASES = {
    "the lowest of five leaves": Case(FIVE, {"d": ADVANCES, "e": BY_RANK}),
    "a failed gate removes the best": Case(
        (team("a", "9", gate=FindingResult.FAIL), *FIVE[1:]),
        {"a": BY_GATE, "d": ADVANCES, "e": BY_RANK},
        vacancies=1,
    ),
    "lowest and failed: out once, the fifth place is not refilled": Case(
        (*FIVE[:4], team("e", "5", gate=FindingResult.FAIL)),
        {"d": ADVANCES, "e": BY_RANK},
    ),
    "undetermined stays with a note": Case(
        (team("a", "9", gate=FindingResult.UNDETERMINED), *FIVE[1:]),
        {"a": ADVANCES},
    ),
    "undetermined holds the decision where the rules say so": Case(
        (team("a", "9", gate=FindingResult.UNDETERMINED), *FIVE[1:]),
        {"a": UNDECIDED, "e": BY_RANK},
        settled=False,
        rules=replace(RULES, gates=(STRICT_GATE,)),
    ),
    "a tie at the cut goes to the benchmark points": Case(
        (*FIVE[:3], team("d", "5", breaks=("31", "0", "0")), FIVE[4]),
        {"d": ADVANCES, "e": BY_RANK},
    ),
    "a tie at the cut goes on to the expert points": Case(
        (*FIVE[:3], team("d", "5", breaks=("30", "19", "10")), FIVE[4]),
        {"d": BY_RANK, "e": ADVANCES},
    ),
    "a full tie at the cut decides nothing": Case(
        (*FIVE[:3], team("d", "5"), FIVE[4]),
        {"c": ADVANCES, "d": UNDECIDED, "e": UNDECIDED},
        settled=False,
    ),
    "a full tie may let all advance": Case(
        (*FIVE[:3], team("d", "5"), FIVE[4]),
        {"d": ADVANCES, "e": ADVANCES},
        rules=replace(
            RULES,
            ties=replace(RULES.ties, on_full_tie=FullTie.ALL_ADVANCE)
            if RULES.ties
            else None,
        ),
    ),
    "a tie above the cut is nobody's concern": Case(
        (team("a", "8"), *FIVE[1:]), {"a": ADVANCES, "b": ADVANCES, "e": BY_RANK}
    ),
    "an unknown total leaves open only whom it can reach": Case(
        (FIVE[0], FIVE[1], FIVE[2], FIVE[3], team("e", None)),
        {"a": ADVANCES, "c": ADVANCES, "d": UNDECIDED, "e": UNDECIDED},
        settled=False,
    ),
    "a fifth place is sure though the fourth is unknown": Case(
        (*FIVE[:4], FIVE[4], team("f", None)),
        {"c": ADVANCES, "d": UNDECIDED, "e": BY_RANK, "f": UNDECIDED},
        settled=False,
    ),
    "below the floor nobody advances": Case(
        FIVE,
        {"c": ADVANCES, "d": BY_RANK, "e": BY_RANK},
        vacancies=1,
        rules=replace(RULES, floor=Floor(minimum_total=Decimal("6.5"))),
    ),
    "low confidence holds the two teams at the cut": Case(
        (
            *FIVE[:3],
            team("d", "6", inside=0.9),
            team("e", "5", inside=0.1),
        ),
        {"c": ADVANCES, "d": UNDECIDED, "e": UNDECIDED},
        settled=False,
    ),
    "low confidence is said where the rules decide anyway": Case(
        (
            *FIVE[:3],
            team("d", "6", inside=0.9),
            team("e", "5", inside=0.1),
        ),
        {"d": ADVANCES, "e": BY_RANK},
        settled=False,
        rules=replace(RULES, rank_cuts=(BOLD_CUT,)),
    ),
    "the data eliminate whom total and probability put outside": Case(
        (
            *(replace(one, inside_cut=0.999) for one in FIVE[:4]),
            team("e", "5", inside=0.04),
        ),
        {"d": ADVANCES, "e": BY_RANK},
        rules=broken_by(TieBreak.SECOND_PANEL),
    ),
    "the totals break what the data leave open": Case(
        CLOSE,
        {"c": ADVANCES, "d": ADVANCES, "e": BY_RANK},
        settled=False,
        rules=broken_by(TieBreak.TOTAL),
    ),
    "the category order breaks it among the contested only": Case(
        CLOSE,
        {"c": ADVANCES, "d": BY_RANK, "e": ADVANCES},
        settled=False,
        rules=broken_by(TieBreak.CATEGORY_ORDER),
    ),
    "a second panel holds the contested and nobody else": Case(
        CLOSE,
        {"a": ADVANCES, "c": ADVANCES, "d": UNDECIDED, "e": UNDECIDED},
        settled=False,
        rules=broken_by(TieBreak.SECOND_PANEL),
    ),
    "a probability against the total removes nobody": Case(
        (
            *(replace(one, inside_cut=0.999) for one in FIVE[:3]),
            team("d", "6", inside=0.02),
            team("e", "5", inside=0.98),
        ),
        {"d": UNDECIDED, "e": UNDECIDED},
        settled=False,
        rules=broken_by(TieBreak.MORE_VOTES),
    ),
    "a withdrawal counts as the elimination": Case(
        (*FIVE[:4], team("e", None, withdrawn=True)),
        {"d": ADVANCES, "e": WITHDRAWN},
    ),
    "a withdrawal may leave the number of eliminations as planned": Case(
        (*FIVE[:4], team("e", None, withdrawn=True)),
        {"c": ADVANCES, "d": BY_RANK, "e": WITHDRAWN},
        rules=replace(
            RULES, withdrawal=WithdrawalRule(effect=Withdrawal.LEAVES_CUT_UNCHANGED)
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_case_is_decided_as_the_rules_say(name: str) -> None:
    """The table is the specification of the decision."""
    case = CASES[name]
    decision = decide(case.facts, case.rules)
    found = {decided.team: decided.status for decided in decision.teams}
    assert {one: found[one] for one in case.statuses} == dict(case.statuses)
    assert decision.vacancies == case.vacancies
    assert decision.settled_by_data is case.settled


def test_both_reasons_stand_where_rank_and_gate_fail() -> None:
    """Eliminated once, but nothing that was found is dropped."""
    decision = decide((*FIVE[:4], team("e", "5", gate=FindingResult.FAIL)))
    clauses = [reason.clauses for reason in decision.teams[4].reasons]
    assert clauses == [("3.1",), ("3.4",)]


def test_a_vacancy_follows_its_policy() -> None:
    """A revival call opens only where the rulebook has one."""
    facts = (team("a", "9", gate=FindingResult.FAIL), *FIVE[1:])
    assert decide(facts).revival_call
    left = replace(RULES, vacancy=Vacancy(policy=VacancyPolicy.LEFT_EMPTY))
    assert not decide(facts, left).revival_call


def test_the_objection_window_counts_calendar_days_in_the_clock_s_zone() -> None:
    """Ten days after 13 March is 23 March wherever the server stands."""
    assert decide(FIVE).objection_until == "2026-03-23"


@pytest.mark.parametrize(
    ("rules", "facts", "missing"),
    [
        (replace(RULES, rank_cuts=(), gates=()), FIVE, "neither a rank cut nor"),
        (
            replace(RULES, vacancy=None),
            (team("a", "9", gate=FindingResult.FAIL), *FIVE[1:]),
            "stay empty",
        ),
        (
            replace(RULES, ties=None),
            (*FIVE[:3], team("d", "5"), FIVE[4]),
            "level at the cut",
        ),
        (
            replace(RULES, withdrawal=None),
            (*FIVE[:4], team("e", None, withdrawn=True)),
            "withdrew",
        ),
        (replace(RULES, objection=None), FIVE, "objected to"),
    ],
)
def test_a_case_without_a_rule_is_refused(
    rules: Rulebook, facts: tuple[TeamFacts, ...], missing: str
) -> None:
    """Better no decision than one that no clause carries."""
    with pytest.raises(PolicyMissing, match=missing):
        decide(facts, rules)


RESULTS = st.sampled_from(list(FindingResult))
TOTALS = st.one_of(
    st.none(), st.decimals(min_value=0, max_value=100, places=1).map(str)
)
ANY_FACTS = st.lists(
    st.tuples(TOTALS, RESULTS, st.booleans()), min_size=1, max_size=7
).map(
    lambda rows: tuple(
        team(f"t{index}", total, gate=gate, withdrawn=withdrawn)
        for index, (total, gate, withdrawn) in enumerate(rows)
    )
)


@given(ANY_FACTS)
def test_every_team_gets_one_status_and_no_failed_gate_advances(
    facts: tuple[TeamFacts, ...],
) -> None:
    """A gate can only remove, and nobody is forgotten."""
    decision = decide(facts)
    assert [d.team for d in decision.teams] == [f.team for f in facts]
    for decided, fact in zip(decision.teams, facts, strict=True):
        failed = fact.gates[GATE.id] is FindingResult.FAIL
        assert not (failed and decided.status in (ADVANCES, UNDECIDED))
        assert (decided.status is WITHDRAWN) == fact.withdrawn
        assert decided.reasons


@given(ANY_FACTS, st.randoms(use_true_random=False))
def test_the_order_of_the_facts_decides_nothing(
    facts: tuple[TeamFacts, ...], shuffle: object
) -> None:
    """Same input, same result, whatever the order."""
    mixed = list(facts)
    shuffle.shuffle(mixed)  # type: ignore[attr-defined]
    before = {d.team: d for d in decide(facts).teams}
    after = {d.team: d for d in decide(tuple(mixed)).teams}
    assert before == after


@given(ANY_FACTS)
def test_places_add_up(facts: tuple[TeamFacts, ...]) -> None:
    """Vacancies are planned places that neither an advancing nor an open team has."""
    decision = decide(facts)
    taken = len(decision.teams_with(ADVANCES)) + len(decision.teams_with(UNDECIDED))
    assert decision.vacancies == max(decision.planned_places - taken, 0)


@pytest.mark.parametrize("by", list(TieBreak))
def test_the_decision_names_the_tie_break_that_decided(by: TieBreak) -> None:
    """That the data alone did not decide stands in the decision itself."""
    decision = decide(CLOSE, broken_by(by))
    assert decision.tie_break is by
    assert "data alone did not decide" in decision.reasons[0].text.en
    assert "자료만으로는" in decision.reasons[0].text.ko
    contested = [t for t in decision.teams if t.team in ("d", "e")]
    for decided in contested:
        assert "0." in decided.reasons[0].text.en
        assert "tie-break" in decided.reasons[1].text.en


def test_where_the_data_decide_no_tie_break_is_named() -> None:
    """And such a decision has the bytes it always had."""
    facts = tuple(replace(one, inside_cut=0.999) for one in FIVE[:4])
    decision = decide((*facts, team("e", "5", inside=0.001)), broken_by(TieBreak.TOTAL))
    assert "tie_break" not in msgspec.to_builtins(decision)
    assert decision.settled_by_data


def test_a_lowered_cut_is_judged_by_its_own_probability() -> None:
    """After a withdrawal fewer places are left than the rulebook's cut says."""
    rules = replace(
        RULES, withdrawal=WithdrawalRule(effect=Withdrawal.LEAVES_CUT_UNCHANGED)
    )
    shares = {"c": (0.0, 0.0, 0.6, 0.4), "d": (0.0, 0.0, 0.4, 0.6)}
    facts = tuple(
        replace(
            one,
            inside_cut=1.0,
            rank_probability=shares.get(one.team, (0.5, 0.5, 0.0, 0.0)),
        )
        for one in FIVE[:4]
    )
    decision = decide((*facts, team("e", None, withdrawn=True)), rules)
    found = {decided.team: decided.status for decided in decision.teams}
    assert found == {
        "a": ADVANCES,
        "b": ADVANCES,
        "c": UNDECIDED,
        "d": UNDECIDED,
        "e": WITHDRAWN,
    }
