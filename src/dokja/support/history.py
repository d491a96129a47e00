"""What happened to a matter, without who did it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dokja.evidence.values import Act
from dokja.programme.matters import read_history


def events_of(history: Sequence[Act], kinds: Any) -> tuple[Any, ...]:
    """The events of the history, each one of the union `kinds`.

    Raises: what `read_history` raises.
    """
    return tuple(recorded.event for recorded in read_history(history, kinds))
