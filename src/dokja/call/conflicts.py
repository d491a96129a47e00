"""Organisations that stand in several bids, or supply the programme they compete in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from dokja.call.applications.state import ApplicationState
from dokja.call.values import CallText, Supply
from dokja.evidence.values import Text
from dokja.panel.values import InterestRegister, Tie
from dokja.programme.call_rules import SeveralBids
from dokja.programme.interest_rules import TieKind

SUPPLIES = {
    Supply.GPU: Text("GPU 공급사", "supplies GPUs"),
    Supply.DATA: Text("데이터 공급사", "supplies data"),
}


class ShownConflict(msgspec.Struct, frozen=True, kw_only=True):
    """One organisation whose several parts everybody may see."""

    organisation: str
    applications: tuple[str, ...]
    allowed: bool
    """Whether the rules leave it at showing it."""
    text: Text


def shown_conflicts(
    call: CallText,
    applications: Iterable[ApplicationState],
    several_bids: SeveralBids,
) -> tuple[ShownConflict, ...]:
    """Every organisation in several bids, and every supplier that competes."""
    standing = [each for each in applications if each.stands]
    names = sorted({org for each in standing for org in each.proposal.organisations})
    found = []
    for name in names:
        bids = tuple(e.id for e in standing if name in e.proposal.organisations)
        led = tuple(e.id for e in standing if e.proposal.lead.organisation == name)
        if len(bids) > 1:
            text = Text(
                f"{name}: 신청 {len(bids)}건에 참여(주관 {len(led)}건)",
                f"{name} stands in {len(bids)} bids and leads {len(led)}",
            )
            allowed = _is_allowed(several_bids, len(led))
            found.append(_shown(name, bids, text, allowed=allowed))
        for supplier in call.suppliers:
            if supplier.organisation == name:
                words = SUPPLIES[supplier.supplies]
                text = Text(
                    f"{name}: {words.ko}이면서 신청에 참여",
                    f"{name} {words.en} and takes part in a bid",
                )
                found.append(_shown(name, bids, text, allowed=True))
    return tuple(found)


def bids_against_rules(
    application: ApplicationState,
    others: Iterable[ApplicationState],
    several_bids: SeveralBids,
) -> tuple[str, ...]:
    """Organisations of this application that stand in more bids than they may."""
    standing = [each for each in others if each.stands]
    against = []
    for name in sorted(application.proposal.organisations):
        bids = [e for e in standing if name in e.proposal.organisations]
        led = sum(e.proposal.lead.organisation == name for e in bids)
        if len(bids) > 1 and not _is_allowed(several_bids, led):
            against.append(name)
    return tuple(against)


def with_consortia(
    register: InterestRegister,
    applications: Iterable[ApplicationState],
    *,
    recorded: date,
) -> InterestRegister:
    """The register with every application as a team, tied to its organisations.

    So that an expert's tie to any organisation of a bid leads to the bid itself.
    """
    standing = [each for each in applications if each.stands]
    bodies = dict.fromkeys(
        (
            *register.organisations,
            *sorted(o for each in standing for o in each.proposal.organisations),
        )
    )
    ties = tuple(
        Tie(
            kind=TieKind.CONSORTIUM,
            left=member.organisation,
            right=each.id,
            source=f"application {each.id}",
            recorded=recorded,
        )
        for each in standing
        for member in each.proposal.members
    )
    return msgspec.structs.replace(
        register,
        organisations=tuple(bodies),
        teams=tuple(each.id for each in standing),
        ties=(*register.ties, *ties),
    )


def _is_allowed(rule: SeveralBids, led: int) -> bool:
    match rule:
        case SeveralBids.ALLOWED:
            return True
        case SeveralBids.ONE_LEAD:
            return led <= 1
        case SeveralBids.ONE_BID:
            return False


def _shown(
    name: str, bids: tuple[str, ...], text: Text, *, allowed: bool
) -> ShownConflict:
    return ShownConflict(
        organisation=name, applications=bids, allowed=allowed, text=text
    )
