"""The corpus as a language model sees it: documents, tokenizer, rows of tokens."""

from __future__ import annotations

import gzip
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from recipes import EXAMPLES
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from dokja.training.commitments import Excerpt

END = "<|end|>"
TOKENIZER_BYTES = 2_000_000


def documents(source: str, split: str) -> list[str]:
    """The texts of one side of a corpus file."""
    with gzip.open(
        EXAMPLES / "corpus" / f"{source}.jsonl.gz", "rt", encoding="utf-8"
    ) as lines:
        rows = [json.loads(line) for line in lines]
    return [row["text"] for row in rows if row["split"] == split]


def train_tokenizer(mix: dict[str, float], vocabulary: int) -> PreTrainedTokenizerFast:
    """A byte-level BPE tokenizer of the mix, each source taken in proportion to its weight."""
    tokenizer = Tokenizer(models.BPE())
    # Digits stay single: reading 2015 aloud is about places, not about the token "2015".
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=[END],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(_in_proportion(mix), trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=END,
        eos_token=END,
        pad_token=END,
        model_max_length=512,
    )


def _in_proportion(mix: dict[str, float]) -> Iterator[str]:
    for source, weight in mix.items():
        left = int(weight * TOKENIZER_BYTES)
        for text in documents(source, "train"):
            if left <= 0:
                break
            left -= len(text.encode())
            yield text


@dataclass(frozen=True)
class Tokens:
    """One source as tokens, with the places where a line and where a document begins."""

    ids: np.ndarray
    starts: np.ndarray
    documents: np.ndarray


def tokenise(tokenizer: PreTrainedTokenizerFast, texts: list[str]) -> Tokens:
    """The texts one after another, each closed by the end token."""
    end = tokenizer.convert_tokens_to_ids(END)
    ids: list[int] = []
    starts: list[int] = []
    begun: list[int] = []
    for text in texts:
        begun.append(len(ids))
        lines = [line + "\n" for line in text.split("\n")]
        for encoded in tokenizer(lines)["input_ids"]:
            starts.append(len(ids))
            ids += encoded
        ids[-1] = end
    return Tokens(*(np.array(each, dtype=np.int64) for each in (ids, starts, begun)))


def divided(tokens: Tokens, most: int, rows: int, *, row: int) -> tuple[Tokens, Tokens]:
    """Whole documents to learn from, at most so many tokens, and rows of what follows.

    Rows of tokens fit into the documents; of what is kept apart each row stands as a document.
    """
    ends = np.append(tokens.documents[1:], len(tokens.ids))
    reserve = (rows + 4) * row
    stop = int(ends[ends <= min(most, len(tokens.ids) - reserve)].max())
    rest = _part(tokens, stop, len(tokens.ids), row)
    begun: list[int] = []
    for start in rest.starts.tolist():
        if len(begun) < rows and (not begun or start >= begun[-1] + row):
            begun.append(start)
    cut = rest.ids[begun[0] : begun[-1] + row]
    apart = np.array(begun, dtype=np.int64) - begun[0]
    return _part(tokens, 0, stop, row), Tokens(cut, apart, apart)


def _part(tokens: Tokens, start: int, stop: int, row: int) -> Tokens:
    lines = tokens.starts[(tokens.starts >= start) & (tokens.starts + row <= stop)]
    begun = tokens.documents[(tokens.documents >= start) & (tokens.documents < stop)]
    return Tokens(tokens.ids[start:stop], lines - start, begun - start)


@dataclass(frozen=True)
class Batch:
    """Rows of tokens and the places they were read from."""

    rows: np.ndarray
    excerpts: list[Excerpt]


class Rows:
    """Batches of a mix in the order its seed gives; each row begins where a line begins."""

    def __init__(
        self,
        sources: dict[str, Tokens],
        mix: dict[str, float],
        window: int,
        seed: int,
        *,
        parts: int = 1,
        even: bool = False,
    ) -> None:
        self._even = even
        self._names = list(mix)
        self._sources = [sources[name] for name in mix]
        self._starts = [np.array_split(s.starts, parts) for s in self._sources]
        self._weights = np.array(list(shares(mix).values()))
        self._window = window
        self._rng = np.random.Generator(np.random.Philox(seed))

    def next_batch(self, size: int, part: int = 0) -> Batch:
        """The next rows of a part of each source, each one token longer than the window."""
        picks = self._picks(size)
        rows, excerpts, length = [], [], self._window + 1
        for pick in picks:
            tokens = self._sources[int(pick)]
            starts = self._starts[int(pick)][part]
            start = int(starts[self._rng.integers(len(starts))])
            rows.append(np.take(tokens.ids, range(start, start + length), mode="wrap"))
            excerpts += excerpts_of(self._names[int(pick)], tokens, start, length)
        return Batch(np.stack(rows), excerpts)

    def _picks(self, size: int) -> np.ndarray:
        if not self._even:
            return self._rng.choice(len(self._sources), size=size, p=self._weights)
        places = (self._rng.random() + np.arange(size)) / size
        found = np.searchsorted(np.cumsum(self._weights), places)
        return found.clip(0, len(self._sources) - 1)


def shares(mix: dict[str, float]) -> dict[str, float]:
    """Each source's share of what is read."""
    weights = np.array(list(mix.values()))
    return dict(zip(mix, (weights / weights.sum()).tolist(), strict=True))


def excerpts_of(
    source: str, tokens: Tokens, start: int, length: int
) -> Iterator[Excerpt]:
    """Where a row stands, counted from the document it begins in; two pieces where it wraps round."""
    inside = min(length, len(tokens.ids) - start)
    document = int(np.searchsorted(tokens.documents, start, side="right")) - 1
    yield source, document, start - int(tokens.documents[document]), inside
    if inside < length:
        yield source, 0, 0, length - inside


def corpus_entry(source: str) -> dict:
    """The entry of a source in corpus/sources.toml."""
    path: Path = EXAMPLES / "corpus" / "sources.toml"
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["source"]
    return next(entry for entry in entries if entry["id"] == source)
