"""A story written down: numbered, chained and signed anew, with its materials."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from dokja.adapters.records import RecordWriter
from dokja.adapters.records.materials_writer import write_tensors
from dokja.evidence.canonical import digest_bytes
from dokja.evidence.hash_tree import HashTree
from dokja.training import values
from dokja.training.commitments import list_bytes, list_root
from dokja.training.kept_state import digest_of_array
from dokja.training.lines import NOTHING_BEFORE, line_hash, line_of
from dokja.training.sketch import coordinates
from dokja.training.tree_heads import cosignature, signed_head
from tests.twins.story import STATES, Entry, NoStateError, Pens, Story, Tensors

WITNESS = "office"


def tell(story: Story, folder: Path, pens: Pens) -> Story:
    """The story as it was told, with its numbers and roots; in the folder `record`."""
    teller = _Teller(story, folder / "record", pens)
    try:
        told = tuple(teller.tell(entry) for entry in story.entries)
    finally:
        teller.writer.close()
    if story.home is not None:
        lay_out(story, told, folder)
    return replace(
        story,
        entries=tuple(replace(entry, tensors=None) for entry in told),
        notes=teller.notes,
        home=None if story.home is None else folder,
        order=None,
        files={},
    )


def lay_out(story: Story, told: Iterable[Entry], folder: Path) -> None:
    """Materials and release beside the record: what is unchanged is linked."""
    assert story.home is not None
    for path in _unchanged(story, story.home):
        link(story.home / path, folder / path)
    for path, data in story.files.items():
        if data is not None:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
    if story.order is not None:
        lines = (
            msgspec.json.encode({"step": step, "excerpts": rows}) + b"\n"
            for step, rows in story.order.items()
        )
        (folder / "materials" / "order.jsonl").write_bytes(b"".join(lines))
    states = folder / "materials" / "states"
    states.mkdir(exist_ok=True)
    for was, entry in zip(story.entries, told, strict=True):
        if not isinstance(entry.event, STATES):
            continue
        if f"materials/states/{entry.event.root[7:]}.safetensors" not in story.files:
            _keep_state(story.home / "materials" / "states", states, was, entry)


def _unchanged(story: Story, home: Path) -> Iterable[str]:
    for file in sorted((*home.glob("materials/**/*"), *home.glob("release/**/*"))):
        path = file.relative_to(home).as_posix()
        if not file.is_file() or path in story.files or "/states/" in path:
            continue
        if path.endswith("order.jsonl") and story.order is not None:
            continue
        yield path


def _keep_state(before: Path, states: Path, was: Entry, entry: Entry) -> None:
    assert isinstance(was.event, STATES)
    assert isinstance(entry.event, STATES)
    path = states / f"{entry.event.root[7:]}.safetensors"
    old = before / f"{was.event.root[7:]}.safetensors"
    if path.exists():
        return
    if entry.tensors is None and old.exists():
        link(old, path)
    elif entry.tensors is not None:
        digests = tensor_digests(entry.tensors)
        raw = (np.ascontiguousarray(a).tobytes() for a in entry.tensors.values())
        write_tensors(path, digests, raw)


def link(source: Path, target: Path) -> None:
    """Nothing; the target is the same file, which nobody writes into from now on."""
    target.parent.mkdir(parents=True, exist_ok=True)
    os.link(source, target)


def tensor_digests(tensors: Tensors) -> tuple[values.TensorDigest, ...]:
    """Digest of each array as a recorder takes it of the tensor, in their order."""
    return tuple(digest_of_array(name, array) for name, array in tensors.items())


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
        root = self._sign(entry) if entry.is_headed else ""
        return replace(entry, event=event, root=root)

    def _followed(self, event: Any, tensors: Tensors | None) -> Any:
        """The event with what follows from states and heads before it."""
        if isinstance(event, values.Sketch):
            return self._sketched(event, tensors or self._weights(event.step))
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

    def _weights(self, step: int) -> Tensors | None:
        """Weights after the step under the names of the first, where they were kept."""
        try:
            where = self._story.index(values.RecordedCheckpoint, step=step)
            init = self._story.state(self._story.index(values.Init))
            state = self._story.state(where)
        except (StopIteration, NoStateError):
            return None
        return {name: state[f"model.{name}"] for name in init}

    def _sketched(self, event: values.Sketch, tensors: Tensors | None) -> values.Sketch:
        return msgspec.structs.replace(
            event, sets=tuple(self._set(each, tensors) for each in event.sets)
        )

    def _set(self, each: values.SketchSet, tensors: Tensors | None) -> values.SketchSet:
        root = self._heads.get(each.root, each.root)
        weights = each.weights if tensors is None else weights_at(root, tensors)
        return msgspec.structs.replace(each, root=root, weights=weights)

    def _sign(self, entry: Entry) -> str:
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
        self._heads[entry.root] = root.hex()
        self.writer.write_head(size, note)
        return root.hex()


def weights_at(root: str, tensors: Tensors) -> tuple[str, ...]:
    """Weights at the coordinates that a head's root draws, as a sketch writes them."""
    where, offsets = coordinates(root, [int(a.size) for a in tensors.values()])
    flat = [array.reshape(-1) for array in tensors.values()]
    pairs: Iterable[tuple[int, int]] = zip(where, offsets, strict=True)
    return tuple(float(flat[n][offset]).hex() for n, offset in pairs)
