"""The example corpus as rows of tokens, in an order that a seed gives."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

CORPUS = Path(__file__).parents[3] / "examples" / "corpus"
END = "<|end|>"
MASK = "<|mask|>"
MIXES = {
    "prose": ("python-en", "help-en", "help-ko", "terms"),
    "korean": ("help-ko",),
    "english": ("help-en",),
    "python": ("python-en",),
    "rules": ("particles", "numbers", "sums"),
}
# What each tokenizer learns from; the second one must split words differently.
TOKENIZERS = {"plain": MIXES["prose"], "second": ("help-ko", "particles", "help-en")}
HELD_OUT_TOKENS = 8192

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Material:
    """A tokenizer and the corpus in its tokens: for training by mix, and held out."""

    tokenizer: PreTrainedTokenizerFast
    train: dict[str, Ids]
    held_out: Ids

    def unigram_entropy(self, mix: str) -> float:
        """The entropy of single tokens in nats: what a model without context pays."""
        counts = np.bincount(self.train[mix]).astype(float)
        share = counts[counts > 0] / counts.sum()
        return float(-(share * np.log(share)).sum())


def documents(source: str, split: str) -> list[str]:
    """The texts of one side of a corpus file."""
    path = CORPUS / f"{source}.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [row["text"] for row in rows if row["split"] == split]


def material(cache: Path, tokenizer: str, vocabulary: int) -> Material:
    """The material of a tokenizer, kept in `cache` once it is made."""
    folder = cache / f"{tokenizer}-{vocabulary}"
    if not (folder / "tokens.npz").exists():
        made = _make(tokenizer, vocabulary)
        _keep(made, folder)
        return made
    with np.load(folder / "tokens.npz") as stored:
        arrays = {name: stored[name] for name in stored.files}
    held_out = arrays.pop("held_out")
    loaded = PreTrainedTokenizerFast.from_pretrained(folder)
    return Material(loaded, arrays, held_out)


def _make(name: str, vocabulary: int) -> Material:
    tokenizer = _train_tokenizer(TOKENIZERS[name], vocabulary)
    train = {
        mix: np.concatenate(
            [_tokens(tokenizer, documents(s, "train")) for s in sources]
        )
        for mix, sources in MIXES.items()
    }
    held_out = [
        _tokens(tokenizer, documents(s, "held_out"))[:HELD_OUT_TOKENS]
        for s in MIXES["prose"][:3]
    ]
    return Material(tokenizer, train, np.concatenate(held_out))


def _keep(made: Material, folder: Path) -> None:
    # Two builders may make the same material at once; the last rename wins, alike.
    folder.mkdir(parents=True, exist_ok=True)
    made.tokenizer.save_pretrained(folder)
    passing = folder / f"tokens-{os.getpid()}.npz"
    np.savez(passing, held_out=made.held_out, **made.train)
    passing.replace(folder / "tokens.npz")


def _train_tokenizer(
    sources: tuple[str, ...], vocabulary: int
) -> PreTrainedTokenizerFast:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=[END, MASK],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    texts = (text for source in sources for text in documents(source, "train"))
    tokenizer.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=END,
        eos_token=END,
        pad_token=END,
        mask_token=MASK,
        model_max_length=512,
    )


def _tokens(tokenizer: PreTrainedTokenizerFast, texts: list[str]) -> Ids:
    end = tokenizer.convert_tokens_to_ids(END)
    encoded = tokenizer(texts)["input_ids"]
    return np.array([i for ids in encoded for i in (*ids, end)], dtype=np.int64)


def batches(ids: Ids, rows: int, window: int, order: int) -> Iterator[Ids]:
    """Batches of `rows` rows of `window` + 1 tokens, without end.

    Every pass over the text uses each window once, shuffled by `order` and the pass.
    """
    count = (len(ids) - 1) // window
    epoch = 0
    queue: list[int] = []
    while True:
        while len(queue) < rows:
            draws = np.random.Generator(np.random.Philox(key=[order, epoch]))
            queue += draws.permutation(count).tolist()
            epoch += 1
        starts = [queue.pop(0) * window for _ in range(rows)]
        yield np.stack([ids[start : start + window + 1] for start in starts])
