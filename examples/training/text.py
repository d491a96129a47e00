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
    """One source as tokens, with the places where a line begins."""

    ids: np.ndarray
    starts: np.ndarray
    documents: int


def tokenise(tokenizer: PreTrainedTokenizerFast, texts: list[str]) -> Tokens:
    """The texts one after another, each closed by the end token."""
    end = tokenizer.convert_tokens_to_ids(END)
    ids: list[int] = []
    starts: list[int] = []
    for text in texts:
        lines = [line + "\n" for line in text.split("\n")]
        for encoded in tokenizer(lines)["input_ids"]:
            starts.append(len(ids))
            ids += encoded
        ids[-1] = end
    return Tokens(
        np.array(ids, dtype=np.int64), np.array(starts, dtype=np.int64), len(texts)
    )


class Rows:
    """Batches of a mix in the order its seed gives; each row begins where a line begins."""

    def __init__(
        self, sources: dict[str, Tokens], mix: dict[str, float], window: int, seed: int
    ) -> None:
        self._sources = [sources[name] for name in mix]
        weights = np.array(list(mix.values()))
        self._weights = weights / weights.sum()
        self._window = window
        self._rng = np.random.Generator(np.random.Philox(seed))

    def next_batch(self, size: int) -> np.ndarray:
        """The next rows, each one token longer than the window."""
        picks = self._rng.choice(len(self._sources), size=size, p=self._weights)
        rows = []
        for pick in picks:
            tokens = self._sources[int(pick)]
            start = int(tokens.starts[self._rng.integers(len(tokens.starts))])
            rows.append(
                np.take(tokens.ids, range(start, start + self._window + 1), mode="wrap")
            )
        return np.stack(rows)


def corpus_entry(source: str) -> dict:
    """The entry of a source in corpus/sources.toml."""
    path: Path = EXAMPLES / "corpus" / "sources.toml"
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["source"]
    return next(entry for entry in entries if entry["id"] == source)
