"""An allocation on record: what is promised, and why it is just that."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from dokja.errors import NotAllowed
from dokja.evidence.values import Act, Text
from dokja.programme.matters import Mandate, Matter, acts_of, next_act, read_history
from dokja.support.allocation.propose import adoption_of, propose_allocation
from dokja.support.allocation.values import (
    AllocationExplained,
    AllocationRequest,
    AllocationRule,
    Proposal,
    RuleInForce,
)
from dokja.support.gpu.book import book_act, book_of
from dokja.support.overview import ALLOCATION
from dokja.support.terms import Terms

_NAMES_A_TEAM = frozenset(
    {
        AllocationRule.LEAST,
        AllocationRule.MOST,
        AllocationRule.LESSOR,
        AllocationRule.POOL_CHOICE,
    }
)
_OTHERS = Text(
    ko="다른 팀의 요구량이나 사정(그 내용은 공개하지 않음)",
    en="what another team needs, which is not shown",
)


def allocation_matter(programme: str, allocation: str) -> Matter:
    """Which record the reasons of an allocation are."""
    return Matter(programme=programme, kind=ALLOCATION, id=allocation)


def adopt(
    book: Sequence[Act],
    request: AllocationRequest,
    *,
    terms: Terms,
    seen: int,
    mandate: Mandate,
) -> tuple[Act, ...]:
    """The acts by which what is solved for the request is promised, with its reasons.

    Raises: as `adopt_solved`; what solving raises.
    """
    found = propose_allocation(book_of(book), request, terms=terms)
    solved = AllocationExplained(request=request, proposal=found)
    return adopt_solved(book, solved, terms=terms, seen=seen, mandate=mandate)


def adopt_solved(
    book: Sequence[Act],
    solved: AllocationExplained,
    *,
    terms: Terms,
    seen: int,
    mandate: Mandate,
) -> tuple[Act, ...]:
    """The acts by which a proposal is promised, with its reasons.

    Raises: NotAllowed where the rules exclude each other, or the book forbids it;
    Conflict where somebody has acted since.
    """
    found = solved.proposal
    if found.conflict:
        named = "; ".join(rule.text.en for rule in found.conflict)
        raise NotAllowed(
            f"nothing can be given under {terms.gpu}: {named}",
            remedy="without any one of these the rest could hold: change one of them",
            korean="함께 지킬 수 없는 규정과 요구가 있어 배정할 수 없습니다: "
            + "; ".join(rule.text.ko for rule in found.conflict),
        )
    promised = book_act(
        book, adoption_of(found), terms=terms, seen=seen, mandate=mandate
    )
    matter = allocation_matter(terms.programme, found.id)
    return promised, next_act(matter, (), solved, seen=0, mandate=mandate)


def explanation_of(
    programme: str, allocation: str, acts: Sequence[Act]
) -> AllocationExplained | None:
    """The reasons of an allocation; None where it was adopted without them on record.

    So are those that were announced before the program solved any.
    """
    history = acts_of(allocation_matter(programme, allocation), acts)
    found = read_history(history, AllocationExplained)
    return found[0].event if found else None


def of_one_team(proposal: Proposal, team: str) -> Proposal:
    """What a team is told: its own share and reasons, nothing of what others need."""
    return msgspec.structs.replace(
        proposal,
        shares=tuple(share for share in proposal.shares if share.team == team),
        teams=tuple(
            msgspec.structs.replace(
                each, bound_by=tuple(_told(rule, team) for rule in each.bound_by)
            )
            for each in proposal.teams
            if each.team == team
        ),
        conflict=(),
    )


def _told(rule: RuleInForce, team: str) -> RuleInForce:
    if rule.rule not in _NAMES_A_TEAM or rule.subject == team:
        return rule
    return msgspec.structs.replace(rule, subject="", text=_OTHERS)
