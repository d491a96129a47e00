"""One claim: what the record says of a team, ready to be put on a card."""

from __future__ import annotations

import re

from markupsafe import Markup

from dokja.evidence.values import Text
from dokja.report.numerals import Shown
from dokja.report.pieces import Fact, View, Word
from dokja.report.site.values import ClaimKind

_PLAIN = re.compile(r"[A-Za-z0-9_-]")


class Place(View, frozen=True, kw_only=True):
    """Where the record holds the value, and the value as it stands there."""

    act: str
    """`kind/subject` of the act."""
    pointer: str
    """RFC 6901 pointer into the act."""
    value: str
    """JSON of what the pointer leads to."""
    scale: int | None = None
    """What the value is shown times, rounded; None where it is shown as it stands."""


class Measured(View, frozen=True, kw_only=True):
    """The figure of a claim with all that a figure needs."""

    value: Shown
    unit: Text
    interval: str | None
    n: int | None
    counted: Text
    """What n counts."""
    method: str
    source: Text
    meter: Markup | None


class Reply(View, frozen=True, kw_only=True):
    """The party's own words on a disputed fact."""

    at: Text
    text: Text
    about: Text


class Dispute(View, frozen=True, kw_only=True):
    """An adverse fact with what the party it speaks of has said to it."""

    fact: Text
    party: Text
    state: Word | None
    """Where the right to reply stands; None where no gate has asked yet."""
    until: Text | None
    replies: tuple[Reply, ...]
    synthetic: bool


class Claim(View, frozen=True, kw_only=True):
    """A published figure or verdict."""

    id: str
    kind: ClaimKind
    team: str
    """Empty where the claim is about the stage."""
    name: Text
    """Of the team, or of the stage."""
    title: Text
    said: Text
    place: Place
    measured: Measured | None = None
    verdict: Word | None = None
    rows: tuple[Fact, ...] = ()
    tests: tuple[Fact, ...] = ()
    """Figures for experts, folded away."""
    by: Text
    at: Text
    clauses: tuple[str, ...]
    shows: tuple[Text, ...]
    does_not_show: tuple[Text, ...]
    disputes: tuple[Dispute, ...] = ()
    acts: tuple[str, ...]
    """`kind/subject` of the acts it derives from."""


def claim_id(kind: ClaimKind, *parts: str) -> str:
    """The claim's id, which is a file's name on every system.

    Ids of the record are plain; another character is written as its number,
    so that no two claims share an id and none leaves the folder.
    """
    return ".".join((kind.value, *("".join(map(_letter, part)) for part in parts)))


def _letter(letter: str) -> str:
    return letter if _PLAIN.fullmatch(letter) else f"~{ord(letter):x}~"
