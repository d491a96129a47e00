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
