"""Which items recur, word for word, in a training text that was handed in.

Source: A. Singh et al., Evaluation data contamination in LLMs: how do we
measure it and (when) does it matter?, arXiv 2411.03923 (2024): the longest
contaminated substring, of n-grams with n = 8 that occur at least once.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from dokja.benchmark.contamination.values import ContaminationRules, ItemOverlap

Hashes = npt.NDArray[np.uint64]

WORD = re.compile(r"\w+")
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
HELD_HASHES = 1 << 22
"""Hashes gathered before they are merged into the index."""


@dataclass(frozen=True, eq=False)
class GramIndex:
    """Every run of `gram_words` words of the texts, as sorted 64-bit hashes."""

    hashes: Hashes
    gram_words: int

    def holds(self, hashes: Hashes) -> npt.NDArray[np.bool_]:
        """(m,) whether each hash occurs.

        With 10^9 runs indexed and 10^5 asked for, the chance of any false hit
        is 5 in a million.
        """
        if not len(self.hashes):
            return np.zeros(len(hashes), dtype=np.bool_)
        places = np.searchsorted(self.hashes, hashes)
        places[places == len(self.hashes)] = 0
        found: npt.NDArray[np.bool_] = self.hashes[places] == hashes
        return found


def words_of(text: str) -> list[str]:
    """Words of the text after NFC and case folding; punctuation is no word.

    NFC, because the same Hangul may be stored as syllables or as letters.
    """
    return WORD.findall(unicodedata.normalize("NFC", text).casefold())


def index_texts(texts: Iterable[str], gram_words: int) -> GramIndex:
    """The index of the texts, whatever their order; no run spans two texts."""
    known: dict[str, int] = {}
    merged: Hashes = np.empty(0, dtype=np.uint64)
    held: list[Hashes] = []
    for text in texts:
        held.append(_gram_hashes(words_of(text), gram_words, known))
        if sum(map(len, held)) > HELD_HASHES:
            merged, held = np.unique(np.concatenate([merged, *held])), []
    return GramIndex(np.unique(np.concatenate([merged, *held])), gram_words)


def item_overlaps(
    items: Sequence[tuple[str, str]], index: GramIndex, rules: ContaminationRules
) -> tuple[ItemOverlap, ...]:
    """How much of each (id, text) recurs; flagged from the rules' share on."""
    known: dict[str, int] = {}
    found = []
    for item, text in items:
        words = words_of(text)
        hashes = _gram_hashes(words, index.gram_words, known)
        longest = _longest(index.holds(hashes), index.gram_words)
        found.append(
            ItemOverlap(
                item=item,
                words=len(words),
                longest=longest if len(hashes) else None,
                flagged=bool(words) and longest >= rules.flagged_share * len(words),
            )
        )
    return tuple(found)


def _longest(hits: npt.NDArray[np.bool_], gram_words: int) -> int:
    """Words of the longest run of consecutive grams that all occur."""
    runs = [len(list(run)) for hit, run in groupby(hits.tolist()) if hit]
    return max(runs) + gram_words - 1 if runs else 0


def _gram_hashes(words: list[str], gram_words: int, known: dict[str, int]) -> Hashes:
    """(m,) hash of each run of words; empty for fewer words than a run has."""
    count = len(words) - gram_words + 1
    if count < 1:
        return np.empty(0, dtype=np.uint64)
    codes = np.array([_word_hash(word, known) for word in words], dtype=np.uint64)
    found = np.zeros(count, dtype=np.uint64)
    for place in range(gram_words):
        found *= MULTIPLIER
        found += codes[place : place + count]
    return found


def _word_hash(word: str, known: dict[str, int]) -> int:
    if word not in known:
        digest = hashlib.blake2b(word.encode(), digest_size=8).digest()
        known[word] = int.from_bytes(digest, "big")
    return known[word]
