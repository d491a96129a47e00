"""Contamination evidence, corrected over teams and suites and read for people.

A reading refers or supports; there is no word in it that removes a team.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

from dokja.benchmark.contamination.values import (
    ContaminationEvidence,
    ContaminationFinding,
    ContaminationReading,
    ContaminationRules,
    ContaminationTest,
)
from dokja.benchmark.contamination.words import (
    DOES_NOT_SHOW,
    FEW_REFERENCES,
    FOLLOWS,
    LIKE_REFERENCES,
    NO_VARIATION,
    SHOWS,
)
from dokja.errors import InvalidInput
from dokja.evidence.values import Estimate, Text
from dokja.statistics.clustered import ClusterIndex, Scores
from dokja.statistics.difference_in_differences import FEWEST_REFERENCES, Gain
from dokja.statistics.holm import holm

RULES = ContaminationRules(
    version="1.0.0",
    alpha=0.05,
    gap_minimum=0.02,
    gram_words=8,
    flagged_share=0.5,
    lowest_share=0.2,
)


@dataclass(frozen=True, eq=False, kw_only=True)
class ComparedScores:
    """A team's and the reference models' values on the same items."""

    subject: str
    suite: str
    own: Scores
    """(n,) or, averaged beforehand, the mean over repeats."""
    references: Scores
    """(R, n); R may be 0, and then there is no p-value."""
    clusters: ClusterIndex
    source: str

    def __post_init__(self) -> None:
        """Refuses sides that do not answer the same items."""
        n = self.clusters.items
        if self.own.shape != (n,) or self.references.shape[1:] != (n,):
            raise InvalidInput(
                f"{self.subject} on {self.suite}: {self.own.shape} own and "
                f"{self.references.shape} reference scores for {n} items",
                remedy="give every model one score for each item, in one order",
            )


class Compared(Protocol):
    """Whose answers to which suite a test is about."""

    @property
    def subject(self) -> str:
        """The team."""

    @property
    def suite(self) -> str:
        """The suite's id."""


def evidence_of(
    test: ContaminationTest,
    of: Compared,
    estimate: Estimate | None,
    p_value: float | None,
    reason: Text | None,
) -> ContaminationEvidence:
    """The evidence of a test, with its words on what it shows and does not show."""
    return ContaminationEvidence(
        test=test,
        subject=of.subject,
        suite=of.suite,
        estimate=estimate,
        p_value=p_value,
        reference_gaps=(),
        scores=(),
        shows=SHOWS[test],
        does_not_show=DOES_NOT_SHOW[test],
        reason=reason,
    )


def gain_evidence(
    test: ContaminationTest,
    compared: ComparedScores,
    gain: Gain,
    estimate: Estimate,
    scores: tuple[tuple[Text, Estimate], ...],
) -> ContaminationEvidence:
    """The evidence of a test that holds a team's gap against the references'."""
    found = evidence_of(test, compared, estimate, gain.p_value, _why_no_p_value(gain))
    return msgspec.structs.replace(
        found, reference_gaps=gain.reference_gaps, scores=scores
    )


def read_together(
    evidence: Sequence[ContaminationEvidence], rules: ContaminationRules = RULES
) -> tuple[ContaminationFinding, ...]:
    """Findings in the order given, with Holm's correction within each test.

    Give all teams and suites at once: results that are looked at together
    have to be corrected together. Raises: InvalidInput where one test of a
    team on a suite stands twice.
    """
    names = [(found.test, found.subject, found.suite) for found in evidence]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InvalidInput(
            f"two results of {' / '.join(twice[0])}",
            remedy="keep the one that was announced beforehand",
        )
    adjusted: dict[tuple[str, str, str], float] = {}
    families: dict[ContaminationTest, int] = {}
    for test in ContaminationTest:
        tested = [e for e in evidence if e.test is test and e.p_value is not None]
        families[test] = len(tested)
        p_values = holm([e.p_value for e in tested if e.p_value is not None])
        for found, p_value in zip(tested, p_values, strict=True):
            adjusted[found.test, found.subject, found.suite] = p_value
    return tuple(
        _finding(found, adjusted.get(name), families[found.test], rules)
        for found, name in zip(evidence, names, strict=True)
    )


def _finding(
    evidence: ContaminationEvidence,
    adjusted: float | None,
    family: int,
    rules: ContaminationRules,
) -> ContaminationFinding:
    reading = _reading(evidence, adjusted, rules)
    return ContaminationFinding(
        evidence=evidence,
        adjusted_p=adjusted,
        family=family,
        reading=reading,
        follows=FOLLOWS[reading],
        method=f"holm/{evidence.test}/m={family}/alpha={rules.alpha:g}/"
        f"gap>={rules.gap_minimum:g}/rules={rules.version}",
    )


def _reading(
    evidence: ContaminationEvidence, adjusted: float | None, rules: ContaminationRules
) -> ContaminationReading:
    if adjusted is None or evidence.estimate is None:
        return ContaminationReading.UNTESTABLE
    if adjusted > rules.alpha:
        return ContaminationReading.NO_EVIDENCE
    if evidence.test is not ContaminationTest.TWIN:
        return ContaminationReading.SUPPORTING
    if evidence.estimate.value < rules.gap_minimum:
        return ContaminationReading.NO_EVIDENCE
    return ContaminationReading.REFER


def _why_no_p_value(gain: Gain) -> Text | None:
    if gain.p_value is not None:
        return None
    if gain.p_items is None:
        return NO_VARIATION
    if len(gain.reference_gaps) < FEWEST_REFERENCES:
        return FEW_REFERENCES
    return LIKE_REFERENCES
