"""Reading a panel's files: the plan of interests, and the sheets."""

from __future__ import annotations

import json
import tomllib
from typing import Any, TypeVar

import msgspec

from dokja.errors import InvalidInput
from dokja.evidence.canonical import read_as
from dokja.panel.sheets import check_panel
from dokja.panel.values import Panel, PanelPlan

SCHEMA = "dokja-panel-plan/1"
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
