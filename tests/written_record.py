"""A record written event by event: what a log may say, without a model behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dokja.adapters.records import RecordWriter
from dokja.adapters.signing import Ed25519Signer
from dokja.evidence.canonical import digest_bytes
from dokja.evidence.hash_tree import HashTree
from dokja.training.commitments import list_bytes, list_root
from dokja.training.lines import NOTHING_BEFORE, line_hash, line_of, moment_text
from dokja.training.statements import signed_statement
from dokja.training.tree_heads import cosignature, signed_head
from dokja.training.values import (
    FORMAT,
    AnyEvent,
    DataShard,
    Nonce,
    Start,
    TensorDigest,
    TreeHead,
)

BEGUN = datetime(2026, 11, 2, tzinfo=UTC)
WITNESS = "test-witness"


class WrittenRecord:
    """Writes events whose clock goes on by `pace` seconds each."""

    def __init__(
        self,
        folder: Path,
        key: Path,
        *,
        witness: Path | None = None,
        pace: float = 1.0,
        **start: Any,
    ) -> None:
        self.files = RecordWriter(folder)
        self._signer = Ed25519Signer.from_pem(key)
        self._witness = None if witness is None else Ed25519Signer.from_pem(witness)
        self._tree, self._before = HashTree(), NOTHING_BEFORE
        self._pace = pace
        self._pending: list[bytes] = []
        self.now = BEGUN
        self.origin = "alpha/run-1"
        nonce = "" if witness is None else self._nonce()
        self.add(Start, format=FORMAT, team="alpha", run="run-1", nonce=nonce, **start)

    def add(self, kind: Any, **fields: Any) -> AnyEvent:
        """The event that was written; the record's clock goes on."""
        event: AnyEvent = kind(
            seq=len(self._tree),
            prev=self._before,
            at=moment_text(self.now),
            mono_us=int((self.now - BEGUN).total_seconds() * 1e6),
            **fields,
        )
        line = line_of(event)
        self._pending.append(line)
        self._tree.append(line)
        self._before = line_hash(line)
        self.now += timedelta(seconds=self._pace)
        return event

    def listed(
        self, entries: Sequence[TensorDigest] | Sequence[DataShard]
    ) -> tuple[str, str]:
        """Root and name of a list, which is written."""
        data = list_bytes(entries)
        name = digest_bytes(data)
        self.files.write_list(name, data)
        return list_root(entries), name

    def head(self) -> str:
        """Hex root of the log so far, signed, and cosigned where a witness watches."""
        self.files.append(self._pending)
        self._pending = []
        root = self._tree.root()
        head = TreeHead(origin=self.origin, size=len(self._tree), root=root)
        note = signed_head(head, self._signer)
        if self._witness is not None:
            at = int(self.now.timestamp())
            note += cosignature(head, self._witness, name=WITNESS, at=at)
        self.files.write_head(len(self._tree), note)
        return root.hex()

    def close(self) -> None:
        """Sign what is left and let others read."""
        self.head()
        self.files.close()

    def _nonce(self) -> str:
        assert self._witness is not None
        nonce = Nonce(origin=self.origin, value="n0", at=int(BEGUN.timestamp()))
        self.files.write_statement("nonce", signed_statement(nonce, self._witness))
        return nonce.value
