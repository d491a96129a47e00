"""Reading a panel's files: the plan of interests, the assignment, the sheets."""

from __future__ import annotations

import json
import tomllib
from typing import Any, TypeVar

import msgspec

from dokja.errors import InvalidInput
from dokja.evidence.canonical import read_as
from dokja.panel.sheets import check_panel
from dokja.panel.values import (
    Assignment,
    AssignmentRules,
    KeptAssignment,
    Panel,
    PanelPlan,
)
from dokja.programme.interest_rules import InterestRules
from dokja.programme.values import Rulebook

SCHEMA = "dokja-panel-plan/1"
ASSIGNMENT_SCHEMA = "dokja-panel-assignment/1"
INTERESTS = "interests.toml"
ASSIGNMENT = "assignment.json"
Read = TypeVar("Read")


def parse_plan(text: str, *, where: str) -> PanelPlan:
    """The plan in the text, TOML or JSON by the name. Raises: InvalidInput."""
    plan = _read(text, PanelPlan, where)
    if plan.schema != SCHEMA:
        raise InvalidInput(
            f"{where}: schema is {plan.schema!r}",
            remedy=f"this program reads {SCHEMA!r}",
        )
    return plan


def rules_of_plan(plan: PanelPlan, rulebook: Rulebook | None) -> InterestRules:
    """The file's own rules, else the rulebook's. Raises: InvalidInput."""
    ruled = None if rulebook is None else rulebook.interest_rules or None
    rules = plan.rules or ruled
    if rules is None:
        raise InvalidInput(
            "no rule says which ties make an interest",
            remedy="name a rulebook that has [interest_rules], or add [rules] to the "
            "file; nobody's rules are assumed",
        )
    return rules


def needs_of_plan(plan: PanelPlan, rulebook: Rulebook | None) -> AssignmentRules:
    """The file's own needs, else the rulebook's with the file's specialists.

    Raises: InvalidInput where neither says anything of an assignment.
    """
    if plan.assignment is not None:
        return plan.assignment
    ruled = None if rulebook is None else rulebook.panel_rules or None
    if ruled is None:
        raise InvalidInput(
            "nothing says what an assignment must keep to",
            remedy="name a rulebook that has [panel_rules], or add [assignment] to "
            "the file",
        )
    return AssignmentRules(
        experts_per_team=ruled.experts_per_team,
        teams_per_expert=ruled.teams_per_expert,
        specialists=plan.specialists,
        fields=ruled.fields,
    )


def parse_assignment(text: str, *, where: str) -> Assignment:
    """The assignment that `dokja panel assign --json` wrote. Raises: InvalidInput."""
    kept = _read(text, KeptAssignment, where)
    if kept.schema != ASSIGNMENT_SCHEMA:
        raise InvalidInput(
            f"{where}: schema is {kept.schema!r}",
            remedy=f"this program reads {ASSIGNMENT_SCHEMA!r}",
        )
    return kept.assignment


def parse_panel(text: str, *, where: str) -> Panel:
    """The panel in the text, TOML or JSON by the name, checked.

    Sheets of recused experts are accepted here, so that they can be shown as
    left out. Raises: InvalidInput.
    """
    panel = _read(text, Panel, where)
    teams = sorted({sheet.team for sheet in (*panel.sheets, *panel.before)})
    unbarred = msgspec.structs.replace(
        panel,
        computed=(),
        experts=tuple(
            msgspec.structs.replace(expert, conflicts=()) for expert in panel.experts
        ),
    )
    check_panel(unbarred, teams=teams, where=where)
    return panel


def _read(text: str, kind: type[Read], where: str) -> Read:
    try:
        document: Any = (
            json.loads(text) if where.endswith(".json") else tomllib.loads(text)
        )
    except (json.JSONDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidInput(
            f"{where} cannot be read: {error}", remedy="correct the place it names"
        ) from error
    return read_as(document, kind, where=where)
