"""A record taken apart so that it can be told otherwise, and told again in one piece.

Told again, events are numbered, chained and signed anew; roots of states, sketches and
parents follow from what the entries hold. So a liar's record agrees with itself, and
what is found in it is found by what a check looks at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

from dokja.adapters.records import RecordFolder, RecordWriter
from dokja.adapters.signing import Ed25519Signer
from dokja.evidence.canonical import digest_bytes
from dokja.evidence.hash_tree import HashTree
from dokja.training import values
from dokja.training.commitments import list_bytes, list_root
from dokja.training.lines import NOTHING_BEFORE, line_hash, line_of
from dokja.training.sketch import coordinates
from dokja.training.tree_heads import cosignature, read_head, signed_head

Array = npt.NDArray[Any]
Tensors = Mapping[str, Array]
Event = TypeVar("Event", bound=values.RecordEvent)
WITNESS = "office"
STATES = (values.Init, values.RecordedCheckpoint)


@dataclass(frozen=True)
class Entry:
    """An event, and what was done when it had been written."""

    event: values.AnyEvent
    is_headed: bool = False
    """Whether a tree head was signed right after it."""
    seen: int | None = None
    """Second at which the witness cosigned that head."""
    tensors: Tensors | None = None
    """What a state or a sketch is made of; None leaves its digests as they stand."""


@dataclass(frozen=True, kw_only=True)
class Pens:
    """Whose keys sign: a forger has the team's, and the witness's in no case.

    A witness cosigns what grows before its eyes, true or not; so a lie told while
    training ran is cosigned, and one told afterwards is not.
    """

    team: Ed25519Signer
    witness: Ed25519Signer | None = None


@dataclass(frozen=True, kw_only=True)
class Story:
    """A whole record, by its entries."""

    entries: tuple[Entry, ...]
    lists: Mapping[str, bytes] = field(default_factory=dict)
    """Lists by their digest, for states whose tensors are not at hand."""
    statements: Mapping[str, bytes] = field(default_factory=dict)
    notes: Mapping[values.TreeHead, bytes] = field(default_factory=dict)
    """Heads as they were signed and cosigned."""

    @property
    def origin(self) -> str:
        """`team/run`."""
        start = self.first(values.Start)
        return f"{start.team}/{start.run}"

    def first(self, kind: type[Event]) -> Event:
        """The first event of that kind.

        Raises: StopIteration where there is none.
        """
        return next(e.event for e in self.entries if isinstance(e.event, kind))

    def index(self, kind: type[Any], **fields: object) -> int:
        """Where the first event of that kind with those fields stands.

        Raises: StopIteration where there is none: a mutation that finds nothing to
        change must not pass for one that was caught.
        """
        return next(
            n
            for n, entry in enumerate(self.entries)
            if isinstance(entry.event, kind)
            and all(getattr(entry.event, k) == v for k, v in fields.items())
        )

    def changed(self, where: int, **fields: object) -> Story:
        """The story with fields of one event set otherwise."""
        entry = self.entries[where]
        event = msgspec.structs.replace(entry.event, **fields)
        return self.with_entry(where, replace(entry, event=event))

    def with_entry(self, where: int, *entries: Entry) -> Story:
        """The story with other entries in the place of one."""
        told = (*self.entries[:where], *entries, *self.entries[where + 1 :])
        return replace(self, entries=told)

    def each(self, change: Callable[[Entry], Entry | None]) -> Story:
        """The story with every entry changed, or left out where None comes back."""
        told = (change(entry) for entry in self.entries)
        return replace(self, entries=tuple(e for e in told if e is not None))


def read_story(record: Path) -> Story:
    """The record in a folder, taken apart; states without their tensors."""
    source = RecordFolder(record)
    decoder = msgspec.json.Decoder(values.AnyEvent)
    heads = {read_head(note).head.size for _, note in source.heads()}
    events = [decoder.decode(line) for line in source.lines()]
    entries = (Entry(e, is_headed=n + 1 in heads) for n, e in enumerate(events))
    names = {e.tensors for e in events if isinstance(e, STATES)}
    names |= {e.shards for e in events if isinstance(e, values.DataManifest)}
    return Story(
        entries=tuple(entries),
        lists={name: source.listed(name) or b"" for name in names},
        statements={n.removesuffix(".dsse.json"): d for n, d in source.statements()},
        notes={read_head(note).head: note for _, note in source.heads()},
    )


def tell(story: Story, folder: Path, pens: Pens) -> Story:
    """The story as it was told, with its numbers and roots; written into the folder."""
    teller = _Teller(story, folder, pens)
    try:
        told = tuple(teller.tell(entry) for entry in story.entries)
    finally:
        teller.writer.close()
    return replace(story, entries=told, notes=teller.notes)


def tensor_digests(tensors: Tensors) -> tuple[values.TensorDigest, ...]:
    """Digest of each array as a recorder takes it of the tensor, in their order."""
    return tuple(
        values.TensorDigest(
            name=name,
            dtype=array.dtype.name,
            shape=array.shape,
            digest=digest_bytes(np.ascontiguousarray(array).tobytes()),
        )
        for name, array in tensors.items()
    )


class _Teller:
    """Where somebody stands who writes a record event by event."""

    def __init__(self, story: Story, folder: Path, pens: Pens) -> None:
        self._story, self._pens = story, pens
        self.writer = RecordWriter(folder)
        self._tree, self._before = HashTree(), NOTHING_BEFORE
        self._roots: dict[str, str] = {}
        """Root of a state as it was, to what it is now."""
        self._heads: dict[str, str] = {}
        self._init: tuple[values.TensorDigest, ...] = ()
        self.notes: dict[values.TreeHead, bytes] = {}
        for name, data in story.statements.items():
            self.writer.write_statement(name, data)

    def tell(self, entry: Entry) -> Entry:
        """The entry as it stands in the record."""
        event = msgspec.structs.replace(
            entry.event, seq=len(self._tree), prev=self._before
        )
        event = self._followed(event, entry.tensors)
        line = line_of(event)
        self.writer.append([line])
        self._tree.append(line)
        self._before = line_hash(line)
        if entry.is_headed:
            self._sign(entry)
        return replace(entry, event=event)

    def _followed(self, event: Any, tensors: Tensors | None) -> Any:
        """The event with what follows from states and heads before it."""
        if isinstance(event, values.Sketch):
            return self._sketched(event, tensors)
        if isinstance(event, STATES):
            return self._state(event, tensors)
        if isinstance(event, values.DataManifest):
            self.writer.write_list(event.shards, self._story.lists[event.shards])
        if getattr(event, "checkpoint", None) is not None:
            known = self._roots.get(event.checkpoint, event.checkpoint)
            return msgspec.structs.replace(event, checkpoint=known)
        return event

    def _state(self, event: Any, tensors: Tensors | None) -> Any:
        was = event.root
        fields: dict[str, Any] = {}
        if tensors is not None:
            digests = tensor_digests(tensors)
            data = list_bytes(digests)
            fields = {"root": list_root(digests), "tensors": digest_bytes(data)}
            fields |= {"count": len(digests)}
        else:
            data = self._story.lists[event.tensors]
        if isinstance(event, values.RecordedCheckpoint):
            fields |= {"parent": self._roots.get(event.parent, event.parent)}
        event = msgspec.structs.replace(event, **fields)
        self.writer.write_list(event.tensors, data)
        self._roots[was] = event.root
        return event

    def _sketched(self, event: values.Sketch, tensors: Tensors | None) -> values.Sketch:
        return msgspec.structs.replace(
            event, sets=tuple(self._set(each, tensors) for each in event.sets)
        )

    def _set(self, each: values.SketchSet, tensors: Tensors | None) -> values.SketchSet:
        root = self._heads.get(each.root, each.root)
        weights = each.weights if tensors is None else weights_at(root, tensors)
        return msgspec.structs.replace(each, root=root, weights=weights)

    def _sign(self, entry: Entry) -> None:
        size, root = len(self._tree), self._tree.root()
        head = values.TreeHead(origin=self._story.origin, size=size, root=root)
        note = signed_head(head, self._pens.team)
        pen = self._pens.witness
        if head in self._story.notes:
            # What the witness had cosigned before anything was changed stays so.
            note = self._story.notes[head].decode()
        elif pen is not None and entry.seen is not None:
            note += cosignature(head, pen, name=WITNESS, at=entry.seen)
        self.notes[head] = note.encode()
        before = entry.event.seq + 1
        was = [h for h in self._story.notes if h.size == before]
        self._heads |= {h.root.hex(): root.hex() for h in was}
        self.writer.write_head(size, note)


def weights_at(root: str, tensors: Tensors) -> tuple[str, ...]:
    """Weights at the coordinates that a head's root draws, as a sketch writes them."""
    where, offsets = coordinates(root, [int(a.size) for a in tensors.values()])
    flat = [array.reshape(-1) for array in tensors.values()]
    pairs: Iterable[tuple[int, int]] = zip(where, offsets, strict=True)
    return tuple(float(flat[n][offset]).hex() for n, offset in pairs)
