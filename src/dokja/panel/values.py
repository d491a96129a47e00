"""Experts, their interests and their rubric sheets."""

from __future__ import annotations

import msgspec

from dokja.evidence.values import Text


class Criterion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the rubric, scored 0 to `max`."""

    id: str
    name: Text
    max: int


class Expert(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An expert under a pseudonym, with the teams they declared a conflict with."""

    id: str
    conflicts: tuple[str, ...]


class ExpertSheet(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One expert's scores of one team."""

    expert: str
    team: str
    scores: dict[str, int]


class Panel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`panel.json`: the panel and every sheet it handed in."""

    synthetic: bool
    note: Text
    criteria: tuple[Criterion, ...]
    experts: tuple[Expert, ...]
    sheets: tuple[ExpertSheet, ...]


class Recusal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An expert who may not score a team."""

    expert: str
    team: str
