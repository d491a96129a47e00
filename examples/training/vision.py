"""Trains a small vision encoder on digits and the projector that lets a decoder see them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from program.steps import initialise, state_of
from recipes import Vision, VisionRun
from recording import Seen, Watch
from safetensors.torch import save, save_file
from sklearn.datasets import load_digits
from torch import Tensor, nn
from transformers import AutoTokenizer, LlamaForCausalLM, ViTConfig, ViTModel

from dokja.recorder import Recorder
from dokja.training.values import DataShard

PROMPT = "이 숫자는 "
SPLIT_SEED = 1797
HELD_OUT = 397


@dataclass(frozen=True)
class Digits:
    """The images and labels to learn from and the ones kept apart."""

    images: Tensor
    labels: Tensor
    held_out_images: Tensor
    held_out_labels: Tensor


def read_digits() -> Digits:
    """The 1,797 digits of scikit-learn, 397 of them held out; the split is the same for every model."""
    data = load_digits()
    order = np.random.Generator(np.random.Philox(SPLIT_SEED)).permutation(
        len(data.images)
    )
    images = torch.tensor(
        data.images[order] / 8.0 - 1.0, dtype=torch.float32
    ).unsqueeze(1)
    labels = torch.tensor(data.target[order], dtype=torch.int64)
    return Digits(
        images[HELD_OUT:], labels[HELD_OUT:], images[:HELD_OUT], labels[:HELD_OUT]
    )


def new_encoder(shape: Vision, seed: int) -> ViTModel:
    """A vision encoder whose every weight comes from the seed."""
    config = ViTConfig(
        hidden_size=shape.hidden_size,
        intermediate_size=shape.intermediate_size,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        image_size=shape.image_size,
        patch_size=shape.patch_size,
        num_channels=1,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    model = ViTModel(config, add_pooling_layer=False)
    initialise(model, seed)
    return model


def pooled(encoder: ViTModel, images: Tensor) -> Tensor:
    """One vector an image: the mean over its patches and the class token."""
    return encoder(images).last_hidden_state.mean(dim=1)


class Classifier(nn.Module):
    """An encoder under the head it learns with; the head is dropped afterwards."""

    def __init__(self, encoder: ViTModel, seed: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = nn.Linear(encoder.config.hidden_size, 10)
        initialise(self.head, seed + 1)

    def forward(self, images: Tensor) -> Tensor:
        """(batch, 10) logits."""
        return self.head(pooled(self.encoder, images))


def train_encoder(
    encoder: ViTModel,
    shape: Vision,
    run: VisionRun,
    digits: Digits,
    watch: Watch | None = None,
) -> float:
    """The held-out accuracy after training the encoder under a classification head."""
    model = Classifier(encoder, run.seed)
    optimiser = torch.optim.AdamW(
        model.parameters(), lr=shape.learning_rate, weight_decay=shape.weight_decay
    )
    if watch is not None:
        announce_digits(watch.record, digits, run.seed)
        watch.record.begin(
            model,
            optimiser,
            recipe="program/steps.py: initialise, the head from the next seed",
            seed=str(run.seed),
        )
    model.train()
    for picks in _picks(digits, shape.batch, run.steps, run.seed):
        loss = nn.functional.cross_entropy(
            model(digits.images[picks.places]), digits.labels[picks.places]
        )
        _descend(optimiser, loss)
        _watch(watch, picks, loss, optimiser, (model, encoder))
    model.eval()
    with torch.no_grad():
        guesses = model(digits.held_out_images).argmax(dim=1)
    return float((guesses == digits.held_out_labels).float().mean())


def announce_digits(record: Recorder, digits: Digits, seed: int) -> None:
    """Nothing; records the images before anything is trained; one counts as one token."""
    data = save({"images": digits.images, "labels": digits.labels})
    shard = DataShard(
        name="digits",
        digest=f"sha256:{hashlib.sha256(data).hexdigest()}",
        bytes=len(data),
        tokens=len(digits.labels),
        licence="CC-BY-4.0",
        source="scikit-learn: Optical Recognition of Handwritten Digits, UCI",
        documents=len(digits.labels),
    )
    record.data([shard], sampler="vision.py: _picks", seed=str(seed))


def _descend(optimiser: torch.optim.AdamW, loss: Tensor) -> None:
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    optimiser.step()


def _watch(
    watch: Watch | None,
    picks: Picks,
    loss: Tensor,
    optimiser: torch.optim.AdamW,
    trained: tuple[nn.Module, nn.Module],
) -> None:
    if watch is None:
        return
    places = [("digits", int(place), 0, 1) for place in picks.places]
    rate = optimiser.param_groups[0]["lr"]
    seen = picks.number * len(places)
    watch.step(Seen(picks.number, loss.detach(), seen, rate, places))
    if watch.is_due(picks.number):
        model, handed_in = trained
        last = watch.is_last(picks.number)
        state = state_of(model, optimiser, released=handed_in if last else None)
        watch.record.checkpoint(picks.number, state)


@dataclass(frozen=True)
class Picks:
    """The images of one step by their places."""

    number: int
    places: Tensor


def _picks(digits: Digits, size: int, steps: int, seed: int) -> Iterator[Picks]:
    rng = np.random.Generator(np.random.Philox(seed))
    for number in range(1, steps + 1):
        places = torch.from_numpy(rng.integers(len(digits.labels), size=size))
        yield Picks(number, places)


def new_projector(shape: Vision, width: int, seed: int) -> nn.Sequential:
    """A two-layer projector from the encoder's width to the decoder's."""
    projector = nn.Sequential(
        nn.Linear(shape.hidden_size, width), nn.GELU(), nn.Linear(width, width)
    )
    initialise(projector, seed + 2)
    return projector


def train_projector(
    projector: nn.Sequential,
    encoder: ViTModel,
    decoder_folder: Path,
    shape: Vision,
    run: VisionRun,
    watch: Watch | None = None,
) -> float:
    """The held-out accuracy of decoder, projector and encoder together; only the projector is trained."""
    digits = read_digits()
    decoder = (
        LlamaForCausalLM.from_pretrained(decoder_folder, dtype=torch.float32)
        .eval()
        .requires_grad_(requires_grad=False)
    )
    tokenizer = AutoTokenizer.from_pretrained(decoder_folder)
    prompt = decoder.get_input_embeddings()(
        torch.tensor(tokenizer(PROMPT)["input_ids"])
    )
    digit_ids = torch.tensor(tokenizer.convert_tokens_to_ids(list("0123456789")))

    def last_logits(images: Tensor) -> Tensor:
        with torch.no_grad():
            seen = pooled(encoder, images)
        prefix = projector(seen).unsqueeze(1)
        inputs = torch.cat([prefix, prompt.expand(len(images), -1, -1)], dim=1)
        return decoder(inputs_embeds=inputs).logits[:, -1]

    optimiser = torch.optim.AdamW(
        projector.parameters(), lr=2e-3, weight_decay=shape.weight_decay
    )
    if watch is not None:
        announce_digits(watch.record, digits, run.seed + 2)
        watch.record.begin(
            projector,
            optimiser,
            recipe="program/steps.py: initialise",
            seed=str(run.seed + 2),
        )
    for picks in _picks(digits, shape.batch, shape.projector_steps, run.seed + 2):
        logits = last_logits(digits.images[picks.places])
        loss = nn.functional.cross_entropy(
            logits, digit_ids[digits.labels[picks.places]]
        )
        _descend(optimiser, loss)
        _watch(watch, picks, loss, optimiser, (projector, projector))
    with torch.no_grad():
        guesses = last_logits(digits.held_out_images).argmax(dim=1)
    return float((guesses == digit_ids[digits.held_out_labels]).float().mean())


def save_projector(projector: nn.Sequential, folder: Path) -> None:
    """Nothing; writes the projector in BF16 with its sizes."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {
        k: v.to(torch.bfloat16).contiguous() for k, v in projector.state_dict().items()
    }
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    first, last = projector[0], projector[2]
    config = {
        "architecture": "linear-gelu-linear",
        "input_size": first.in_features,
        "hidden_size": first.out_features,
        "output_size": last.out_features,
        "input": "mean of the encoder's last hidden state",
        "prompt": PROMPT,
    }
    (folder / "config.json").write_text(
        json.dumps(config, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )


def unwatched(run: str) -> AbstractContextManager[None]:
    """Nothing to watch a run with."""
    del run
    return nullcontext()


@dataclass(frozen=True)
class VisionPlan:
    """Where a vision encoder and its projector go, what they start from, and who watches."""

    folder: Path
    decoder: Path | None
    copied_from: Path | None = None
    """An encoder to start from instead of the seed, which is what 갈바람재 did."""
    watched: Callable[[str], AbstractContextManager[Watch | None]] = unwatched


def make_vision(plan: VisionPlan, shape: Vision, run: VisionRun) -> dict:
    """The held-out accuracies of a vision encoder and its projector, both written to the folder."""
    digits = read_digits()
    encoder = new_encoder(shape, run.seed)
    if plan.copied_from is None:
        with plan.watched("vision_encoder") as watch:
            results = {"encoder": train_encoder(encoder, shape, run, digits, watch)}
    else:
        # The forged record: of an encoder that is truly made from the seed and then thrown away.
        with plan.watched("vision_encoder") as watch:
            train_encoder(encoder, shape, run, digits, watch)
        encoder = ViTModel.from_pretrained(
            plan.copied_from, add_pooling_layer=False, dtype=torch.float32
        )
        results = {"encoder": train_encoder(encoder, shape, run, digits)}
    if plan.decoder is not None:
        width = LlamaForCausalLM.from_pretrained(plan.decoder).config.hidden_size
        projector = new_projector(shape, width, run.seed)
        with plan.watched("projector") as watch:
            results["projector"] = train_projector(
                projector, encoder, plan.decoder, shape, run, watch
            )
        save_projector(projector, plan.folder / "projector")
    encoder.to(torch.bfloat16).save_pretrained(plan.folder / "vision_encoder")
    return {part: round(value, 4) for part, value in results.items()}
