"""Turns of the writers of one process, in the order in which they came."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from dokja.errors import Unavailable


class Turns:
    """A lock that is handed to whoever has waited longest.

    SQLite lets writers nap and try again, up to 100 ms, and a plain lock goes to
    whoever asks at the right moment: of forty writers at once some would wait
    for seconds. Those who wait here hold no connection that readers need.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._is_taken = False

    @contextmanager
    def turn(self, *, patience: float) -> Iterator[None]:
        """One's turn. Raises: Unavailable where it does not come in time."""
        if not self._take(patience):
            raise Unavailable(
                "the record is busy: other writers of this process are not done",
                remedy="wait until the other writer is done, then run the command "
                "again",
            )
        try:
            yield
        finally:
            self._hand_on()

    def _take(self, patience: float) -> bool:
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=patience):
            return True
        with self._guard:
            if mine not in self._waiting:
                return True  # handed on at the last moment
            self._waiting.remove(mine)
            return False

    def _hand_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False
