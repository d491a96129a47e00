"""Suites, official runs and the per-sample results everything derives from."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from dokja.evidence.values import Estimate, Growing, Text
from dokja.submission.values import SealedFile

ANSWER_LETTERS = 4000
"""Of a written answer that are kept: enough to judge it, little enough to publish."""


class Track(StrEnum):
    """The modality a suite measures."""

    TEXT = "text"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"


class Scoring(StrEnum):
    """How an answer becomes a score."""

    CHOICES = "choices"
    """Which choice the model finds likeliest; nothing is written."""
    LETTER = "letter"
    """Whether the written answer names the letter of the right choice."""
    EXACT = "exact"
    """Whether the written answer is the target."""
    NUMBER = "number"
    """Whether the last number written is the target."""
    RULES = "rules"
    """Whether the written answer keeps every rule of the item."""
    CODE = "code"
    """Whether the written program passes the item's tests."""
    JUDGE = "judge"
    """What a judge model gives the written answer, 0 to 1."""


class Tool(StrEnum):
    """What a model may use before it answers; nothing of it reaches the outside."""

    PYTHON = "python"
    """Runs a program of the model's in the sandbox and shows it what that printed."""


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


class Media(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A picture, a sound or a film that a question shows."""

    track: Track
    path: str
    """Within the suite's folder."""
    digest: str


class Item(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question with what its answer is held against.

    Which fields a question needs follows from the suite's scoring: choices and
    the place of the right one, a target, rules, or tests.
    """

    id: str
    question: str
    choices: tuple[str, ...] = ()
    answer: int | None = None
    cluster: str
    """Items that share a source or a template stand or fall together."""
    target: str = ""
    rules: tuple[AnswerRule, ...] = ()
    tests: str = ""
    """A program that defines `check`, which is called with the entry point."""
    entry_point: str = ""
    media: tuple[Media, ...] = ()


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
    scoring: Scoring = Scoring.CHOICES
    output_tokens: int = 0
    """Most tokens that an answer may have; 0 where nothing is written."""
    domain: str = ""
    """Field of work (law, finance, …); empty for general ability."""
    tools: tuple[Tool, ...] = ()
    """What the model may use before it answers; empty where it only answers."""
    turns: int = 0
    """Most times that the model is asked about one item, where it has tools."""


class Suite(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A suite with its items; frozen with the stage."""

    header: SuiteHeader
    items: tuple[Item, ...]


class SuiteManifest(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """`manifest.json`: what a suite's folder held when it was frozen."""

    id: str
    version: str
    suite: str
    """Digest of the suite as it is read from the files."""
    files: tuple[SealedFile, ...]
    """Every file of the folder but the manifest itself, by path."""
    root: str
    """Binds every file's path, size and digest."""


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
    """`generated`, the programme and the stage, or a package with its version."""
    scoring: Scoring
    domain: str
    notice: Text | None
    """What an office must know before it uses the suite."""


class UncoveredTrack(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A modality that a model has and no suite measures."""

    track: Track
    components: tuple[str, ...]
    reason: Text


class SampleStatus(StrEnum):
    """Whether an item was answered; an error is never a silent 0."""

    SCORED = "scored"
    ERROR = "error"
    MISSING = "missing"
    NOT_RUN = "not_run"
    """What the scoring needs cannot be had on this machine."""


class FaultCause(StrEnum):
    """Whose fault it is that something has no score."""

    MODEL = "model"
    """The model or what its team handed in."""
    INFRASTRUCTURE = "infrastructure"
    """A machine, a network, a time limit of the office's own."""
    SUITE = "suite"
    """The suite, which the office answers for."""


class Measured(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a clock and a bill said: never the same twice, so never compared."""

    seconds: float
    first_token_seconds: float | None = None
    cost: float | None = None
    """In the currency of the run's price list, where the engine names a price."""


class SampleRecord(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The result of one item: the only thing kept of a harness run.

    Weights, engine and suites are the run's, which holds its samples.
    """

    suite: str
    suite_version: str
    item: str
    item_digest: str
    cluster: str
    status: SampleStatus
    chosen: int | None
    score: int | float | None
    """From 0 to 1; None where there is no score, which is never a 0."""
    error: str = ""
    repeat: int = 0
    answer: str = ""
    """What the model wrote, cut where it is longer than `ANSWER_LETTERS`."""
    cause: FaultCause | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    measured: Measured | None = None
    turns: int | None = None
    """How often the model was asked before it answered; None without tools."""
    tool_calls: int | None = None
    """How often it used a tool; None without tools."""


class PriceList(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What tokens cost, as published or agreed; a cost is never guessed."""

    currency: str
    per_million_input: float
    per_million_output: float
    source: str
    as_of: str


class OfficialRun(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One model over frozen suites."""

    subject: str
    """Team id, or `reference:` and the model's id."""
    weights_root: str
    engine: str
    """Harness and versions, every parameter that changes a score."""
    suites_digest: str
    samples: tuple[SampleRecord, ...]
    """By suite, item and repeat."""
    repeats: int = 1
    prices: PriceList | None = None


class SuiteResult(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A model's accuracy on a suite; estimate None while items are missing."""

    subject: str
    suite: str
    correct: int | float
    """Sum of the scores, of each item its mean over the repeats."""
    scored: int
    items: int
    estimate: Estimate | None


class Separation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which pairs of teams a suite tells apart at 95 %."""

    suite: str
    pairs: int
    separated: tuple[tuple[str, str], ...]
    method: str
