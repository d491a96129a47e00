"""Whether an endpoint serves the sealed weights: what was asked, and what is found."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from dokja.evidence.values import CheckResult, Estimate, Growing, Text

Share = Annotated[float, Meta(ge=0, le=1)]


class ServedRules(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What decides the check; named by its digest in every result."""

    version: str = "2026-11"
    temperature: Annotated[float, Meta(gt=0, le=2)] = 0.5
    """Of the drawn answers; the others are asked for at 0."""
    most_tokens: Annotated[int, Meta(ge=8)] = 16
    letters: Annotated[int, Meta(ge=8, le=10_000)] = 64
    """Characters of an answer that are compared."""
    permutations: Annotated[int, Meta(ge=99, le=1_000_000)] = 9_999
    refer_p: Share = 0.001
    """p-value from which the answers are told apart."""
    same_p: Share = 0.01
    """p-value above which they are not: of a hundred honest servers one is below."""
    refer_distance: float = 0.5
    """Distance to the endpoint, in distances to the control model, that refers."""
    same_distance: float = 0.25
    same_agreement: Share = 0.9
    """Share of equal answers at temperature 0 that a pass needs."""
    refer_agreement: Share = 0.5
    """Share of equal answers at temperature 0 above which nothing is referred."""
    least_prompts: Annotated[int, Meta(ge=2)] = 8


class PromptAnswers(msgspec.Struct, frozen=True, kw_only=True):
    """What three models answered to one prompt, once at temperature 0 and drawn."""

    prompt: str
    sealed_greedy: str
    served_greedy: str
    control_greedy: str
    sealed: tuple[str, ...]
    served: tuple[str, ...]
    control: tuple[str, ...]
    """Of a model known to be another: what the test must be able to tell apart."""


class ServedReport(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the answers say of the endpoint; `fail` is a referral to people."""

    team: str
    control: str
    rules_digest: str
    result: CheckResult
    reason: Text
    limits: Text
    agreement: Estimate
    """Share of prompts answered alike at temperature 0, sealed and served."""
    control_agreement: Estimate
    distance: Estimate
    """Of drawn answers, in distances to the control model."""
    p_value: float
    control_p_value: float
    prompts: int
    draws: int
    """Answers drawn of each model for each prompt."""
    missing: int
    """Prompts left out because an answer could not be had."""
