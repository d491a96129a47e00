"""The panel's sheets: who may score whom, and what a team's sheets amount to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from dokja.errors import InvalidInput
from dokja.panel.recusal import recusal_reason, recusals
from dokja.panel.values import ExpertSheet, Panel, RaisedConcern, RecusalBasis


def check_panel(panel: Panel, *, teams: Sequence[str], where: str) -> None:
    """Nothing. Raises: InvalidInput with every sheet that cannot count."""
    problems = (
        *_people_problems(panel),
        *_sheet_problems(panel, panel.sheets, teams),
        *(f"before: {p}" for p in _sheet_problems(panel, panel.before, teams)),
        *_calibration_problems(panel, teams),
        *_assigned_problems(panel, teams),
        *_left_out_problems(panel, teams),
    )
    if problems:
        raise InvalidInput(
            f"{where}:\n" + "\n".join(f"  - {problem}" for problem in problems),
            remedy="correct the sheets named above; no sheet of this file was taken",
        )


def sheet_share(panel: Panel, sheet: ExpertSheet) -> Fraction:
    """Points given over points possible, exact."""
    possible = sum(criterion.max for criterion in panel.criteria)
    return Fraction(sum(sheet.scores.values()), possible)


def panel_share(panel: Panel, team: str) -> Fraction | None:
    """Mean share over the experts who scored the team; None if nobody did."""
    shares = [sheet_share(panel, s) for s in panel.sheets if s.team == team]
    return sum(shares, Fraction(0)) / len(shares) if shares else None


def raised_concerns(panel: Panel, team: str) -> tuple[RaisedConcern, ...]:
    """Every doubt about the team's independence, for the gate.

    Those of sheets that were replaced in the discussion or left out too: a
    doubt does not lapse with the score beside it.
    """
    found = {
        (sheet.expert, concern): RaisedConcern(
            expert=sheet.expert, team=team, concern=concern
        )
        for sheet in (*panel.before, *panel.sheets, *(o.sheet for o in panel.left_out))
        if sheet.team == team
        for concern in sheet.concerns
    }
    found |= {(r.expert, r.concern): r for r in panel.concerns if r.team == team}
    return tuple(
        found[key] for key in sorted(found, key=lambda k: (k[0], k[1].about, k[1].text))
    )


def _people_problems(panel: Panel) -> Iterator[str]:
    if not panel.criteria or any(c.max < 1 for c in panel.criteria):
        yield "the rubric has no criterion, or one whose maximum is below 1"
    for expert, count in Counter(e.id for e in panel.experts).items():
        if count > 1:
            yield f"expert {expert} stands {count} times"
    for criterion in panel.criteria:
        for anchor in criterion.anchors:
            if not 0 <= anchor.score <= criterion.max:
                yield f"{criterion.id}: the anchor of {anchor.score} is off the scale"


def _sheet_problems(
    panel: Panel, sheets: Sequence[ExpertSheet], teams: Sequence[str]
) -> Iterator[str]:
    barred = {(one.expert, one.team): one for one in recusals(panel)}
    experts = {expert.id for expert in panel.experts}
    criteria = {criterion.id: criterion.max for criterion in panel.criteria}
    for (expert, team), count in Counter(
        (sheet.expert, sheet.team) for sheet in sheets
    ).items():
        if count > 1:
            yield f"expert {expert} has {count} sheets for {team}"
    for sheet in sheets:
        name = f"sheet of {sheet.expert} for {sheet.team}"
        if sheet.team not in teams:
            yield f"{name}: no such team in this stage"
        if sheet.expert not in experts:
            yield f"{name}: no such expert on the panel"
        recusal = barred.get((sheet.expert, sheet.team))
        if recusal is not None and recusal.basis is RecusalBasis.COMPUTED:
            yield (
                f"{name}: an interest was found and the expert is recused "
                f"({recusal_reason(recusal).en}); leave the sheet out"
            )
        elif recusal is not None:
            yield (
                f"{name}: the expert declared a conflict with the team and is "
                "recused; withdraw the sheet"
            )
        yield from (f"{name}: {p}" for p in _entry_problems(sheet, criteria))


def _entry_problems(sheet: ExpertSheet, criteria: Mapping[str, int]) -> Iterator[str]:
    if set(sheet.scores) != set(criteria):
        yield f"scores {sorted(sheet.scores)}, not {sorted(criteria)}"
        return
    for criterion, score in sheet.scores.items():
        if not 0 <= score <= criteria[criterion]:
            yield f"{criterion} is {score}, not 0 to {criteria[criterion]}"
    for comment in sheet.comments:
        if comment.criterion not in criteria:
            yield f"a comment on {comment.criterion}, which the rubric lacks"
    for concern in sheet.concerns:
        if not concern.text.strip():
            yield "a concern about independence without a word on it"


def _calibration_problems(panel: Panel, teams: Sequence[str]) -> Iterator[str]:
    if panel.calibration and not panel.anchor:
        yield "calibration sheets, and no anchor submission is named"
    if panel.anchor and panel.anchor in teams:
        yield f"the anchor submission {panel.anchor} is a team of this stage"
    for problem in _sheet_problems(panel, panel.calibration, (panel.anchor,)):
        yield f"calibration: {problem}"


def _assigned_problems(panel: Panel, teams: Sequence[str]) -> Iterator[str]:
    if not panel.assigned:
        return
    experts = {expert.id for expert in panel.experts}
    pairs = {(expert, one.team) for one in panel.assigned for expert in one.experts}
    for team in sorted(set(teams) - {one.team for one in panel.assigned}):
        yield f"nobody was assigned to {team}"
    for expert in sorted({expert for expert, _ in pairs} - experts):
        yield f"{expert} was assigned and is not on the panel"
    for sheet in (*panel.sheets, *panel.before):
        if (sheet.expert, sheet.team) not in pairs:
            yield f"sheet of {sheet.expert} for {sheet.team}: not assigned to the team"


def _left_out_problems(panel: Panel, teams: Sequence[str]) -> Iterator[str]:
    experts = {expert.id for expert in panel.experts}
    criteria = {criterion.id: criterion.max for criterion in panel.criteria}
    counted = {(s.expert, s.team) for s in (*panel.sheets, *panel.before)}
    for one in panel.left_out:
        sheet = one.sheet
        name = f"sheet left out of {sheet.expert} for {sheet.team}"
        if sheet.team not in teams or sheet.expert not in experts:
            yield f"{name}: no such team in this stage or expert on the panel"
        if (sheet.expert, sheet.team) in counted:
            yield f"{name}: a sheet of the same pair counts"
        yield from (f"{name}: {p}" for p in _entry_problems(sheet, criteria))
    for raised in panel.concerns:
        name = f"concern of {raised.expert} about {raised.team}"
        if raised.team not in teams or raised.expert not in experts:
            yield f"{name}: no such team in this stage or expert on the panel"
        if not raised.concern.text.strip():
            yield f"{name}: without a word on it"
