"""Lines of the log: an event as its one canonical line, and back."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import msgspec

from dokja.errors import InvalidInput
from dokja.training.values import AnyEvent, Moment

LINE_BYTES = 1 << 16
NOTHING_BEFORE = "0" * 64

_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)


def line_of(event: AnyEvent) -> bytes:
    """The canonical bytes (RFC 8785) of an event, without a newline.

    No field is a float and every key is ASCII, so sorting is all there is to
    canonical form; a test holds it against `canonical_bytes`.
    """
    return _ENCODER.encode(event)


def read_line(line: bytes) -> AnyEvent:
    """The event of a line.

    Raises: InvalidInput where the line is none, passes a bound, or is not in
    the one form its event has.
    """
    if len(line) > LINE_BYTES:
        raise _refused(f"it has {len(line)} bytes, more than {LINE_BYTES}")
    try:
        event = _DECODER.decode(line)
        datetime.fromisoformat(event.at)  # A day that does not exist is none.
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise _refused(str(error)) from error
    if line_of(event) != line:
        raise _refused("it is not in canonical form")
    return event


def line_hash(line: bytes) -> str:
    """What the next line carries as `prev`: the hex SHA-256 of this one."""
    return hashlib.sha256(line).hexdigest()


def moment_text(moment: datetime) -> Moment:
    """The moment in UTC to the millisecond, as events carry it."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def moment_of(text: Moment) -> datetime:
    """The moment of an event's text.

    Raises: ValueError for a day or hour that does not exist.
    """
    return datetime.fromisoformat(text)


def _refused(fact: str) -> InvalidInput:
    return InvalidInput(
        f"the line is no event: {fact}", remedy="hand in the record as it was written"
    )
