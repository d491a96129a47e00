"""The texts that statistics with forward passes read, and what models make of them."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from decoder import vocabulary
from pairs import NotComparable
from statistic import Array
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

CORPUS = Path(__file__).parents[3] / "examples" / "corpus"
SOURCES = ("python-en", "help-en", "help-ko")
PASSAGE = 400  # characters


def passages(count: int) -> list[str]:
    """The first passages of the held-out texts, the sources in turn."""
    streams = [_passages(source) for source in SOURCES]
    if len(SOURCES) * min(len(stream) for stream in streams) < count:
        raise SystemExit(f"the corpus holds fewer than {count} passages")
    mixed = [text for row in zip(*streams, strict=False) for text in row]
    return mixed[:count]


def _passages(source: str) -> list[str]:
    path = CORPUS / f"{source}.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    texts = [row["text"] for row in rows if row["split"] == "held_out"]
    return [
        text[start : start + PASSAGE]
        for text in texts
        for start in range(0, len(text) - PASSAGE, PASSAGE)
    ]


@dataclass(frozen=True)
class Runner:
    """A model that can be run, with its tokenizer."""

    model: torch.nn.Module
    tokenizer: PreTrainedTokenizerFast

    @classmethod
    def load(cls, folder: Path) -> Runner:
        """The model of a folder in float32, on one thread."""
        torch.set_num_threads(1)
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        if not any("CausalLM" in name for name in config.get("architectures", [])):
            raise NotComparable("not a causal language model")
        model = AutoModelForCausalLM.from_pretrained(
            folder, dtype=torch.float32, local_files_only=True
        )
        file = str(folder / "tokenizer.json")
        return cls(model.eval(), PreTrainedTokenizerFast(tokenizer_file=file))

    def blocks(self, texts: list[str], length: int) -> torch.Tensor:
        """The texts' tokens in one run, cut into rows of `length`."""
        ids = [i for text in texts for i in self.tokenizer(text)["input_ids"]]
        rows = len(ids) // length
        return torch.tensor(ids[: rows * length]).view(rows, length)

    @torch.no_grad()
    def logits(self, ids: torch.Tensor) -> torch.Tensor:
        """Next-token logits at every position: rows × length × vocabulary."""
        return torch.as_tensor(self.model(ids, use_cache=False).logits)

    @torch.no_grad()
    def last_states(self, texts: list[str], length: int) -> Array:
        """The last layer's state at the last token of each text: texts × width."""
        rows = [self.tokenizer(text)["input_ids"][:length] for text in texts]
        states: dict[int, torch.Tensor] = {}
        for size in sorted({len(row) for row in rows}):
            places = [i for i, row in enumerate(rows) if len(row) == size]
            ids = torch.tensor([rows[i] for i in places])
            out = self.model.base_model(ids, use_cache=False).last_hidden_state
            states |= dict(zip(places, out[:, -1], strict=True))
        return np.asarray(torch.stack([states[i] for i in range(len(rows))]).numpy())

    @torch.no_grad()
    def activations(self, ids: torch.Tensor, kind: str) -> list[Array]:
        """What a projection puts out, layer by layer: units × tokens."""
        caught: list[Array] = []

        def keep(_: torch.nn.Module, __: object, out: torch.Tensor) -> None:
            caught.append(out.flatten(0, 1).T.contiguous().numpy())

        named = self.model.named_modules()
        hooks = [m.register_forward_hook(keep) for n, m in named if n.endswith(kind)]
        if not hooks:
            raise NotComparable(f"no module named {kind}")
        self.model(ids, use_cache=False)
        for hook in hooks:
            hook.remove()
        return caught


def load_both(candidate: Path, reference: Path) -> tuple[Runner, Runner]:
    """Two models that read the same tokens.

    Raises:
        NotComparable: Their vocabularies differ, so that no position is shared.
    """
    if vocabulary(candidate) != vocabulary(reference):
        raise NotComparable("the tokenizers differ")
    return Runner.load(candidate), Runner.load(reference)
