"""User evaluation: ballots of invited users."""

from __future__ import annotations

import msgspec

from dokja.evidence.values import Text


class Scale(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole numbers a question can be answered with."""

    min: int
    max: int


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question of the ballot."""

    id: str
    name: Text


class Ballot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One user's answers about one team's model."""

    user: str
    team: str
    answers: dict[str, int]


class BallotBox(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`ballots.json`: every ballot of a stage."""

    synthetic: bool
    note: Text
    scale: Scale
    questions: tuple[Question, ...]
    ballots: tuple[Ballot, ...]
