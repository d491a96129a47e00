"""What is wrong with what an organiser handed in for the indices, in words."""

from __future__ import annotations

from collections.abc import Iterator

from dokja.programme.values import Rulebook
from dokja.stage.values import StagePlan
from dokja.standing.indices.values import CandidateList, FigureBook


def index_problems(
    rulebook: Rulebook,
    plan: StagePlan,
    listed: CandidateList | None,
    book: FigureBook | None,
) -> Iterator[str]:
    """Every reason why an index could not be what the rules say it is."""
    policy = rulebook.reference_set(plan.stage)
    rules = rulebook.index_rules or None
    if rules is not None or policy is not None:
        for name in sorted({*plan.teams} & {*plan.references}):
            yield f"{name} is a team and a reference; an index cannot tell them apart"
    if policy is not None and listed is None:
        yield "the rules draw up a reference set, and there is no candidates.toml"
    if policy is None and listed is not None:
        yield f"candidates.toml is there; no reference set of {plan.stage} uses it"
    if book is not None and (rules is None or rules.diffusion is None):
        yield "figures.toml is there; no [index_rules.diffusion] uses it"
    if listed is not None:
        yield from _maker_problems(plan, listed)
    for each in book.figures if book is not None else ():
        if each.model not in (*plan.teams, *plan.references):
            yield f"figures.toml: {each.model} is neither a team nor a reference"


def _maker_problems(plan: StagePlan, listed: CandidateList) -> Iterator[str]:
    known = {each.team for each in listed.teams}
    for team in plan.teams:
        if team not in known and team not in plan.withdrawn:
            yield f"candidates.toml does not say who makes the model of {team}"
    for team in sorted(known - {*plan.teams}):
        yield f"candidates.toml: no team {team} in this stage"
