"""Texts of suites and models as they can be shown: whole, inert and visible."""

from __future__ import annotations

import unicodedata

from markupsafe import Markup

from dokja.report.figures.svg import element
from dokja.report.pieces import View

LONGEST = 6000
"""Letters of one text that a page shows: its beginning and its end."""
JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}\N{SOFT HYPHEN}"
"""Belong to the spelling of some scripts and to emoji, and hide nothing."""
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories of letters that are not seen but change what is."""


class Passage(View, frozen=True, kw_only=True):
    """A text in two parts with what is left out between them."""

    start: Markup
    left_out: int
    """Letters; 0 where `start` is the whole text."""
    end: Markup
    is_empty: bool


def passage(text: str, *, longest: int = LONGEST) -> Passage:
    """The text word for word, or its beginning and end where it is longer."""
    start, end = text, ""
    if len(text) > longest:
        half = longest // 2
        start, end = text[:half], text[-half:]
    return Passage(
        start=visible(start),
        left_out=len(text) - len(start) - len(end),
        end=visible(end),
        is_empty=not text,
    )


def visible(text: str) -> Markup:
    """The text escaped, with letters that nobody would see named by their number.

    A right-to-left override in an answer would otherwise turn round what stands
    beside it.
    """
    parts: list[Markup | str] = []
    plain: list[str] = []
    for letter in text:
        if _is_hidden(letter):
            parts += [
                "".join(plain),
                element("i", {"class": "hidden-letter"}, _name(letter)),
            ]
            plain = []
        else:
            plain.append(letter)
    parts.append("".join(plain))
    return Markup("").join(parts)


def visible_letters(text: str) -> str:
    """The text with the same letters named, where there is no markup."""
    return "".join(_name(c) if _is_hidden(c) else c for c in text)


def visible_words(text: str, *, most: int) -> str:
    """One line of plain text for a heading, shortened with a mark."""
    line = " ".join(text[: 4 * most].split())
    shown = visible_letters(line)
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def _is_hidden(letter: str) -> bool:
    return (
        unicodedata.category(letter) in HIDDEN
        and letter not in JOINERS
        and letter not in "\n\t"
    )


def _name(letter: str) -> str:
    return f"U+{ord(letter):04X}"
