"""Answers that a judge model scored, and how people scored a sample of them."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from dokja.evidence.values import Estimate, Text


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
