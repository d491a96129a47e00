"""The dossier of one submission as a page: items, tiers, claims, and no finding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from dokja.evidence.values import CheckResult, Text
from dokja.independence.claims.values import ClaimView, PublicClaim
from dokja.independence.claims.view import claim_views
from dokja.independence.items.answers import declaration_of
from dokja.independence.items.assess import assess_items
from dokja.independence.items.evidence import TeamEvidence
from dokja.independence.items.from_records import component_tiers
from dokja.independence.items.values import ComponentTier, ItemOutcome
from dokja.programme.dossier_rules import ItemSet
from dokja.programme.values import AspectRule
from dokja.training.tier_words import CANNOT_PROVE

SCHEMA = "dokja-dossier-report/1"
_OPEN = (CheckResult.NOT_RUN, CheckResult.INCONCLUSIVE)


class AspectReading(msgspec.Struct, frozen=True, kw_only=True):
    """What an aspect requires and how it stands; nobody was heard on it yet."""

    aspect: str
    failed: tuple[str, ...]
    open: tuple[str, ...]
    """Items whose outcome the rules do not accept, without being a failure."""
    accepted: tuple[str, ...]


class DossierReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a dossier holds on one submission."""

    schema: str
    item_set: str
    team: str
    root: str
    aspects: tuple[AspectReading, ...]
    """Under the rulebook that was named; empty where none was."""
    items: tuple[ItemOutcome, ...]
    tiers: tuple[ComponentTier, ...]
    unproven: tuple[Text, ...]
    claims: tuple[ClaimView, ...]

    @property
    def failed(self) -> tuple[str, ...]:
        """Items that fail, of those that count."""
        if self.aspects:
            return tuple(item for one in self.aspects for item in one.failed)
        return tuple(i.id for i in self.items if i.result is CheckResult.FAIL)

    @property
    def open(self) -> tuple[str, ...]:
        """Items that nothing decides yet, of those that count."""
        if self.aspects:
            return tuple(item for one in self.aspects for item in one.open)
        return tuple(i.id for i in self.items if i.result in _OPEN)


def report_dossier(
    evidence: TeamEvidence,
    *,
    aspects: Iterable[AspectRule],
    claims: Sequence[PublicClaim] = (),
) -> DossierReport:
    """The dossier of what is held on a team; its own claims come before `claims`."""
    items = assess_items(evidence)
    declared = declaration_of(evidence)
    own = () if declared is None else declared.claims
    return DossierReport(
        schema=SCHEMA,
        item_set=ItemSet.OF_2026_11.value,
        team=evidence.team,
        root=evidence.seal.root,
        aspects=tuple(_reading(aspect, items) for aspect in aspects),
        items=items,
        tiers=component_tiers(evidence),
        unproven=CANNOT_PROVE,
        claims=claim_views((*own, *claims), items, tier=evidence.lowest_tier().value),
    )


def _reading(aspect: AspectRule, items: Sequence[ItemOutcome]) -> AspectReading:
    results = {one.id: one.result for one in items}
    found: dict[str, list[str]] = {"failed": [], "open": [], "accepted": []}
    for rule in aspect.requires:
        result = results.get(rule.check, CheckResult.NOT_RUN)
        if result in rule.accept:
            found["accepted"].append(rule.check)
        elif result is CheckResult.FAIL:
            found["failed"].append(rule.check)
        else:
            found["open"].append(rule.check)
    return AspectReading(
        aspect=aspect.id, **{name: tuple(listed) for name, listed in found.items()}
    )
