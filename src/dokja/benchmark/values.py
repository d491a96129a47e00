"""Suites, official runs and the per-sample results everything derives from."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from dokja.evidence.values import Estimate, Text


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


class SuiteHeader(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
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


class Suite(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A suite with its items; frozen with the stage."""

    header: SuiteHeader
    items: tuple[Item, ...]


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
