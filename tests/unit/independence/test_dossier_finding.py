"""The finding on a dossier: shown evidence fails, missing evidence decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dokja.evidence.values import CheckResult
from dokja.independence import (
    Dossier,
    FindingResult,
    IndependenceFinding,
    find_independence,
)
from dokja.independence.allegation.values import AllegationStanding, AllegationState
from dokja.independence.opinion.values import OpinionState, OpinionVote
from dokja.independence.papers.values import DossierPapers
from dokja.independence.values import ReplyState
from dokja.lineage.values import LineageVerdict
from dokja.programme.dossier_rules import OnFail
from dokja.programme.values import Gate
from dokja.submission.values import Seal, WeightState
from dokja.training import Tier
from tests.dossier_fixture import (
    DECIDED,
    DECODER,
    TEAM,
    VISION,
    both,
    compared,
    gate,
    honest,
    papers,
    part,
    record,
    reply,
    sealed,
    unheard,
)

DERIVED = (compared({DECODER: LineageVerdict.DERIVED}),)
REFER = (compared({DECODER: LineageVerdict.REFER}),)


def by_aspect(dossier: Any, rules: Gate | None = None) -> dict[str, FindingResult]:
    """Result by aspect."""
    found = find_independence(rules or gate(), dossier)
    return {aspect.aspect: aspect.result for aspect in found.aspects}


def votes(*choices: FindingResult) -> tuple[OpinionVote, ...]:
    """Votes on the technical aspect by experts e1, e2 and so on."""
    return tuple(
        OpinionVote(
            expert=f"e{number}",
            team=TEAM,
            aspect="technical",
            choice=choice,
            reasons=both("logs"),
            at=DECIDED,
        )
        for number, choice in enumerate(choices, start=1)
    )


def test_an_honest_team_with_its_evidence_passes_every_aspect() -> None:
    """And nobody had to be asked anything."""
    found = find_independence(gate(), honest(), clauses=("3.2",))
    assert found.result is FindingResult.PASS
    assert found.reply_state is ReplyState.NOT_NEEDED
    assert len(found.items) == 29
    assert {aspect.clauses for aspect in found.aspects} == {("3.2",)}
    assert [one.tier for one in found.tiers] == ["E3"]
    assert found.unproven


def test_shown_descent_fails_only_after_the_team_was_heard() -> None:
    """Before, the item itself is held back, wherever it is printed."""
    early = find_independence(gate(), unheard(lineage=DERIVED))
    assert early.result is FindingResult.UNDETERMINED
    assert early.reply_state is ReplyState.REQUESTED
    assert CheckResult.FAIL not in {one.result for one in early.items}
    answered = unheard(lineage=DERIVED, replies=(reply(),))
    assert by_aspect(answered)["technical"] is FindingResult.FAIL
    assert by_aspect(honest(lineage=DERIVED))["technical"] is FindingResult.FAIL


def test_a_failed_record_is_no_proof_of_foreign_weights() -> None:
    """It leaves the aspect undetermined, unless the rulebook says otherwise."""
    dossier = honest(records={"text_decoder": record(V4=CheckResult.FAIL)})
    assert by_aspect(dossier)["technical"] is FindingResult.UNDETERMINED
    technical, *others = gate().aspects
    strict = tuple(
        msgspec.structs.replace(one, on_fail=OnFail.FAIL) for one in technical.requires
    )
    rules = gate(aspects=(msgspec.structs.replace(technical, requires=strict), *others))
    assert by_aspect(dossier, rules)["technical"] is FindingResult.FAIL
    early = unheard(records={"text_decoder": record(V4=CheckResult.FAIL)})
    assert by_aspect(early, rules)["technical"] is FindingResult.UNDETERMINED


def test_a_conflict_of_licences_fails_the_ethical_aspect() -> None:
    """What came under the GPL may not go out under Apache-2.0."""
    component = part(state=WeightState.INHERITED_TRAINED, licence="GPL-3.0-only")
    seal = sealed(component)
    aspects = by_aspect(honest(seal=seal))
    assert aspects["ethical"] is FindingResult.FAIL
    assert by_aspect(unheard(seal=seal))["ethical"] is FindingResult.UNDETERMINED


@pytest.mark.parametrize(
    "state", [WeightState.INHERITED_FROZEN, WeightState.INHERITED_TRAINED]
)
def test_invariant_14_no_inherited_component_under_a_pass(state: WeightState) -> None:
    """Whatever else was handed in, and whatever the panel says."""
    seal = sealed(part(), part(VISION, state))
    found = find_independence(
        gate(), honest(seal=seal, opinions=votes(*[FindingResult.PASS] * 5))
    )
    assert found.result is FindingResult.FAIL


def test_an_allegation_under_way_keeps_its_aspect_open() -> None:
    """Measured and not resolved: no pass, and the team has to be heard."""
    standing = AllegationStanding(
        id="a-1", team=TEAM, aspect="technical", state=AllegationState.MEASURED
    )
    found = find_independence(gate(), honest(allegations=(standing,)))
    assert found.aspects[0].result is FindingResult.UNDETERMINED
    assert found.aspects[0].waits_for == ("a-1",)
    assert {a.result for a in found.aspects[1:]} == {FindingResult.PASS}
    done = msgspec.structs.replace(standing, state=AllegationState.RESOLVED)
    assert by_aspect(honest(allegations=(done,)))["technical"] is FindingResult.PASS


def test_the_panel_decides_what_evidence_left_to_people() -> None:
    """A referral becomes a pass or a fail, by reasons on record."""
    for choice in (FindingResult.PASS, FindingResult.FAIL):
        found = find_independence(
            gate(), honest(lineage=REFER, opinions=votes(choice, choice, choice))
        )
        technical = found.aspects[0]
        assert technical.result is choice
        assert technical.opinion is not None
        assert technical.opinion.measured is FindingResult.UNDETERMINED


@pytest.mark.parametrize(
    ("changes", "choice", "measured"),
    [
        ({"lineage": DERIVED}, FindingResult.PASS, FindingResult.FAIL),
        ({"records": {}}, FindingResult.FAIL, FindingResult.UNDETERMINED),
        ({"records": {}}, FindingResult.PASS, FindingResult.UNDETERMINED),
        ({"lineage": ()}, FindingResult.FAIL, FindingResult.UNDETERMINED),
        ({}, FindingResult.FAIL, FindingResult.PASS),
    ],
)
def test_an_opinion_goes_no_further_than_the_evidence(
    changes: dict[str, Any], choice: FindingResult, measured: FindingResult
) -> None:
    """Shown failure is no pass, missing evidence nothing, a pass no failure."""
    dossier = honest(opinions=votes(choice, choice, choice), **changes)
    technical = find_independence(gate(), dossier).aspects[0]
    assert technical.result is measured
    assert technical.opinion is not None
    assert technical.opinion.note is not None


def test_experts_may_find_that_evidence_is_too_weak() -> None:
    """In favour of the team a shown failure can become undetermined."""
    doubt = votes(*[FindingResult.UNDETERMINED] * 3)
    aspects = by_aspect(honest(lineage=DERIVED, opinions=doubt))
    assert aspects["technical"] is FindingResult.UNDETERMINED


def test_recused_and_too_few_and_divided_experts_decide_nothing() -> None:
    """Quorum and agreement are counted without those who have an interest."""
    fails = votes(*[FindingResult.FAIL] * 3)
    cases: dict[OpinionState, dict[str, Any]] = {
        OpinionState.NO_QUORUM: {"opinions": fails, "recused": ("e2",)},
        OpinionState.SPLIT: {
            "opinions": votes(
                FindingResult.FAIL,
                FindingResult.PASS,
                FindingResult.UNDETERMINED,
                FindingResult.FAIL,
            )
        },
    }
    for state, changes in cases.items():
        found = find_independence(gate(), honest(lineage=REFER, **changes))
        assert found.aspects[0].result is FindingResult.UNDETERMINED
        assert found.aspects[0].opinion is not None
        assert found.aspects[0].opinion.state is state


def test_no_opinion_counts_before_the_team_was_heard() -> None:
    """An open allegation or a failure elsewhere keeps the whole finding waiting."""
    component = part(state=WeightState.INHERITED_TRAINED, licence="GPL-3.0-only")
    seal = sealed(part(VISION), component)
    dossier = unheard(seal=seal, opinions=votes(*[FindingResult.FAIL] * 3))
    found = find_independence(gate(), dossier)
    assert FindingResult.FAIL not in {aspect.result for aspect in found.aspects}


@settings(max_examples=60, deadline=None)
@given(
    lineage=st.sampled_from([None, *LineageVerdict]),
    tier=st.sampled_from([None, *Tier]),
    check=st.sampled_from(list(CheckResult)),
    read=st.sampled_from([papers, lambda _: None]),
    team=st.sampled_from([honest, unheard]),
    choice=st.sampled_from([None, *FindingResult]),
)
def test_missing_evidence_never_passes_or_fails(
    lineage: LineageVerdict | None,
    tier: Tier | None,
    check: CheckResult,
    read: Callable[[Seal], DossierPapers | None],
    team: Callable[..., Dossier],
    choice: FindingResult | None,
) -> None:
    """Invariant 15, and 4: whatever is there or not, and whatever the panel says."""
    seal = sealed(part())
    dossier = team(
        seal=seal,
        lineage=() if lineage is None else (compared({DECODER: lineage}),),
        records={} if tier is None else {"text_decoder": record(tier, V4=check)},
        papers=read(seal),
        opinions=() if choice is None else votes(choice, choice, choice),
    )
    aspects = by_aspect(dossier)
    if lineage is None or tier is None:
        assert aspects["technical"] is not FindingResult.PASS
    shown = lineage in (
        LineageVerdict.PARTIAL,
        LineageVerdict.DERIVED,
        LineageVerdict.IDENTICAL,
    )
    if not shown and (lineage is None or tier is None):
        assert aspects["technical"] is FindingResult.UNDETERMINED
    if shown:
        assert aspects["technical"] is not FindingResult.PASS
    if dossier.papers is None:
        assert aspects["policy"] is FindingResult.UNDETERMINED
    if shown and team is unheard:
        assert FindingResult.FAIL not in aspects.values()


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_the_order_of_evidence_changes_nothing(data: st.DataObject) -> None:
    """Reports, records and votes are a set; the finding has one form."""
    seal = sealed(part(), part(VISION))
    kinds = {DECODER: LineageVerdict.REFER, VISION: LineageVerdict.NO_EVIDENCE}
    reports = [compared(kinds, "naru"), compared(kinds, "bora")]
    records = [("text_decoder", record()), ("vision_encoder", record(Tier.E2))]
    choices = (FindingResult.PASS, FindingResult.FAIL, FindingResult.PASS)

    def found(order: Callable[[Any], Any]) -> IndependenceFinding:
        return find_independence(
            gate(),
            honest(
                seal=seal,
                lineage=tuple(order(reports)),
                records=dict(order(records)),
                opinions=tuple(order(list(votes(*choices)))),
            ),
        )

    expected = found(list)
    assert found(lambda listed: data.draw(st.permutations(listed))) == expected
