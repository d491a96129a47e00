"""The correction log: appended, chained by digest, never edited."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import msgspec

from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_of, read_as
from dokja.evidence.values import Text
from dokja.report.site.values import (
    CORRECTIONS_SCHEMA,
    Correction,
    CorrectionLog,
)

FILE = "corrections.toml"
TEXTS = ("wrong", "right", "why", "found_by")
WRITTEN = ("date", "claim", *TEXTS)
"""What a person writes of a correction; number and chain are computed."""


def read_log(text: str, *, first: str, claims: Collection[str]) -> CorrectionLog:
    """The log in a TOML text. `first` is the digest the chain begins with.

    Raises: InvalidInput where it is no such log, where an entry does not
    follow from the one before it, or speaks of a claim that is not published.
    """
    log = read_as(_tables(text), CorrectionLog, where=FILE)
    if log.schema != CORRECTIONS_SCHEMA:
        raise InvalidInput(
            f"{FILE}: schema is {log.schema!r}",
            remedy=f"this program reads {CORRECTIONS_SCHEMA!r}",
        )
    before = CorrectionLog()
    for entry in log.corrections:
        _require_next(before, entry, first=first)
        _require_entry(entry, claims=claims)
        before = msgspec.structs.replace(
            before, corrections=(*before.corrections, entry)
        )
    return log


def append_correction(
    log: CorrectionLog, text: str, *, first: str, claims: Collection[str]
) -> CorrectionLog:
    """The log with the correction of a TOML text at its end.

    Raises: InvalidInput where the text is no correction, is older than the
    last one, or speaks of a claim that is not published.
    """
    written = _tables(text)
    if set(written) != set(WRITTEN):
        raise InvalidInput(
            f"a correction has the entries {', '.join(WRITTEN)} and no other",
            remedy="number and chain are computed; do not write them",
        )
    entry = read_as(
        {**written, "number": len(log.corrections) + 1, "previous": head(log, first)},
        Correction,
        where="correction",
    )
    _require_entry(entry, claims=claims)
    if log.corrections and entry.date < log.corrections[-1].date:
        raise InvalidInput(
            f"the correction of {entry.date} is older than the last entry",
            remedy="an entry bears the day on which it is appended",
        )
    return msgspec.structs.replace(log, corrections=(*log.corrections, entry))


def head(log: CorrectionLog, first: str) -> str:
    """Digest of the last entry, or `first` of an empty log."""
    return digest_of(log.corrections[-1]) if log.corrections else first


def log_text(log: CorrectionLog) -> str:
    """The log as TOML; appending an entry leaves the bytes before it."""
    return "\n".join(
        (f"schema = {_quoted(log.schema)}\n", *map(_entry, log.corrections))
    )


def _entry(entry: Correction) -> str:
    texts: Mapping[str, Text] = {name: getattr(entry, name) for name in TEXTS}
    lines = [
        "[[corrections]]",
        f"number = {entry.number}",
        f"date = {_quoted(entry.date)}",
        f"claim = {_quoted(entry.claim)}",
        *(
            f"{name} = {{ ko = {_quoted(text.ko)}, en = {_quoted(text.en)} }}"
            for name, text in texts.items()
        ),
        f"previous = {_quoted(entry.previous)}",
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A basic string: JSON escapes all that TOML does, except DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _tables(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(
            f"{FILE} is not TOML: {error}", remedy="correct the named line"
        ) from error


def _require_next(log: CorrectionLog, entry: Correction, *, first: str) -> None:
    number = len(log.corrections) + 1
    if entry.number != number or entry.previous != head(log, first):
        raise InvalidInput(
            f"{FILE}: entry {entry.number} does not follow from the one before it",
            remedy="an entry is never edited, moved or removed; take the log as it "
            "was last published and append",
        )


def _require_entry(entry: Correction, *, claims: Collection[str]) -> None:
    if entry.claim not in claims:
        raise InvalidInput(
            f"no claim {entry.claim!r} is published",
            remedy="copy the claim's id from its page",
        )
    try:
        date.fromisoformat(entry.date)
    except ValueError as error:
        raise InvalidInput(
            f"{entry.date!r} is not a date", remedy="write it as 2026-01-31"
        ) from error
    if not all(
        text.strip()
        for name in TEXTS
        for text in msgspec.structs.astuple(getattr(entry, name))
    ):
        raise InvalidInput(
            f"entry {entry.number} of {FILE} leaves a sentence empty",
            remedy="say in both languages what was wrong, what is right, why, and "
            "who found it",
        )
