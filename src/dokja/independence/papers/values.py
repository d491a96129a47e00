"""What a team hands in for the dossier, and what the office read of it at sealing."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from dokja.evidence.values import Growing, Text
from dokja.independence.claims.values import PublicClaim
from dokja.licence.values import LicenceExpression, LicenceLimit
from dokja.submission.bom.values import BillSource, LicenceReport, MissingFact
from dokja.submission.values import ComponentKind

Words = Annotated[str, Meta(max_length=2000)]
Paths = Annotated[tuple[Words, ...], Meta(max_length=100)]


class ModuleOrigin(StrEnum):
    """Where the architecture of a component comes from, weights apart."""

    OWN = "own"
    PUBLISHED = "published"
    REUSED_CODE = "reused_code"


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True): ...


class DeclaredModule(_Entry, frozen=True, kw_only=True):
    """The architecture of one component, as the team declares it."""

    component: ComponentKind
    origin: ModuleOrigin
    source: Words = ""
    """Paper or repository; needed unless the architecture is the team's own."""
    licence: Words = ""


class DeclaredTokenizer(_Entry, frozen=True, kw_only=True):
    """Whether the team trained its tokenizer, or took one and from where."""

    is_trained: bool
    source: Words = ""
    licence: Words = ""


class DeclaredGenerator(_Entry, frozen=True, kw_only=True):
    """What made a source of synthetic data."""

    source: Words
    """Id of the source in the data manifest."""
    name: Words
    licence: Words


class DeclaredAlgorithm(_Entry, frozen=True, kw_only=True):
    """The training code, as the team names it."""

    commit: Words
    optimizer: Words = ""
    schedule: Words = ""
    ablations: Paths = ()


class DeclaredPhase(_Entry, frozen=True, kw_only=True):
    """One phase of training and the run that trained it."""

    name: Words
    component: ComponentKind
    run: Words
    """`team/run`, as its training record says."""


class TeamAnswer(_Entry, frozen=True, kw_only=True):
    """The team's own words on an item, with the sealed files they rest on."""

    item: Words
    text: Text
    files: Paths = ()


class DossierDeclaration(_Entry, frozen=True, kw_only=True):
    """`dossier.toml`: what only the team can say; it is declared at most."""

    schema: str
    modules: Annotated[tuple[DeclaredModule, ...], Meta(max_length=100)] = ()
    tokenizer: DeclaredTokenizer | None = None
    generators: Annotated[tuple[DeclaredGenerator, ...], Meta(max_length=1000)] = ()
    algorithm: DeclaredAlgorithm | None = None
    phases: Annotated[tuple[DeclaredPhase, ...], Meta(max_length=100)] = ()
    answers: Annotated[tuple[TeamAnswer, ...], Meta(max_length=100)] = ()
    claims: Annotated[tuple[PublicClaim, ...], Meta(max_length=200)] = ()


class GeneratorTerms(_Entry, frozen=True, kw_only=True):
    """A declared generator with its licence as understood."""

    generator: DeclaredGenerator
    licence: LicenceExpression
    limits: tuple[LicenceLimit, ...]


class DossierPapers(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the office read of a sealed submission for its dossier."""

    schema: str
    team: str
    root: str
    """Of the seal; papers of another submission say nothing about this one."""
    licences: LicenceReport
    sources: tuple[BillSource, ...]
    missing: tuple[MissingFact, ...]
    code: tuple[str, ...]
    """Sealed files that are code, or configurations that ask for some."""
    declaration: DossierDeclaration | None = None
    generators: tuple[GeneratorTerms, ...] = ()
