"""argon2id (RFC 9106) by the package argon2-cffi."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from dokja.errors import Unavailable

_AT_ONCE = 4
_PATIENCE_SECONDS = 10
_DECOY = "no account has this password"


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """How much one guess costs.

    The defaults are those of the OWASP Password Storage Cheat Sheet that take the
    least memory but for one, which fits a machine that serves many.
    """

    passes: int = 2
    memory_kib: int = 19456
    lanes: int = 1


class Argon2Hasher:
    """Implements `PasswordHasher`.

    Only a few hashes are worked on at once: each takes megabytes, and a crowd
    of wrong passwords must not take all of the memory.
    """

    def __init__(self, work: Work | None = None) -> None:
        work = work or Work()
        self._hasher = PasswordHasher(
            time_cost=work.passes,
            memory_cost=work.memory_kib,
            parallelism=work.lanes,
            type=Type.ID,
        )
        self._places = threading.BoundedSemaphore(_AT_ONCE)
        self._decoy = self._hasher.hash(_DECOY)

    def hash(self, password: str) -> str:
        """What is kept in place of the password, with salt and parameters.

        Raises: Unavailable where too many wait for the same.
        """
        with self._place():
            return self._hasher.hash(password)

    def matches(self, password: str, kept: str | None) -> bool:
        """Whether `kept` is of this password; for None never, after equal work.

        Raises: Unavailable where too many wait for the same.
        """
        with self._place():
            try:
                self._hasher.verify(self._decoy if kept is None else kept, password)
            except (VerificationError, InvalidHashError):
                return False
        return kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Whether it was made with other parameters than are asked for today."""
        return self._hasher.check_needs_rehash(kept)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(timeout=_PATIENCE_SECONDS):
            raise Unavailable(
                "too many people are signing in at this moment",
                remedy="try again in a minute",
            )
        try:
            yield
        finally:
            self._places.release()
