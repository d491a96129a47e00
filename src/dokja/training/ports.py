"""What the training record needs from the outside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from dokja.training.values import Challenge, Nonce, WitnessedHead


class NoteKey(Protocol):
    """Holds a public Ed25519 key."""

    @property
    def key_id(self) -> str:
        """Digest of the public key."""

    @property
    def raw(self) -> bytes:
        """The 32-byte public key."""

    def is_valid(self, message: bytes, signature: bytes) -> bool:
        """Whether this key made the signature over the message."""


class NoteSigner(Protocol):
    """Holds a private Ed25519 key."""

    @property
    def key_id(self) -> str:
        """Digest of the public key."""

    @property
    def verifier(self) -> NoteKey:
        """The public half."""

    def sign(self, message: bytes) -> bytes:
        """Signature over the message."""


class RecordSource(Protocol):
    """A record that was handed in. Reads are bounded; what is too large is refused."""

    def lines(self) -> Iterator[bytes]:
        """Lines of the log without their newlines; an unfinished last one is not."""

    def unfinished(self) -> int:
        """Bytes after the last newline."""

    def heads(self) -> Iterator[tuple[str, bytes]]:
        """Name and bytes of each tree head, by name."""

    def listed(self, digest: str) -> bytes | None:
        """The list of that name, whatever its bytes are; None where it is missing."""

    def statements(self) -> Iterator[tuple[str, bytes]]:
        """Name and bytes of each signed statement, by name."""

    def names(self) -> Iterator[str]:
        """Path of every file in it, hidden ones left out, by name."""


class WitnessBook(Protocol):
    """What a witness must not forget."""

    def latest(self, origin: str) -> WitnessedHead | None:
        """The latest head of the log that was cosigned."""

    def advance(self, old: WitnessedHead | None, new: WitnessedHead) -> None:
        """Put the new head in the place of the old one, durably.

        Raises: Conflict where another head stands there by now.
        """

    def add_challenge(self, challenge: Challenge) -> None:
        """Keep a challenge that is handed out."""

    def challenges(self, origin: str) -> tuple[Challenge, ...]:
        """The challenges to a log, in the order in which they were drawn."""

    def add_nonce(self, nonce: Nonce) -> None:
        """Keep a nonce that is handed out."""

    def last_moment(self) -> int:
        """The latest time this witness has signed; 0 before the first."""
