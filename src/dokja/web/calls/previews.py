"""What an act on a call would put on record, shown before anybody confirms it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from dokja.call.agreements.values import AgreementDrafted, AgreementTerms
from dokja.call.applications.values import EligibilityFound
from dokja.call.values import (
    BidMovedUp,
    CallDecided,
    PanelNamed,
    RankedApplication,
    Screened,
    VoteTally,
)
from dokja.call.words import ELIGIBILITY
from dokja.evidence.canonical import read_as
from dokja.evidence.values import Act, Text
from dokja.panel.values import LeftOutSheet
from dokja.web.acts import Asked, Preview
from dokja.web.calls.room import Make
from dokja.web.calls.views import CheckRow, check_rows
from dokja.wiring.office import Office

Look = Callable[[Office, Asked], Preview]


class RankingPreview(msgspec.Struct, frozen=True, kw_only=True):
    """The order that the sheets lead to, and who goes on or is selected."""

    ranking: tuple[RankedApplication, ...]
    chosen: tuple[str, ...]
    tallies: tuple[VoteTally, ...]
    left_out: tuple[LeftOutSheet, ...]
    """Sheets of recused experts: kept and not counted."""
    is_selection: bool


class EligibilityPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What the checks amount to."""

    outcome: Text
    checks: tuple[CheckRow, ...]


class TermsPreview(msgspec.Struct, frozen=True, kw_only=True):
    """The terms of an agreement."""

    terms: AgreementTerms


def shortlisted(make: Make) -> Look:
    """The shortlist that the sheets lead to."""

    def look(office: Office, asked: Asked) -> Preview:
        found = _event(make(office, asked), Screened)
        view = RankingPreview(
            ranking=found.ranking,
            chosen=found.shortlist,
            tallies=(),
            left_out=found.panel.left_out,
            is_selection=False,
        )
        return Preview(template="calls/ranking.html", view=view)

    return look


def chosen(make: Make) -> Look:
    """The selection that sheets and votes lead to."""

    def look(office: Office, asked: Asked) -> Preview:
        found = _event(make(office, asked), CallDecided)
        view = RankingPreview(
            ranking=found.ranking,
            chosen=found.selected,
            tallies=found.tallies,
            left_out=found.panel.left_out,
            is_selection=True,
        )
        return Preview(template="calls/ranking.html", view=view)

    return look


def moved(make: Make) -> Look:
    """Which bid takes the place, and whose."""

    def look(office: Office, asked: Asked) -> Preview:
        found = _event(make(office, asked), BidMovedUp)
        return Preview(template="calls/moved.html", view=found)

    return look


def seated(make: Make) -> Look:
    """The panel with the recusals and the assignment that the register leads to."""

    def look(office: Office, asked: Asked) -> Preview:
        found = _event(make(office, asked), PanelNamed)
        return Preview(template="calls/panel.html", view=found)

    return look


def found_eligible(make: Make) -> Look:
    """What the checks amount to."""

    def look(office: Office, asked: Asked) -> Preview:
        found = _event(make(office, asked), EligibilityFound)
        view = EligibilityPreview(
            outcome=ELIGIBILITY[found.outcome], checks=check_rows(found.checks)
        )
        return Preview(template="calls/eligibility.html", view=view)

    return look


def agreed(make: Make) -> Look:
    """The terms that the rules and the promises lead to."""

    def look(office: Office, asked: Asked) -> Preview:
        found = _event(make(office, asked), AgreementDrafted)
        return Preview(
            template="calls/terms.html", view=TermsPreview(terms=found.terms)
        )

    return look


def _event(made: Act | Sequence[Act], kind: type[Any]) -> Any:
    """The event of the first act, as the record would have it."""
    first = made if isinstance(made, Act) else made[0]
    return read_as(first.body["event"], kind, where=first.subject)
