"""What a contamination test finds and how it is read."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from dokja.evidence.values import Estimate, Text


class ContaminationTest(StrEnum):
    """How a set's leaking into training data is looked for."""

    TWIN = "twin"
    ORDER = "order"
    OVERLAP = "overlap"
    MIN_K = "min_k"


class ContaminationReading(StrEnum):
    """What a test comes to. No word here removes anybody."""

    REFER = "refer"
    """People have to look; the twin test alone leads here."""
    SUPPORTING = "supporting"
    NO_EVIDENCE = "no_evidence"
    UNTESTABLE = "untestable"


class ContaminationRules(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Parameters of the contamination tests; named in every result."""

    version: str
    alpha: float
    """Adjusted p-value from which a test counts."""
    gap_minimum: float
    """Least gain on public items, in score, that a person has to look at."""
    gram_words: int
    """Words in a row that must recur in the training text."""
    flagged_share: float
    """Share of an item's words in its longest recurring run that flags it."""
    lowest_share: float
    """Share of a text's tokens, the least expected ones, that Min-K%++ means."""


class ContaminationEvidence(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One test of one team on one suite, before any correction."""

    test: ContaminationTest
    subject: str
    suite: str
    estimate: Estimate | None
    p_value: float | None
    """One-sided; None with a reason where chance has no measure here."""
    reference_gaps: tuple[float, ...]
    """The same gap of each reference model, in the order given."""
    scores: tuple[tuple[Text, Estimate], ...]
    """The team's own scores that the gap is made of, each with its name."""
    shows: Text
    does_not_show: Text
    reason: Text | None = None


class ContaminationFinding(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """The evidence read beside every other result of the same test."""

    evidence: ContaminationEvidence
    adjusted_p: float | None
    family: int
    """Number of p-values corrected together, teams times suites."""
    reading: ContaminationReading
    follows: Text
    method: str


class ItemOverlap(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """How much of an item recurs in a training text."""

    item: str
    words: int
    longest: int | None
    """Words of the longest recurring run; None for an item too short to test."""
    flagged: bool
