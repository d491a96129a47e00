"""Carries new heads to the witness, in a thread of its own: it may be slow."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from dokja.evidence.hash_tree import HashTree
from dokja.training.cosign import request_body
from dokja.training.statements import said_unverified
from dokja.training.tree_heads import with_cosignatures
from dokja.training.values import Challenge

RETRY_SECONDS = 30.0


class WitnessLink(Protocol):
    """The way to a witness."""

    def cosign(self, body: bytes) -> str | int:
        """Signature lines, or the size at which the witness knows the log."""

    def challenge(self, origin: str) -> bytes | None:
        """A signed challenge, where one was drawn."""


class HeadFiles(Protocol):
    """Where heads and statements are kept."""

    def write_head(self, size: int, note: str) -> None:
        """Keep the head of that size."""

    def write_statement(self, name: str, data: bytes) -> None:
        """Keep what a witness signed."""


class WitnessRelay:
    """The newest head on its way to the witness; older ones it supersedes."""

    def __init__(
        self,
        link: WitnessLink,
        files: HeadFiles,
        *,
        origin: str,
        tree: Callable[[], HashTree],
        on_challenge: Callable[[Challenge], None],
    ) -> None:
        self._link, self._files, self._origin = link, files, origin
        self._tree, self._on_challenge = tree, on_challenge
        self._known = 0
        self.witnessed = ""
        """Hex root of the newest head that was cosigned."""
        self._waiting: tuple[int, str] | None = None
        self._wake = threading.Condition()
        self._is_closing = False
        self._asking = threading.Lock()
        self._may_ask = True
        self._thread = threading.Thread(
            target=self._run, name="dokja-witness", daemon=True
        )

    def start(self) -> None:
        """Begin to carry."""
        self._thread.start()

    def offer(self, size: int, note: str) -> None:
        """Take a newer head."""
        with self._wake:
            self._waiting = (size, note)
            self._wake.notify()

    def stop_asking(self) -> None:
        """Take no challenge from now on: the log is about to end unanswerable."""
        with self._asking:
            self._may_ask = False

    def close(self, *, seconds: float) -> None:
        """One last try with the newest head."""
        with self._wake:
            self._is_closing = True
            self._wake.notify()
        self._thread.join(seconds)

    def _run(self) -> None:
        while True:
            with self._wake:
                if self._waiting is None and not self._is_closing:
                    self._wake.wait(RETRY_SECONDS)
                head, last = self._waiting, self._is_closing
            if head is not None and self._carried(head):
                with self._wake:
                    if self._waiting == head:
                        self._waiting = None
                continue
            if last:
                return
            if head is not None:
                with self._wake:
                    self._wake.wait(RETRY_SECONDS)

    def _carried(self, head: tuple[int, str]) -> bool:
        try:
            self._carry(*head)
        except Exception:  # noqa: BLE001 - a witness out of reach stops no training
            return False
        return True

    def _carry(self, size: int, note: str) -> None:
        answer = self._ask(size, note)
        if isinstance(answer, int):
            # It knows the log from before this process, or from a lost answer.
            self._known = answer
            answer = self._ask(size, note)
        if isinstance(answer, int):
            return
        self._files.write_head(size, with_cosignatures(note, answer))
        self._known, self.witnessed = size, self._tree().root(size).hex()
        with self._asking:
            if self._may_ask:
                self._take_challenge()

    def _take_challenge(self) -> None:
        challenge = self._link.challenge(self._origin)
        if challenge is not None:
            said = said_unverified(challenge, Challenge)
            self._files.write_statement(f"challenge-{int(said.id, 16):032x}", challenge)
            self._on_challenge(said)

    def _ask(self, size: int, note: str) -> str | int:
        proof = self._tree().consistency_proof(min(self._known, size), size)
        return self._link.cosign(request_body(self._known, proof, note))
