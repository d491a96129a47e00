"""The panel's sheets: who may score whom, and what a team's sheets amount to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from dokja.errors import InvalidInput
from dokja.panel.values import ExpertSheet, Panel, Recusal


def check_panel(panel: Panel, *, teams: Sequence[str], where: str) -> None:
    """Nothing. Raises: InvalidInput with every sheet that cannot count."""
    problems = (*_people_problems(panel), *_sheet_problems(panel, teams))
    if problems:
        raise InvalidInput(
            f"{where}:\n" + "\n".join(f"  - {problem}" for problem in problems),
            remedy="correct the sheets named above; no sheet of this file was taken",
        )


def recusals(panel: Panel) -> tuple[Recusal, ...]:
    """Every expert and team that the declared conflicts keep apart."""
    return tuple(
        Recusal(expert=expert.id, team=team)
        for expert in sorted(panel.experts, key=lambda e: e.id)
        for team in sorted(expert.conflicts)
    )


def sheet_share(panel: Panel, sheet: ExpertSheet) -> Fraction:
    """Points given over points possible, exact."""
    possible = sum(criterion.max for criterion in panel.criteria)
    return Fraction(sum(sheet.scores.values()), possible)


def panel_share(panel: Panel, team: str) -> Fraction | None:
    """Mean share over the experts who scored the team; None if nobody did."""
    shares = [sheet_share(panel, s) for s in panel.sheets if s.team == team]
    return sum(shares, Fraction(0)) / len(shares) if shares else None


def _people_problems(panel: Panel) -> Iterator[str]:
    if not panel.criteria or any(c.max < 1 for c in panel.criteria):
        yield "the rubric has no criterion, or one whose maximum is below 1"
    for expert, count in Counter(e.id for e in panel.experts).items():
        if count > 1:
            yield f"expert {expert} stands {count} times"


def _sheet_problems(panel: Panel, teams: Sequence[str]) -> Iterator[str]:
    conflicts = {expert.id: set(expert.conflicts) for expert in panel.experts}
    criteria = {criterion.id: criterion.max for criterion in panel.criteria}
    for (expert, team), count in Counter(
        (sheet.expert, sheet.team) for sheet in panel.sheets
    ).items():
        if count > 1:
            yield f"expert {expert} has {count} sheets for {team}"
    for sheet in panel.sheets:
        name = f"sheet of {sheet.expert} for {sheet.team}"
        if sheet.team not in teams:
            yield f"{name}: no such team in this stage"
        if sheet.expert not in conflicts:
            yield f"{name}: no such expert on the panel"
        elif sheet.team in conflicts[sheet.expert]:
            yield (
                f"{name}: the expert declared a conflict with the team and is "
                "recused; withdraw the sheet"
            )
        if set(sheet.scores) != set(criteria):
            yield f"{name}: scores {sorted(sheet.scores)}, not {sorted(criteria)}"
            continue
        for criterion, score in sheet.scores.items():
            if not 0 <= score <= criteria[criterion]:
                yield f"{name}: {criterion} is {score}, not 0 to {criteria[criterion]}"
