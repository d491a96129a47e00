"""A record taken apart so that it can be told otherwise, and told again in one piece.

Told again, events are numbered, chained and signed anew; roots of states, sketches and
parents follow from what the entries hold. So a liar's record agrees with itself, and
what is found in it is found by what a check looks at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy.typing as npt

from dokja.adapters.records import MaterialsFolder, RecordFolder
from dokja.adapters.signing import Ed25519Signer
from dokja.training import values
from dokja.training.commitments import Excerpt
from dokja.training.tree_heads import read_head

Array = npt.NDArray[Any]
Tensors = Mapping[str, Array]
Event = TypeVar("Event", bound=values.RecordEvent)
STATES = (values.Init, values.RecordedCheckpoint)


class NoStateError(Exception):
    """The tensors of a state are not at hand."""


@dataclass(frozen=True)
class Entry:
    """An event, and what was done when it had been written."""

    event: values.AnyEvent
    is_headed: bool = False
    """Whether a tree head was signed right after it."""
    seen: int | None = None
    """Second at which the witness cosigned that head."""
    root: str = ""
    """Hex root of that head as it was signed last; sketches name it."""
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
    home: Path | None = None
    """Where `materials` and `release` lie as they were before anything was changed."""
    order: Mapping[int, tuple[Excerpt, ...]] | None = None
    """Where batches were read from, where that is told otherwise."""
    files: Mapping[str, bytes | None] = field(default_factory=dict)
    """Files of materials and release that are others, by path; None where gone."""

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

    def state(self, where: int) -> dict[str, Array]:
        """The tensors of the state recorded there.

        Raises: NoStateError where it was not kept.
        """
        entry = self.entries[where]
        if entry.tensors is not None:
            return dict(entry.tensors)
        assert isinstance(entry.event, STATES)
        if self.home is None:
            raise NoStateError
        kept = MaterialsFolder(self.home / "materials").state(entry.event.root)
        if kept is None:
            raise NoStateError
        return {name: kept.array(name) for name in kept.names()}

    def each(self, change: Callable[[Entry], Entry | None]) -> Story:
        """The story with every entry changed, or left out where None comes back."""
        told = (change(entry) for entry in self.entries)
        return replace(self, entries=tuple(e for e in told if e is not None))


def read_story(home: Path) -> Story:
    """The record in the folder, taken apart, with its materials where there are any."""
    source = RecordFolder(home / "record")
    decoder = msgspec.json.Decoder(values.AnyEvent)
    heads = [read_head(note).head for _, note in source.heads()]
    roots = {head.size: head.root.hex() for head in heads}
    events = [decoder.decode(line) for line in source.lines()]
    entries = (
        Entry(e, is_headed=n in roots, root=roots.get(n, ""))
        for n, e in enumerate(events, start=1)
    )
    names = {e.tensors for e in events if isinstance(e, STATES)}
    names |= {e.shards for e in events if isinstance(e, values.DataManifest)}
    return Story(
        entries=tuple(entries),
        lists={name: source.listed(name) or b"" for name in names},
        statements={n.removesuffix(".dsse.json"): d for n, d in source.statements()},
        notes={read_head(note).head: note for _, note in source.heads()},
        home=home if (home / "materials").is_dir() else None,
    )
