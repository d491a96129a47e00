"""How much of a program is known code: shingles of tokens, file by file.

Source: Broder 1997, On the resemblance and containment of documents. Comments and
layout do not enter, so a new header hides nothing; renamed variables do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

SHINGLE = 12
"""Tokens in a row that count as one piece."""
FEWEST = 40
"""Pieces that a file has at the least to be told from others."""
SIMILAR = 0.6
"""Share of a file's pieces in one known file, from which on it is reported."""
RETAINED = 0.9
"""Share of a notice's pieces that a program keeps where it keeps the notice."""
_NOTICE = re.compile(r"(LICEN[CS]E|NOTICE|COPYING)([-.].*)?", re.IGNORECASE)
_TOKEN = re.compile(r"\w+|[^\w\s]")
_COMMENT = re.compile(r"#[^\n]*|//[^\n]*")

Pieces = frozenset[bytes]
"""Short hashes of runs of tokens."""


@dataclass(frozen=True)
class CodeTree:
    """Texts of a tree of code by their paths."""

    name: str
    texts: Mapping[str, str]

    @cached_property
    def files(self) -> Mapping[str, Pieces]:
        """Pieces of each file of code that is long enough."""
        code = {p: t for p, t in self.texts.items() if not is_notice(p)}
        found = {path: pieces(_COMMENT.sub("", text)) for path, text in code.items()}
        return {path: each for path, each in found.items() if len(each) >= FEWEST}

    @cached_property
    def notices(self) -> Mapping[str, Pieces]:
        """Pieces of each licence and notice."""
        return {p: pieces(t) for p, t in self.texts.items() if is_notice(p)}

    @cached_property
    def all_pieces(self) -> Pieces:
        """Pieces of every text, in which a notice may have been kept."""
        return frozenset[bytes]().union(*map(pieces, self.texts.values()))


@dataclass(frozen=True, kw_only=True)
class Resemblance:
    """A file of a program and the known file that holds most of it."""

    file: str
    known: str
    """Name of the known tree."""
    known_file: str
    share: float


def is_notice(path: str) -> bool:
    """Whether a file of that path says under which terms code may be used."""
    return _NOTICE.fullmatch(path.rpartition("/")[2]) is not None


def pieces(text: str) -> Pieces:
    """Every run of tokens of one length; the whole text where it is shorter."""
    tokens = _TOKEN.findall(text)
    last = max(len(tokens) - SHINGLE, 0)
    runs = (" ".join(tokens[n : n + SHINGLE]) for n in range(last + 1))
    return frozenset(
        blake2b(run.encode(errors="replace"), digest_size=8).digest() for run in runs
    )


def resemblances(program: CodeTree, known: tuple[CodeTree, ...]) -> list[Resemblance]:
    """Files of the program that are known code for the most part, worst first."""
    found = []
    for path, own in program.files.items():
        shares = [
            (len(own & theirs) / len(own), tree.name, name)
            for tree in known
            for name, theirs in tree.files.items()
        ]
        share, tree, name = max(shares, default=(0.0, "", ""))
        if share >= SIMILAR:
            found.append(
                Resemblance(file=path, known=tree, known_file=name, share=share)
            )
    return sorted(found, key=lambda each: (-each.share, each.file))


def dropped_notices(program: CodeTree, known: CodeTree) -> list[str]:
    """Notices of a known tree that the program does not keep anywhere."""
    kept = program.all_pieces
    return sorted(
        path
        for path, notice in known.notices.items()
        if len(notice & kept) < RETAINED * len(notice)
    )
