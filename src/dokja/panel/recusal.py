"""Recusals: which sheets they leave out, and what is left of the panel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from dokja.evidence.values import Text
from dokja.panel.interests import computed_recusals
from dokja.panel.path_words import DECLARED, UNASSIGNED
from dokja.panel.values import (
    Coverage,
    ExpertSheet,
    Interests,
    LeftOutSheet,
    Panel,
    Recusal,
    RecusalBasis,
    SheetRound,
)


def recusals(panel: Panel) -> tuple[Recusal, ...]:
    """Every expert and team that a declared or computed conflict keeps apart."""
    found = {
        (expert.id, team): Recusal(expert=expert.id, team=team)
        for expert in panel.experts
        for team in expert.conflicts
    }
    for one in panel.computed:
        pair = (one.expert, one.team)
        both = pair in found and one.basis is not RecusalBasis.DECLARED
        basis = RecusalBasis.DECLARED_AND_COMPUTED if both else one.basis
        found[pair] = msgspec.structs.replace(one, basis=basis)
    return tuple(found[pair] for pair in sorted(found))


def apply_interests(
    panel: Panel, interests: Interests
) -> tuple[Panel, tuple[LeftOutSheet, ...]]:
    """The panel under these interests, and the sheets that no longer count.

    For an interest that comes to light after a sheet was handed in: the sheet
    is kept with its reason, and its expert is recused.
    """
    members = {expert.id for expert in panel.experts}
    found = computed_recusals(interests)
    recused = msgspec.structs.replace(
        _put_back(panel),
        computed=tuple(one for one in found if one.expert in members),
        computed_from=interests.computed_from,
    )
    counted = leave_out_sheets(recused)
    return counted, counted.left_out


def leave_out_sheets(panel: Panel) -> Panel:
    """The panel with the sheets of recused and unassigned experts left out."""
    reasons = {(r.expert, r.team): recusal_reason(r) for r in recusals(panel)}
    pairs = {(expert, one.team) for one in panel.assigned for expert in one.experts}
    rounds = ((SheetRound.BEFORE, panel.before), (SheetRound.AFTER, panel.sheets))
    out = []
    kept: dict[SheetRound, list[ExpertSheet]] = {moment: [] for moment, _ in rounds}
    for moment, sheets in rounds:
        for sheet in sheets:
            reason = reasons.get(_pair(sheet))
            if reason is None and pairs and _pair(sheet) not in pairs:
                reason = UNASSIGNED
            if reason is None:
                kept[moment].append(sheet)
            else:
                out.append(LeftOutSheet(sheet=sheet, reason=reason, round=moment))
    return msgspec.structs.replace(
        panel,
        sheets=tuple(kept[SheetRound.AFTER]),
        before=tuple(kept[SheetRound.BEFORE]),
        left_out=tuple(sorted((*panel.left_out, *out), key=_left_out_order)),
    )


def _put_back(panel: Panel) -> Panel:
    """The panel before anything was left out, for an interest that is no more."""
    back: dict[SheetRound, list[ExpertSheet]] = {moment: [] for moment in SheetRound}
    for one in panel.left_out:
        back[one.round].append(one.sheet)
    return msgspec.structs.replace(
        panel,
        sheets=(*panel.sheets, *back[SheetRound.AFTER]),
        before=(*panel.before, *back[SheetRound.BEFORE]),
        left_out=(),
    )


def recusal_reason(one: Recusal) -> Text:
    """Why the expert may not score the team."""
    return one.reason or DECLARED


def panel_coverage(
    panel: Panel,
    teams: Sequence[str],
    *,
    needed: int,
    left_out: Sequence[LeftOutSheet] = (),
) -> tuple[Coverage, ...]:
    """For each team, what the recusals leave of the panel."""
    recused = Counter(one.team for one in recusals(panel))
    counted: Mapping[str, int] = Counter(sheet.team for sheet in panel.sheets)
    out = Counter(one.sheet.team for one in left_out)
    experts = len(panel.experts)
    return tuple(
        Coverage(
            team=team,
            experts=experts,
            recused=recused[team],
            sheets=counted.get(team, 0),
            left_out=out[team],
            needed=needed,
            is_short=experts - recused[team] < needed,
        )
        for team in sorted(teams)
    )


def _left_out_order(one: LeftOutSheet) -> tuple[str, str, bool]:
    return (*_pair(one.sheet), one.round is SheetRound.AFTER)


def _pair(sheet: ExpertSheet) -> tuple[str, str]:
    return sheet.expert, sheet.team
