"""The panel of a stage under the interests that its rules compute."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from dokja.errors import InvalidInput
from dokja.panel import (
    Panel,
    apply_interests,
    check_panel,
    find_interests,
    parse_assignment,
    parse_plan,
    require_current_assignment,
)
from dokja.panel.plan import ASSIGNMENT, INTERESTS
from dokja.panel.values import PanelPlan
from dokja.programme.interest_rules import InterestRules
from dokja.programme.values import Rulebook

PANEL = "panel.json"


def under_interests(
    panel: Panel,
    rulebook: Rulebook,
    *,
    teams: Sequence[str],
    texts: tuple[str | None, str | None],
) -> Panel:
    """The panel checked, with what the interests recuse left out and shown.

    `texts` are those of `interests.toml` and `assignment.json`; the ties
    themselves go on no record. Raises: InvalidInput, and NotAllowed where the
    assignment was made under other interests.
    """
    rules = rulebook.interest_rules or None
    interests_text, assignment_text = texts
    if rules is None or interests_text is None:
        problem = _unpaired(rules, interests_text, assignment_text)
        if problem:
            raise InvalidInput(
                f"stage.toml:\n  - {problem}",
                remedy="correct the plan before the rules are frozen",
            )
        check_panel(panel, teams=teams, where=PANEL)
        return panel
    plan = parse_plan(interests_text, where=INTERESTS)
    problems = tuple(_plan_problems(plan, panel, rules, teams))
    if problems:
        raise InvalidInput(
            f"{INTERESTS}:\n" + "\n".join(f"  - {p}" for p in problems),
            remedy="correct the register, compute again and assign again",
        )
    interests = find_interests(plan.register, rules, on=plan.on)
    if assignment_text is not None:
        assignment = parse_assignment(assignment_text, where=ASSIGNMENT)
        require_current_assignment(assignment, interests)
        kept = tuple(one for one in assignment.teams if one.team in teams)
        panel = msgspec.structs.replace(panel, assigned=kept)
    check_panel(panel, teams=teams, where=PANEL)
    return apply_interests(panel, interests)[0]


def _unpaired(
    rules: InterestRules | None, interests: str | None, assignment: str | None
) -> str:
    """Which of rules and files is there without what it needs."""
    if rules is not None:
        return f"the rules compute interests from ties, and there is no {INTERESTS}"
    if interests is not None:
        return f"{INTERESTS} is there; no [interest_rules] says what a tie amounts to"
    if assignment is not None:
        return f"{ASSIGNMENT} is there; no [interest_rules] says who may be assigned"
    return ""


def _plan_problems(
    plan: PanelPlan, panel: Panel, rules: InterestRules, teams: Sequence[str]
) -> Iterator[str]:
    if plan.rules is not None and plan.rules != rules:
        yield "its own [rules] are not those of the rulebook, which hold"
    for name in sorted({e.id for e in panel.experts} - {*plan.register.experts}):
        yield f"{name} is on the panel and not in the register"
    for name in sorted({*teams} - {*plan.register.teams}):
        yield f"team {name} is not in the register"
