"""A ticket a form carries: since when a voter looks at which battle.

Without it the server would have to remember what it showed to whom; with it
nobody can pretend to have read for longer, nor vote from another's form.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime

from dokja.errors import NotAllowed

_TICKET = re.compile(r"([0-9]{1,12})\.([0-9a-f]{64})")


def ticket_for(key: bytes, battle: tuple[int, int], *, now: datetime) -> str:
    """The ticket of a battle shown now; `battle` is the voter's number and its own."""
    since = int(now.timestamp())
    return f"{since}.{_seal(key, battle, since)}"


def seconds_since(
    key: bytes, battle: tuple[int, int], ticket: str, *, now: datetime
) -> int:
    """Seconds since the battle was shown. Raises: NotAllowed for a forged ticket."""
    found = _TICKET.fullmatch(ticket)
    if found:
        since = int(found[1])
        if hmac.compare_digest(found[2], _seal(key, battle, since)):
            return max(0, int(now.timestamp()) - since)
    raise NotAllowed(
        "this form was not made for this battle",
        remedy="open the battle again",
        korean="이 대결의 양식이 아닙니다. 대결을 다시 열어 주십시오.",
    )


def _seal(key: bytes, battle: tuple[int, int], since: int) -> str:
    message = "\x1f".join(map(str, (*battle, since))).encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()
