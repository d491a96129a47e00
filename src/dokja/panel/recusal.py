"""Recusals: which sheets they leave out, and what is left of the panel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from dokja.evidence.values import Text
from dokja.panel.interests import computed_recusals
from dokja.panel.path_words import DECLARED
from dokja.panel.values import (
    Coverage,
    ExpertSheet,
    Interests,
    LeftOutSheet,
    Panel,
    Recusal,
    RecusalBasis,
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
        panel, computed=tuple(one for one in found if one.expert in members)
    )
    return leave_out_recused(recused)


def leave_out_recused(panel: Panel) -> tuple[Panel, tuple[LeftOutSheet, ...]]:
    """The panel without the sheets of recused experts, and those sheets."""
    barred = {(one.expert, one.team): one for one in recusals(panel)}
    out = tuple(
        LeftOutSheet(sheet=sheet, reason=recusal_reason(barred[_pair(sheet)]))
        for sheet in sorted(panel.sheets, key=_pair)
        if _pair(sheet) in barred
    )
    counted = tuple(s for s in panel.sheets if _pair(s) not in barred)
    return msgspec.structs.replace(panel, sheets=counted), out


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


def _pair(sheet: ExpertSheet) -> tuple[str, str]:
    return sheet.expert, sheet.team
