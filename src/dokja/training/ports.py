"""What the training record needs from the outside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from dokja.training.commitments import Excerpt
from dokja.training.jobs import Configuration, LossJob, TrainJob, TrainResult
from dokja.training.kept_state import KeptState
from dokja.training.materials import MaterialsPlan
from dokja.training.values import Challenge, Init, Nonce, WitnessedHead


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


class ShardTokens(Protocol):
    """A shard of training data as numbers of tokens."""

    @property
    def digest(self) -> str:
        """Digest of the whole file, as the list of shards holds it."""

    @property
    def length(self) -> int:
        """How many tokens it has."""

    def documents(self) -> npt.NDArray[np.int64]:
        """(n,) where each document starts, ascending, the first at 0."""

    def tokens(self, start: int, stop: int) -> npt.NDArray[np.int64]:
        """(stop - start,) the tokens there.

        Raises: InvalidInput outside the shard.
        """


class Materials(Protocol):
    """What a team opens to the auditor. Hostile: nothing of it is proven yet.

    Every read is bounded. Raises: InvalidInput where something is there and is not
    what its name says.
    """

    def plan(self) -> MaterialsPlan:
        """What the team says of it."""

    def state(self, root: str) -> KeptState | None:
        """The state that lies under a recorded root; None where it was not kept.

        Whether its tensors are the recorded ones is for the caller to prove.
        """

    def shard(self, name: str) -> ShardTokens | None:
        """The shard of that name; None where it is missing."""

    def order(self, steps: Sequence[int]) -> Mapping[int, tuple[Excerpt, ...]]:
        """Where the batch of each step was read from, as far as it is there.

        The last line of a step counts: where steps were given up, theirs came
        before.
        """

    def program_digest(self) -> str | None:
        """Digest of the code tree; None where it is missing."""

    def program_texts(self) -> Mapping[str, str]:
        """Texts of the code tree by their paths; what is no text is left out."""

    def program_size(self) -> int:
        """Bytes of the code tree when packed: more than that it cannot hide."""


class ReplayMachine(Protocol):
    """Runs the team's program in a process of its own, which learns no more than told.

    Raises: Unavailable where the program does not do what it is asked.
    """

    @property
    def open_to(self) -> str:
        """What the program could reach beyond its orders, in words; empty where none.

        A program that can read the claimed end state need not train.
        """

    @property
    def configurations(self) -> tuple[Configuration, ...]:
        """Kinds of arithmetic to be had, the machine's own first."""

    def initial(self, init: Init, *, seed: str) -> KeptState:
        """First weights by the recipe, under the names that `begin` records.

        The seed need not be the recorded one.
        """

    def train(
        self, jobs: Sequence[TrainJob], on: Configuration
    ) -> tuple[TrainResult, ...]:
        """Where each job leads.

        All of them share a process: the caller sees to it that none begins where
        another is to end.
        """

    def losses(self, jobs: Sequence[LossJob]) -> tuple[tuple[float, ...], ...]:
        """Mean loss of each sequence of each job, in nats a token."""


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
