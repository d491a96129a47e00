"""Suites, official runs and the per-sample results everything derives from."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from dokja.evidence.values import Estimate, Growing, Text


class Track(StrEnum):
    """The modality a suite measures."""

    TEXT = "text"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One multiple-choice question, scored by log-likelihood of the choices."""

    id: str
    question: str
    choices: tuple[str, ...]
    answer: int
    cluster: str
    """Items that share a source or a template stand or fall together."""


class SuiteHeader(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`suite.toml`: what a suite is and where its items come from."""

    id: str
    version: str
    title: Text
    description: Text
    track: Track
    language: str
    licence: str
    authors: tuple[str, ...]
    source: str
    chance: float
    items: int
    ceiling: float = 1.0
    """Best score that can be had: 1 less the known share of wrong answer keys."""
    canary: str = ""
    """Text that finds the suite in a training corpus; empty where there is none."""
    prompt_template: str = ""
    """Digest of the templates that questions are put in; empty where there are none."""


class Suite(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A suite with its items; frozen with the stage."""

    header: SuiteHeader
    items: tuple[Item, ...]


class ListedSuite(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A shipped suite as the list shows it."""

    id: str
    version: str
    title: Text
    track: Track
    language: str
    items: int
    licence: str
    authors: tuple[str, ...]
    competing_authors: tuple[str, ...]
    """Authors who are teams of the stage that the suite is shipped with."""
    chance: float
    ceiling: float
    canary: str
    prompt_template: str
    origin: str
    """`generated`, or the programme and the stage."""


class AnswerRuleKind(StrEnum):
    """What a program can check of a written answer."""

    WORDS_AT_LEAST = "words_at_least"
    WORDS_AT_MOST = "words_at_most"
    INCLUDES = "includes"
    JSON_ONLY = "json_only"
    NO_COMMAS = "no_commas"
    KOREAN_ONLY = "korean_only"
    SENTENCES = "sentences"
    ENDS_WITH = "ends_with"


class AnswerRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One demand on an answer, with the number or the text it is about."""

    kind: AnswerRuleKind
    number: int = 0
    text: str = ""


class Instruction(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A task in words, and the rules by which a program checks the answer."""

    id: str
    prompt: str
    rules: tuple[AnswerRule, ...]
    cluster: str


class SampleStatus(StrEnum):
    """Whether an item was answered; an error is never a silent 0."""

    SCORED = "scored"
    ERROR = "error"
    MISSING = "missing"


class SampleRecord(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """The result of one item: the only thing kept of a harness run."""

    suite: str
    suite_version: str
    item: str
    item_digest: str
    cluster: str
    status: SampleStatus
    chosen: int | None
    score: int | None
    error: str = ""


class OfficialRun(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One model over the frozen suites of a stage."""

    subject: str
    """Team id, or `reference:` and the model's id."""
    weights_root: str
    engine: str
    """Harness and versions, every parameter that changes a score."""
    suites_digest: str
    samples: tuple[SampleRecord, ...]


class SuiteResult(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A model's accuracy on a suite; estimate None while items are missing."""

    subject: str
    suite: str
    correct: int
    scored: int
    items: int
    estimate: Estimate | None


class Separation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which pairs of teams a suite tells apart at 95 %."""

    suite: str
    pairs: int
    separated: tuple[tuple[str, str], ...]
    method: str


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


class JudgedItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An answer that a judge model scored."""

    subject: str
    suite: str
    item: str
    score: float


class AuditStratum(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Answers of one suite with one score: how many there are and were drawn."""

    suite: str
    score: float
    judged: int
    drawn: int


class AuditSample(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Judged answers drawn for people, who must not see the judge's score."""

    items: tuple[JudgedItem, ...]
    strata: tuple[AuditStratum, ...]
    method: str


class AuditFollows(StrEnum):
    """What an audit of a judge leads to."""

    JUDGE_STANDS = "judge_stands"
    ENLARGE_SAMPLE = "enlarge_sample"
    PEOPLE_SCORE = "people_score"


class JudgeAudit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a judge model compares with people on a drawn sample."""

    agreement: Estimate
    """Share of all judged answers on which people give the same score."""
    bias: Estimate
    """Judge less people, in score; above 0 the judge is the milder."""
    bias_by_subject: tuple[tuple[str, Estimate], ...]
    required: float
    """Agreement that the rules ask for."""
    follows: AuditFollows
    detail: Text
