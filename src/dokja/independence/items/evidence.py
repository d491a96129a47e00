"""What is held on one team: the evidence that items and checks look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dokja.errors import InvalidInput
from dokja.evidence.values import CheckResult
from dokja.independence.items.values import EvidenceKind, EvidencePointer
from dokja.independence.papers.values import DossierPapers, TeamAnswer
from dokja.lineage.values import ComponentLineage, LineageReport, LineageVerdict
from dokja.submission.values import DeclaredComponent, Seal, WeightState
from dokja.training.values import RecordVerdict, Tier

INHERITED = (
    LineageVerdict.IDENTICAL,
    LineageVerdict.DERIVED,
    LineageVerdict.PARTIAL,
)
"""Verdicts that say weights came from the reference."""

Place = tuple[EvidenceKind, str]
"""A kind of evidence and what it is about: a reference, a component or nothing."""


@dataclass(frozen=True, kw_only=True)
class TeamEvidence:
    """The evidence on one team, as recorded."""

    seal: Seal
    lineage: tuple[LineageReport, ...]
    records: Mapping[str, RecordVerdict] = field(default_factory=dict)
    """By component; a component in the same folder as a recorded one shares it."""
    papers: DossierPapers | None = None
    places: Mapping[Place, EvidencePointer] = field(default_factory=dict)
    """Where each piece stands on record."""

    def __post_init__(self) -> None:
        """Raises: InvalidInput for papers that were read of other files."""
        if self.papers is not None and self.papers.root != self.seal.root:
            raise InvalidInput(
                f"{self.team}: the papers are of {self.papers.root}, "
                f"not of what was sealed, {self.seal.root}",
                remedy="read the papers of the sealed submission",
            )

    @property
    def team(self) -> str:
        """Id of the team."""
        return self.seal.manifest.team

    @property
    def components(self) -> tuple[DeclaredComponent, ...]:
        """The components that the team declared."""
        return self.seal.manifest.components

    def comparisons(self, component: DeclaredComponent) -> tuple[ComponentLineage, ...]:
        """Every comparison of a declared component with a reference."""
        return tuple(
            found
            for report in self.lineage
            for found in report.components
            if found.name == component.kind
        )

    def inherited(self) -> tuple[tuple[DeclaredComponent, ComponentLineage], ...]:
        """Declared components that lineage found in a reference."""
        return tuple(
            (component, found)
            for component in self.components
            for found in self.comparisons(component)
            if found.verdict in INHERITED
        )

    def declared_inherited(self) -> tuple[DeclaredComponent, ...]:
        """Components the team itself says it did not initialise."""
        return tuple(
            component
            for component in self.components
            if component.weight_state is not WeightState.INITIALISED
        )

    def record_of(self, component: DeclaredComponent) -> RecordVerdict | None:
        """The record of the component, or of another part of the same weights."""
        own = self.records.get(component.kind)
        if own is not None:
            return own
        shared = (c.kind for c in self.components if c.path == component.path)
        return next((self.records[k] for k in shared if k in self.records), None)

    def lowest_tier(self) -> Tier:
        """The lowest tier over the components; E0 where one has no record."""
        records = [self.record_of(component) for component in self.components]
        tiers = [Tier.E0 if one is None else one.tier for one in records]
        return min(tiers, key=list(Tier).index, default=Tier.E0)

    def answer(self, item: str) -> TeamAnswer | None:
        """The team's own words on an item, None where it gave none."""
        declared = None if self.papers is None else self.papers.declaration
        answers = () if declared is None else declared.answers
        return next((one for one in answers if one.item == item), None)

    def licence_check(self, name: str) -> CheckResult | None:
        """The outcome of a check of the licence report, None without a report."""
        checks = () if self.papers is None else self.papers.licences.checks
        return next((one.result for one in checks if one.id == name), None)

    def pointers(self, kind: EvidenceKind) -> Iterator[EvidencePointer]:
        """Where every piece of the kind stands."""
        for (of_kind, _), pointer in sorted(self.places.items()):
            if of_kind is kind:
                yield pointer
