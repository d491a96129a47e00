"""What acts of a call ask for that is more than the event they put on record."""

from __future__ import annotations

from datetime import date

import msgspec

from dokja.call.applications.values import HandedInFile, Proposal
from dokja.call.values import CallText, Line, Moment, Name
from dokja.panel.values import Panel


class _Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what is asked for: unknown keys are errors."""


class NewCall(_Asked, frozen=True, kw_only=True):
    """A call that begins, under an id of its own."""

    id: Name
    text: CallText


class LaterEnd(_Asked, frozen=True, kw_only=True):
    """When the window of a call closes from now on."""

    closes: Moment


class NewApplication(_Asked, frozen=True, kw_only=True):
    """An application that the office takes in on paper."""

    id: Name
    proposal: Proposal


class HandedIn(_Asked, frozen=True, kw_only=True):
    """The files of an application."""

    files: tuple[HandedInFile, ...]


class CitedReport(_Asked, frozen=True, kw_only=True):
    """A report of a comparison of weights, and whose model the reference is."""

    entry: Name
    report: str
    """What `dokja lineage compare --json` or `scan --json` printed."""
    reference: Line | None = None
    holder: Line
    released: date | None = None


class Sheets(_Asked, frozen=True, kw_only=True):
    """The sheets of the panel that reviewed the documents."""

    panel: Panel


class AgreementStart(_Asked, frozen=True, kw_only=True):
    """The day from which what is owed is counted."""

    starts: date


class PlaceTaken(_Asked, frozen=True, kw_only=True):
    """Under which id an application takes its place in the stage."""

    application: Name
    team: Name


class PlacesTaken(_Asked, frozen=True, kw_only=True):
    """Who takes the places that a revival call was held for."""

    teams: tuple[PlaceTaken, ...] = ()
