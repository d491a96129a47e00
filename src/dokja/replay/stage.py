"""Re-deciding a published stage from what was published about it."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

import msgspec

from dokja.evidence.values import Text
from dokja.programme.rulebook import rules_digest
from dokja.programme.values import Rulebook
from dokja.replay.completions import METHOD, draw_completions
from dokja.replay.constraints import (
    Constraints,
    bounds_of_others,
    constraints_of,
    lowest_total_at_most,
)
from dokja.replay.counterfactuals import counterfactuals_of
from dokja.replay.facts import facts_of, part_name
from dokja.replay.outcome import decide_all
from dokja.replay.published_pair import WORDING, pair_verdict
from dokja.replay.results import (
    CompletionCheck,
    Event,
    FindingReplay,
    Outcome,
    PairReplay,
    PartBounds,
    ReplayReport,
    Selection,
    StatedFact,
    TeamScores,
)
from dokja.replay.values import TOTAL, PublishedPair, PublishedStage
from dokja.standing.bounds import mean_bounds

SCHEMA = "dokja-replay/1"
COMPLETIONS = 64
"""Enough for a report; the tests draw many more."""


def replay_stage(published: PublishedStage, rulebook: Rulebook) -> ReplayReport:
    """The published stage decided again, with every fact that can be checked.

    Scores nobody published are drawn in memory under role labels, and the
    outcome counts only where every drawing leads to it.
    Raises: InvalidInput where published facts exclude each other.
    """
    constraints = constraints_of(published, rulebook)
    # Before any draw: facts that exclude each other are named here, where a
    # search for completions would only fail to find one.
    bounds = _bounds(constraints, rulebook)
    digest = rules_digest(rulebook)
    completions = draw_completions(
        constraints, rules_digest=digest, subject=published.case, count=COMPLETIONS
    )
    decided = decide_all(published, rulebook, completions)
    outcome = _with_selection(published, decided.outcome)
    return ReplayReport(
        schema=SCHEMA,
        case=published.case,
        name=published.name,
        note=published.note,
        correction=published.correction,
        rules_digest=digest,
        outcome=outcome,
        selection=_selection(published, outcome),
        settled_by_data=decided.same_outcome and decided.settled_by_data,
        completions=CompletionCheck(
            drawn=len(completions), same_outcome=decided.same_outcome, method=METHOD
        ),
        facts=facts_of(published, rulebook, decided.outcome),
        stated=_stated(published),
        events=_events(published),
        scores=_scores(published, rulebook),
        bounds=bounds,
        lowest_total_at_most=_shown_up(
            lowest_total_at_most(constraints), constraints.means[TOTAL]
        ),
        findings=_findings(published),
        pair_thresholds=published.pair_thresholds,
        independence=tuple(_pair(published, pair) for pair in published.pairs),
        counterfactuals=counterfactuals_of(published, rulebook, completions),
        unknown=published.unknown,
    )


def _with_selection(published: PublishedStage, outcome: Outcome) -> Outcome:
    """The outcome with the announced selection, where it calls for one."""
    if not outcome.revival_call:
        return outcome
    return msgspec.structs.replace(outcome, selected=published.revival.selected)


def _selection(published: PublishedStage, outcome: Outcome) -> Selection:
    revival = published.revival
    selected = (outcome.selected,) if outcome.selected else ()
    return Selection(
        bids=revival.bids,
        active_teams=(*outcome.advances, *selected),
        text=Text(
            ko=f"{revival.selected_on} 발표된 선정 결과를 다시 적은 것이다. 평가위원의 "
            "표결은 공개되지 않아 다시 계산하지 아니한다.",
            en=f"The selection announced on {revival.selected_on}, restated. The votes "
            "of the panel were not published, so nothing recomputes it.",
        ),
    )


def _stated(published: PublishedStage) -> tuple[StatedFact, ...]:
    return tuple(
        StatedFact(
            id=each.id,
            text=each.text,
            value=each.value,
            status=each.status,
            sources=published.cited(each.sources),
        )
        for each in published.stated
    )


def _events(published: PublishedStage) -> tuple[Event, ...]:
    return tuple(
        Event(
            date=each.date,
            text=each.text,
            status=each.status,
            sources=published.cited(each.sources),
        )
        for each in published.events
    )


def _scores(published: PublishedStage, rulebook: Rulebook) -> tuple[TeamScores, ...]:
    """Every part of every team: null says that nobody published it."""
    parts: list[str] = []
    for category in rulebook.categories:
        if len(category.components) > 1:
            parts += [component.id for component in category.components]
        parts.append(category.id)
    parts.append(TOTAL)
    return tuple(
        TeamScores(
            team=team.id,
            name=team.name,
            scores={part: published.score(team.id, part) for part in parts},
        )
        for team in published.teams
    )


def _bounds(constraints: Constraints, rulebook: Rulebook) -> tuple[PartBounds, ...]:
    others = len(constraints.open_roles())
    return tuple(
        PartBounds(
            part=part,
            name=part_name(rulebook, part),
            others=others,
            sum=bounds,
            mean=mean_bounds(bounds, count=others),
        )
        for part, bounds in bounds_of_others(constraints).items()
    )


def _findings(published: PublishedStage) -> tuple[FindingReplay, ...]:
    return tuple(
        FindingReplay(
            team=each.team,
            gate=each.gate,
            result=each.result,
            text=each.text,
            reply=each.reply,
            status=each.status,
            sources=published.cited(each.sources),
        )
        for each in published.findings
    )


def _pair(published: PublishedStage, pair: PublishedPair) -> PairReplay:
    found = pair_verdict(pair.raw_cosine, pair.centred, published.pair_thresholds)
    return PairReplay(
        id=pair.id,
        kind=pair.kind,
        candidate=pair.candidate,
        reference=pair.reference,
        component=pair.component,
        raw_cosine=pair.raw_cosine,
        centred=pair.centred,
        verdict=found.verdict,
        must_get=pair.must_get,
        holds=found.verdict is pair.must_get,
        reason=found.reason,
        wording=WORDING,
        text=pair.text,
        reply=pair.reply,
        resolution=pair.resolution,
        status=pair.status,
        sources=published.cited(pair.sources),
    )


def _shown_up(value: Decimal, example: Decimal) -> Decimal:
    """`value` at the decimals of `example`, never below it: it is an upper bound."""
    return value.quantize(example, rounding=ROUND_CEILING)
