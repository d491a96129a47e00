"""Public claims beside the evidence on them."""

from __future__ import annotations

from dokja.evidence.values import CheckResult
from dokja.independence import find_independence
from dokja.independence.claims.values import ClaimStanding, ClaimTopic, PublicClaim
from dokja.independence.claims.view import BEARS_ON, claim_views
from dokja.lineage.values import LineageVerdict
from dokja.training import Tier
from tests.dossier_fixture import (
    DECODER,
    both,
    compared,
    gate,
    honest,
    record,
    unheard,
)

DERIVED = (compared({DECODER: LineageVerdict.DERIVED}),)


def claim(topic: ClaimTopic = ClaimTopic.FROM_SCRATCH) -> PublicClaim:
    """Something that was said in public."""
    return PublicClaim(
        said=both("trained from scratch"), topic=topic, where="press", on="2026-01-02"
    )


def test_a_claim_stands_as_its_items_do() -> None:
    """Supported, a mere word, a question, or contradicted, with its tier."""
    cases = {
        ClaimStanding.SUPPORTED: honest(),
        ClaimStanding.UNSUPPORTED: honest(records={"text_decoder": record(Tier.E1)}),
        ClaimStanding.OPEN_QUESTION: honest(
            records={"text_decoder": record(V6=CheckResult.FAIL)}
        ),
        ClaimStanding.CONTRADICTED: honest(lineage=DERIVED),
    }
    for standing, dossier in cases.items():
        (view,) = claim_views(
            [claim()], dossier.items, tier=dossier.lowest_tier().value
        )
        assert view.standing is standing
        assert [item.id for item in view.items] == list(BEARS_ON[view.claim.topic])
    assert cases[ClaimStanding.UNSUPPORTED].lowest_tier() is Tier.E1


def test_no_claim_is_contradicted_before_the_team_was_heard() -> None:
    """The items that may be printed are held back, and the claim with them."""
    printed = find_independence(gate(), unheard(lineage=DERIVED)).items
    (view,) = claim_views([claim()], printed, tier="E3")
    assert view.standing is ClaimStanding.OPEN_QUESTION
    assert view.contradicted_by == ()


def test_a_claim_that_no_item_speaks_to_is_a_word() -> None:
    """It is registered all the same."""
    (view,) = claim_views([claim(ClaimTopic.OTHER_TOPIC)], honest().items, tier="E3")
    assert view.standing is ClaimStanding.UNSUPPORTED
