"""What a comparison needs from the outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dokja.submission.ports import Checkpoint
from dokja.submission.values import ComponentKind


@dataclass(frozen=True, kw_only=True)
class LineageSubject:
    """A model as lineage sees it: a name and opened weights by component.

    `text_decoder` and `embeddings` may be the same checkpoint; each
    component takes the tensors whose roles are its own.
    """

    name: str
    components: Mapping[ComponentKind, Checkpoint]
