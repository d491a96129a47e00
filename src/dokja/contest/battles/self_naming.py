"""Does an answer say whose it is? Found before it is shown, and hidden where asked.

Compared after NFKC, without case, with letters of other scripts that look like
Latin ones read as those, and with spaces or marks between the letters of a
longer name. Named openly only: a model that hints at its maker is not caught.

Source: Unicode Standard Annex 15 (NFKC) and Technical Standard 39, section 4,
the idea of confusable skeletons, of which the few letters below are a part.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from dokja.contest.values import TeamNames

HIDDEN = "○○○"
SHORT = 4
"""Letters below which a name is looked for as it is written: `l g` is no name."""

_BETWEEN = r"[\s\-_.·•*~`'\"‐-―]{0,3}"
_LATIN = re.compile(r"[a-z0-9]")
_CAPITALS = str.maketrans(
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕЅІЈКМНОРСТУХ", "ABEZHIKMNOPTYXABESIJKMHOPCTYX"
)
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕһԁԛԝвкмнтοαενικρτυχ", "aeopcyxijshdqwbkmhtoaevikptux"
)


@dataclass(frozen=True, kw_only=True)
class SelfNaming:
    """A name found in a text."""

    team: str
    name: str
    """As the rules have it."""
    start: int
    """Place in the text that was given."""
    stop: int


@dataclass(frozen=True)
class _Folded:
    text: str
    places: tuple[tuple[int, int], ...]
    """By letter of the folded text: where it comes from in the given one."""


def self_namings(text: str, names: Sequence[TeamNames]) -> tuple[SelfNaming, ...]:
    """Every place where the text names a team, in the order of the text."""
    folded = _folded(text)
    found = [
        SelfNaming(
            team=team.team,
            name=name,
            start=folded.places[match.start()][0],
            stop=folded.places[match.end() - 1][1],
        )
        for team in names
        for name in team.names
        for match in _pattern(name).finditer(folded.text)
    ]
    return tuple(sorted(found, key=lambda one: (one.start, one.stop, one.team)))


def names_a_team(text: str, names: Sequence[TeamNames]) -> bool:
    """Whether the text names any of the teams.

    Many voters are shown the same answers, so what was found of one is kept.
    """
    return _names_one(text, tuple(names))


@lru_cache(maxsize=2048)
def _names_one(text: str, names: tuple[TeamNames, ...]) -> bool:
    return bool(self_namings(text, names))


def without_names(text: str, names: Sequence[TeamNames]) -> str:
    """The text with every name hidden, for panels that must not see brands."""
    out, place = [], 0
    for found in self_namings(text, names):
        if found.start >= place:
            out += [text[place : found.start], HIDDEN]
        place = max(place, found.stop)
    return "".join([*out, text[place:]])


def _folded(text: str) -> _Folded:
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    for start, stop in _clusters(text):
        folded = _fold(text[start:stop])
        letters += folded
        places += [(start, stop)] * len(folded)
    return _Folded("".join(letters), tuple(places))


def _clusters(text: str) -> list[tuple[int, int]]:
    """Parts of the text that NFKC joins: a letter with the marks and jamo after it."""
    starts = [0, *(n for n, letter in enumerate(text) if n and not _joins(letter))]
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def _joins(letter: str) -> bool:
    return bool(unicodedata.combining(letter)) or "\u1160" <= letter <= "\u11ff"


def _fold(text: str) -> str:
    """The text as it is compared; marks on Latin letters and unseen signs fall away."""
    plain = unicodedata.normalize("NFKC", text).translate(_CAPITALS).casefold()
    apart = "".join(
        unicodedata.normalize("NFD", letter) if letter < "\u1100" else letter
        for letter in plain
    )
    seen = (
        letter
        for letter in apart
        if unicodedata.category(letter) not in {"Cf", "Mn", "Me"}
    )
    return "".join(seen).translate(_LOOKALIKES)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    letters = [letter for letter in _fold(name) if letter.isalnum()]
    between = _BETWEEN if len(letters) >= SHORT else r"[-_.]?"
    body = between.join(re.escape(letter) for letter in letters)
    before = "(?<![a-z0-9])" if _LATIN.match(letters[0]) else "(?<![가-힣])"
    after = "(?![a-z0-9])" if _LATIN.match(letters[-1]) else ""
    return re.compile(before + body + after)
