"""The pairs of a set, each with what the zoo's own record says is true of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shares import true_shares

# Descendants first, so that a run that is cut short has said something of each.
KINDS = ("derived", "knowledge", "common_start", "independent")
KEPT = ("relation", "strength", "parents", "seed", "parameters", "held_out_loss")
TAUGHT = ("plain_loss", "tokens", "tokens_of_parents", "epochs", "camouflage")
Model = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Posed:
    """A pair that is asked, with what is true of it."""

    folders: tuple[Path, Path]
    truth: dict[str, Any]


def zoo(place: Path) -> dict[str, Any]:
    """What the page tells of a set: its models without their shapes' details."""
    truth = _truth(place)
    models = {
        name: {key: model[key] for key in (*KEPT, *TAUGHT)}
        | {key: model["shape"][key] for key in ("family", "hidden", "layers")}
        for name, model in truth["models"].items()
    }
    return {"set": truth["set"], "planned": truth["planned"], "models": models}


def posed(place: Path) -> list[Posed]:
    """The pairs of a set: each base as reference, two bases once.

    Of another architecture than the reference's only bases are asked: what
    derives from one has its shape and would say the same again.
    """
    truth = _truth(place)
    pairs = [_pair(place, truth, *names) for names in _names(truth["models"])]
    return sorted(pairs, key=lambda pair: KINDS.index(pair.truth["truth"]))


def _truth(place: Path) -> dict[str, Any]:
    stored: dict[str, Any] = json.loads((place / "truth.json").read_text("utf-8"))
    return stored


def _names(models: dict[str, Model]) -> Iterator[tuple[str, str]]:
    bases = [name for name, model in models.items() if model["relation"] == "base"]
    for at, reference in enumerate(bases):
        family = models[reference]["shape"]["family"]
        for candidate, model in models.items():
            near = model["shape"]["family"] == family
            if candidate not in bases[: at + 1] and (near or candidate in bases):
                yield candidate, reference


def _pair(place: Path, truth: dict[str, Any], candidate: str, reference: str) -> Posed:
    models = truth["models"]
    model = models[candidate]
    folders = (place / candidate, place / reference)
    derives = model["derives"].get(reference)
    return Posed(
        folders=folders,
        truth={
            "set": truth["set"],
            "candidate": candidate,
            "reference": reference,
            "truth": _kind(models, candidate, reference),
            "relation": model["relation"],
            "strength": model["strength"],
            "camouflage": model["camouflage"],
            "same_shape": model["shape"] == models[reference]["shape"],
            "derives": derives,
            "true_shares": true_shares(folders, model, derives) if derives else {},
        },
    )


def _kind(models: dict[str, Model], candidate: str, reference: str) -> str:
    """What is true of a pair, from the zoo's record alone.

    `derived` where a part of the candidate descends from the reference,
    `knowledge` where it only learned from the reference's answers,
    `common_start` where both began from one draw of the weights and neither
    learned anything from the other, and else `independent`.
    """
    model, other = models[candidate], models[reference]
    if reference in model["derives"]:
        return "derived"
    if reference in model["behaviour_of"]:
        return "knowledge"
    # Only a base that is finished is a model: one still being built has no shape.
    began = [models[name] for name in model["ancestors"] if name in models]
    same = any(
        (b["seed"], b["shape"]) == (other["seed"], other["shape"]) for b in began
    )
    return "common_start" if same else "independent"
