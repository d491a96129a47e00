"""A public claim beside the evidence on what it claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dokja.evidence.values import CheckResult
from dokja.independence.claims.values import (
    ClaimItem,
    ClaimStanding,
    ClaimTopic,
    ClaimView,
    PublicClaim,
)
from dokja.independence.items.questions import ITEMS
from dokja.independence.items.values import ItemOutcome

BEARS_ON: Mapping[ClaimTopic, tuple[str, ...]] = {
    ClaimTopic.FROM_SCRATCH: ("tech-01", "tech-02", "tech-03", "tech-04"),
    ClaimTopic.OWN_ARCHITECTURE: ("tech-05", "tech-06", "tech-07"),
    ClaimTopic.OWN_DATA: ("tech-08", "tech-09", "tech-10"),
    ClaimTopic.OWN_TOKENIZER: ("tech-11",),
    ClaimTopic.OPEN_LICENCE: ("ethic-01", "ethic-02", "ethic-03"),
    ClaimTopic.OTHER_TOPIC: (),
}
"""The items that speak to a topic."""


def claim_views(
    claims: Iterable[PublicClaim], outcomes: Sequence[ItemOutcome], *, tier: str
) -> tuple[ClaimView, ...]:
    """Every claim with the items on its topic, in the order of the claims.

    `outcomes` are those that may be printed: before a team was heard they hold no
    failure, so that no claim reads as contradicted.
    """
    return tuple(_view(claim, outcomes, tier) for claim in claims)


def _view(claim: PublicClaim, outcomes: Sequence[ItemOutcome], tier: str) -> ClaimView:
    wanted = BEARS_ON[claim.topic]
    items = tuple(
        ClaimItem(id=one.id, result=one.result) for one in outcomes if one.id in wanted
    )
    contrary = tuple(
        one.id
        for one in items
        if one.result is CheckResult.FAIL and ITEMS[one.id].is_shown_by_failure
    )
    return ClaimView(
        claim=claim,
        tier=tier,
        standing=ClaimStanding.CONTRADICTED if contrary else _standing(items),
        items=items,
        contradicted_by=contrary,
    )


def _standing(items: Sequence[ClaimItem]) -> ClaimStanding:
    results = {one.result for one in items}
    if results & {CheckResult.FAIL, CheckResult.INCONCLUSIVE}:
        return ClaimStanding.OPEN_QUESTION
    if results == {CheckResult.PASS}:
        return ClaimStanding.SUPPORTED
    return ClaimStanding.UNSUPPORTED
