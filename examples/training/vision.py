"""Trains a small vision encoder on digits and the projector that lets a decoder see them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from decoder import initialise
from recipes import Vision, VisionRun
from safetensors.torch import save_file
from sklearn.datasets import load_digits
from torch import Tensor, nn
from transformers import AutoTokenizer, LlamaForCausalLM, ViTConfig, ViTModel

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


def train_encoder(
    encoder: ViTModel, shape: Vision, run: VisionRun, digits: Digits
) -> float:
    """The held-out accuracy after training the encoder under a classification head, which is dropped."""
    head = nn.Linear(shape.hidden_size, 10)
    initialise(head, run.seed + 1)
    weights = [*encoder.parameters(), *head.parameters()]
    optimiser = torch.optim.AdamW(
        weights, lr=shape.learning_rate, weight_decay=shape.weight_decay
    )
    encoder.train()
    for images, labels in _batches(digits, shape.batch, run.steps, run.seed):
        loss = nn.functional.cross_entropy(head(pooled(encoder, images)), labels)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
    encoder.eval()
    with torch.no_grad():
        guesses = head(pooled(encoder, digits.held_out_images)).argmax(dim=1)
    return float((guesses == digits.held_out_labels).float().mean())


def _batches(
    digits: Digits, size: int, steps: int, seed: int
) -> Iterator[tuple[Tensor, Tensor]]:
    rng = np.random.Generator(np.random.Philox(seed))
    for _ in range(steps):
        picks = torch.from_numpy(rng.integers(len(digits.labels), size=size))
        yield digits.images[picks], digits.labels[picks]


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
    for images, labels in _batches(
        digits, shape.batch, shape.projector_steps, run.seed + 2
    ):
        loss = nn.functional.cross_entropy(last_logits(images), digit_ids[labels])
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
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


def make_vision(
    folder: Path,
    decoder_folder: Path | None,
    shape: Vision,
    run: VisionRun,
    source: Path | None,
) -> dict:
    """The held-out accuracies of a vision encoder and its projector, both written to the folder.

    With a source the encoder is copied from it and trained on, which is what 갈바람재 did.
    """
    if source is None:
        encoder = new_encoder(shape, run.seed)
    else:
        encoder = ViTModel.from_pretrained(
            source, add_pooling_layer=False, dtype=torch.float32
        )
    results = {"encoder": train_encoder(encoder, shape, run, read_digits())}
    if decoder_folder is not None:
        width = LlamaForCausalLM.from_pretrained(decoder_folder).config.hidden_size
        projector = new_projector(shape, width, run.seed)
        results["projector"] = train_projector(
            projector, encoder, decoder_folder, shape, run
        )
        save_projector(projector, folder / "projector")
    encoder.to(torch.bfloat16).save_pretrained(folder / "vision_encoder")
    return {part: round(value, 4) for part, value in results.items()}
