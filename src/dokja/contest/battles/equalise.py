"""Both answers in one plain form and at one pace, so that neither gives itself away.

Markup becomes paragraphs, lists and code: what carries meaning. Headings,
emphasis, links, pictures, tables, emoji and invisible signs do not carry over,
alike on both sides. The parts hold plain text; a page escapes it.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

import msgspec

from dokja.contest.values import BlockKind, PacingRule

# The answers are strangers' texts: every repetition is bounded or cannot overlap
# with what follows it, so that no line takes long.
_FENCE = re.compile(r"\s{0,3}(```+|~~~+)")
_BULLET = re.compile(r"\s*(?:[-*+•·‣▪]|\(?\d{1,3}[.)]|[①-⑳])\s+(?=\S)")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+")
_QUOTE = re.compile(r"^\s{0,3}(?:>\s?)+")
_RULE = re.compile(r"\s*(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,}|=+)$")
_IMAGE = re.compile(r"!\[([^\]\n]{0,300})\]\([^)\n]{0,2000}\)")
_LINK = re.compile(r"\[([^\]\n]{1,300})\]\([^)\n]{0,2000}\)")
_ADDRESS = re.compile(r"<(https?://[^>\s]+)>")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,200}>")
_MARKS = (
    re.compile(r"(\*\*\*|\*\*|__|~~)(?=\S)(.{1,2000}?)(?<=\S)\1"),
    re.compile(r"(?<![\w*])(\*)(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?![\w*])"),
    re.compile(r"(?<![\w_])(_)(?=[^\s_])([^_\n]+?)(?<=[^\s_])_(?![\w_])"),
    re.compile(r"(`{1,3})([^`\n]{1,2000})\1"),
)
_TABLE_RULE = frozenset("|:- \t")
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})


class Block(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One part of an answer as any page can show it."""

    kind: BlockKind
    lines: tuple[str, ...]
    """One of a paragraph, the entries of a list, the lines of code."""


class Pacing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How both answers of a battle appear."""

    delay_ms: int
    tick_ms: int
    left: tuple[int, ...]
    """Characters that stand there after each tick."""
    right: tuple[int, ...]


@lru_cache(maxsize=2048)
def equal_form(answer: str) -> tuple[Block, ...]:
    """The answer's parts. The same words set otherwise give equal parts."""
    blocks: list[Block] = []
    waiting: list[str] = []
    lines = iter(unicodedata.normalize("NFC", answer).splitlines())
    for line in lines:
        fence = _FENCE.match(line)
        if fence:
            _close(blocks, waiting)
            code = _code(lines, fence.group(1))
            if code:
                blocks.append(Block(kind=BlockKind.CODE, lines=code))
            continue
        _take(blocks, waiting, line)
    _close(blocks, waiting)
    return tuple(blocks)


def shown_length(blocks: Sequence[Block]) -> int:
    """Characters of the parts, by which an answer is paced."""
    return sum(len(line) for block in blocks for line in block.lines)


def plain_text(blocks: Sequence[Block]) -> str:
    """The parts as one text: for a screen reader, and for hiding names."""
    return "\n\n".join("\n".join(block.lines) for block in blocks)


def paced(left: int, right: int, rule: PacingRule) -> Pacing:
    """The pace of two answers of these lengths: one for both, whoever was quicker.

    An answer of the rule's longest time sets a faster pace for both sides.
    """
    ticks = (rule.longest_ms - rule.delay_ms) // rule.tick_ms
    step = max(rule.characters, math.ceil(max(left, right) / max(ticks, 1)))
    count = math.ceil(max(left, right) / step)
    return Pacing(
        delay_ms=rule.delay_ms,
        tick_ms=rule.tick_ms,
        left=tuple(min(left, step * n) for n in range(1, count + 1)),
        right=tuple(min(right, step * n) for n in range(1, count + 1)),
    )


def _take(blocks: list[Block], waiting: list[str], line: str) -> None:
    """Puts a line of ordinary text where it belongs."""
    line = _QUOTE.sub("", line, count=1)
    if not line.strip() or _RULE.match(line) or _rules_a_table(line):
        _close(blocks, waiting)
        return
    bullet = _BULLET.match(line)
    if bullet:
        _close(blocks, waiting)
        _entry(blocks, _words(line[bullet.end() :]))
        return
    if line.lstrip().startswith("|"):
        line = " · ".join(cell.strip() for cell in line.strip().strip("|").split("|"))
    heading = _HEADING.match(line)
    if heading:
        _close(blocks, waiting)
    words = _words(_title(line[heading.end() :]) if heading else line)
    if words:
        waiting.append(words)
    if heading:
        _close(blocks, waiting)


def _rules_a_table(line: str) -> bool:
    return "|" in line and "-" in line and _TABLE_RULE.issuperset(line)


def _title(line: str) -> str:
    """A heading's words, without the signs that may close it."""
    whole = line.rstrip()
    opened = whole.rstrip("#")
    return opened if opened.endswith((" ", "\t")) else whole


def _entry(blocks: list[Block], words: str) -> None:
    """Adds an entry to the list that stands last, or starts one."""
    if not words:
        return
    if blocks and blocks[-1].kind is BlockKind.LIST:
        blocks[-1] = Block(kind=BlockKind.LIST, lines=(*blocks[-1].lines, words))
    else:
        blocks.append(Block(kind=BlockKind.LIST, lines=(words,)))


def _close(blocks: list[Block], waiting: list[str]) -> None:
    if waiting:
        line = " ".join(waiting)
        blocks.append(Block(kind=BlockKind.PARAGRAPH, lines=(line,)))
        waiting.clear()


def _code(lines: Iterator[str], fence: str) -> tuple[str, ...]:
    found: list[str] = []
    for line in lines:
        if line.strip().startswith(fence):
            break
        found.append(_seen(line.expandtabs(4)).rstrip())
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def _words(line: str) -> str:
    """The line without markup, in single spaces."""
    line = _IMAGE.sub(r"\1", line)
    line = _LINK.sub(r"\1", line)
    line = _ADDRESS.sub(r"\1", line)
    line = _TAG.sub("", line)
    for mark in _MARKS:
        line = mark.sub(r"\2", line)
    return " ".join(_seen(line).split())


def _seen(text: str) -> str:
    """The text without emoji, controls and signs nobody sees.

    Signs that turn the direction of writing are among them: they could hide
    what a line says.
    """
    return "".join(
        " " if unicodedata.category(letter) == "Zs" else letter
        for letter in text
        if (letter == "\t" or unicodedata.category(letter) not in _UNSEEN)
        and not _is_emoji(letter)
    )


def _is_emoji(letter: str) -> bool:
    code = ord(letter)
    return (
        0x1F000 <= code <= 0x1FAFF
        or 0x2600 <= code <= 0x27BF
        or 0x2B00 <= code <= 0x2BFF
        or 0xFE00 <= code <= 0xFE0F
        or code in {0x200D, 0x20E3, 0x231A, 0x231B, 0x23E9, 0x23EA, 0x23F0, 0x23F3}
    )
