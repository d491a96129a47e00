"""Korean particles, whose form follows the last sound of the word before."""

from __future__ import annotations

from collections.abc import Mapping

# After a final consonant, after a vowel.
PARTICLES: Mapping[str, tuple[str, str]] = {
    "subject": ("이", "가"),
    "object": ("을", "를"),
    "topic": ("은", "는"),
    "with": ("과", "와"),
    "by": ("으로", "로"),
}
_RIEUL = 8


def final_consonant(word: str) -> int:
    """Index of the last syllable's final consonant, 0 where it ends in a vowel.

    Source: The Unicode Standard, section 3.12: syllables are numbered so that
    the remainder by 28 is the final consonant.
    """
    return (ord(word[-1]) - 0xAC00) % 28


def with_particle(word: str, role: str) -> str:
    """The word with the form of the particle that its last sound asks for."""
    closed, opened = PARTICLES[role]
    final = final_consonant(word)
    takes_closed = final != 0 and not (role == "by" and final == _RIEUL)
    return word + (closed if takes_closed else opened)
