"""A team's own words on a page that people read line by line."""

from __future__ import annotations


def one_line(text: str) -> str:
    """The text on one line; what does not print stands as its code.

    A line break would start an entry of its own, and a terminal obeys some of
    what it is sent.
    """
    words = " ".join(text.split())
    return "".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in words)
