"""Files in a record's folder that are no part of the record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_bytes
from dokja.training.ports import NoteKey, RecordSource
from dokja.training.statements import read_statement
from dokja.training.values import (
    AnyEvent,
    Challenge,
    DataManifest,
    Init,
    Nonce,
    RecordedCheckpoint,
)


def strangers(
    source: RecordSource, events: Sequence[AnyEvent], witnesses: Sequence[NoteKey]
) -> Iterator[str]:
    """Path of every file that neither a head nor a witness stands for.

    A list under its own digest is none though no event names it: a recorder that
    was stopped between the two leaves one. Statements count where a witness's key
    is given.
    """
    named = {_name(digest) for digest in _digests(events)}
    for path in source.names():
        folder, _, name = path.rpartition("/")
        if path == "log.jsonl" or (folder, path[-5:]) == ("heads", ".note"):
            continue
        if folder == "lists" and (name in named or _is_itself(source, name)):
            continue
        if folder != "statements" or not path.endswith(".dsse.json"):
            yield path
    if witnesses:
        for name, data in source.statements():
            if not _is_said(data, witnesses):
                yield f"statements/{name}"


def _digests(events: Sequence[AnyEvent]) -> Iterator[str]:
    for event in events:
        if isinstance(event, Init | RecordedCheckpoint):
            yield event.tensors
        elif isinstance(event, DataManifest):
            yield event.shards


def _name(digest: str) -> str:
    return f"{digest.removeprefix('sha256:')}.json"


def _is_itself(source: RecordSource, name: str) -> bool:
    digest = f"sha256:{name.removesuffix('.json')}"
    data = source.listed(digest) if name == _name(digest) else None
    return data is not None and digest_bytes(data) == digest


def _is_said(data: bytes, witnesses: Sequence[NoteKey]) -> bool:
    try:
        return (
            read_statement(data, Nonce, witnesses) is not None
            or read_statement(data, Challenge, witnesses) is not None
        )
    except InvalidInput:
        return False
