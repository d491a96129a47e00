"""Where a declared training record stood when a submission was sealed."""

from __future__ import annotations

import base64
from collections.abc import Iterable

from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_bytes
from dokja.submission.ports import ModelFolder
from dokja.submission.team_seal.values import RecordReference
from dokja.submission.values import DeclaredRecord
from dokja.training.tree_heads import NOTE_BYTES, read_head

HEADS = "heads"


def last_head(
    record: DeclaredRecord, paths: Iterable[str], folder: ModelFolder
) -> RecordReference:
    """The last tree head of the record, none of its signatures checked.

    Raises: InvalidInput where the record has no head, or one that cannot be read.
    """
    place = f"{record.path}/{HEADS}/"
    heads = sorted(path for path in paths if path.startswith(place))
    if not heads:
        raise InvalidInput(
            f"the training record {record.path} of {record.component} has no tree head",
            remedy="hand in the folder as the recorder wrote it, or declare none",
        )
    note = folder.read_bytes(heads[-1], limit=NOTE_BYTES)
    head = read_head(note).head
    return RecordReference(
        component=record.component,
        path=record.path,
        origin=head.origin,
        size=head.size,
        root=base64.b64encode(head.root).decode(),
        head=digest_bytes(note),
    )
