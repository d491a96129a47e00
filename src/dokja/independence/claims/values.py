"""Public claims about a model, and how each stands beside the evidence."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from dokja.evidence.values import CheckResult, Text


class ClaimTopic(StrEnum):
    """What a public claim is about; each topic has its items of the dossier."""

    FROM_SCRATCH = "from_scratch"
    OWN_ARCHITECTURE = "own_architecture"
    OWN_DATA = "own_data"
    OWN_TOKENIZER = "own_tokenizer"
    OPEN_LICENCE = "open_licence"
    OTHER_TOPIC = "other_topic"


class ClaimStanding(StrEnum):
    """How a claim stands beside the evidence."""

    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"
    OPEN_QUESTION = "open_question"
    CONTRADICTED = "contradicted"


class PublicClaim(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What was said about a model, where and when, and what was disclosed with it."""

    said: Text
    """In the office's neutral words, not a quotation."""
    topic: ClaimTopic
    where: Annotated[str, Meta(max_length=500)]
    """Publication or address at which it was said."""
    on: Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d\Z")]
    disclosed: Text | None = None
    """What was laid open with it; None where nothing was."""


class ClaimItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item of the dossier that bears on a claim."""

    id: str
    result: CheckResult


class ClaimView(msgspec.Struct, frozen=True, kw_only=True):
    """A claim beside the evidence on its topic."""

    claim: PublicClaim
    tier: str
    """The lowest tier of the components' records; E0 where one has none."""
    standing: ClaimStanding
    items: tuple[ClaimItem, ...]
    contradicted_by: tuple[str, ...]
    """Items that show the contrary, once the team was heard."""
