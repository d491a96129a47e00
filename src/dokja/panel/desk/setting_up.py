"""Whether a panel is set up so that it can score."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dokja.errors import InvalidInput
from dokja.panel.desk.values import PanelSetup
from dokja.panel.interests import find_interests, require_current_assignment
from dokja.panel.sheets import check_panel
from dokja.panel.values import Expert, Panel

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")
"""Names of people and teams stand in subjects of acts, parted by a stroke."""


def check_setup(setup: PanelSetup) -> None:
    """Nothing.

    Raises: InvalidInput; NotAllowed where the assignment was made under other
    interests than those of the register now.
    """
    problems = tuple(_problems(setup))
    if problems:
        raise InvalidInput(
            "the panel's setup:\n" + "\n".join(f"  - {p}" for p in problems),
            remedy="correct it before the experts are asked in",
        )
    empty = Panel(
        synthetic=setup.synthetic,
        note=setup.note,
        criteria=setup.criteria,
        experts=tuple(Expert(id=e, conflicts=()) for e in setup.register.experts),
        sheets=(),
        anchor=setup.anchor,
        assigned=setup.assignment.teams,
    )
    interests = find_interests(setup.register, setup.interest_rules, on=setup.on)
    require_current_assignment(setup.assignment, interests)
    check_panel(empty, teams=setup.teams, where="the panel's setup")


def _problems(setup: PanelSetup) -> Iterator[str]:
    names = (*setup.register.experts, *setup.teams, *filter(None, (setup.anchor,)))
    for name in names:
        if not ID.fullmatch(name):
            yield f"{name!r} is not a usable name"
    for team in setup.teams:
        if team not in setup.register.teams:
            yield f"team {team} is not in the register of interests"
    if setup.panel_rules.calibration != bool(setup.anchor):
        yield "an anchor submission is needed where the rules have a calibration round"
