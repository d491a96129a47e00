"""The panel as it stands: what `panel.json` holds."""

from __future__ import annotations

from dokja.panel.desk.record import DeskRecord
from dokja.panel.desk.values import PanelSetup
from dokja.panel.interests import find_interests
from dokja.panel.recusal import apply_interests
from dokja.panel.values import Expert, Panel, RaisedConcern, SheetRound


def panel_of(setup: PanelSetup, record: DeskRecord) -> Panel:
    """The panel's value; sheets that do not count stand apart with the reason.

    A sheet from before the discussion counts where its expert handed in none
    afterwards: who changes nothing need not write it again.
    """
    before = record.of_round(SheetRound.BEFORE)
    counted = {**before, **record.of_round(SheetRound.AFTER)}
    calibration = record.of_round(SheetRound.CALIBRATION)
    declared = {(one.expert, one.team) for one in record.declared}
    declared |= {(one.expert, one.team) for one in setup.register.declarations}
    panel = Panel(
        synthetic=setup.synthetic,
        note=setup.note,
        criteria=setup.criteria,
        experts=tuple(
            Expert(id=e, conflicts=tuple(sorted(t for one, t in declared if one == e)))
            for e in sorted(setup.register.experts)
        ),
        sheets=tuple(counted[pair] for pair in sorted(counted)),
        before=tuple(before[pair] for pair in sorted(before)),
        anchor=setup.anchor,
        calibration=tuple(calibration[pair] for pair in sorted(calibration)),
        assigned=setup.assignment.teams,
        concerns=tuple(
            RaisedConcern(expert=expert, team=one.team, concern=one.concern)
            for expert, raised in sorted(record.concerns.items())
            for one in raised
        ),
    )
    # Of the register alone: whoever holds it can compute the digest again.
    interests = find_interests(setup.register, setup.interest_rules, on=setup.on)
    return apply_interests(panel, interests)[0]
