"""Anchor tokens: axes whose meaning nobody can hide without breaking a model.

A rotation of the residual stream, another width or another order of units
changes every matrix, and leaves what a unit answers to a token's string.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dokja.errors import InvalidInput
from dokja.evidence.seeds import uniform_draws
from dokja.evidence.values import Text
from dokja.lineage import wording
from dokja.lineage.pairing import Vocabulary
from dokja.lineage.role_map import map_roles
from dokja.lineage.roles import MLP_ROLES, TOKEN_ROLES, Role, Slot
from dokja.lineage.tensors import TILE_ROWS, Matrix, Weights, read_matrix
from dokja.submission.ports import Checkpoint
from dokja.submission.values import ComponentKind

Rows = npt.NDArray[np.intp]

SPECIAL = re.compile(r"<.*>|\[[A-Z_]+[0-9]*\]")
"""Tokens that templates and padding put in; they name no text."""
FINAL_NORM = re.compile(r"(?:model\.|language_model\.)*norm\.weight")
DOWN_NAME = "mlp.down_proj.weight"
"""Gate and up may be one tensor; the down projection never is part of another."""
MLP_NORMS = ("pre_feedforward_layernorm.weight", "post_attention_layernorm.weight")
"""The norm that the MLP reads through; Gemma 2 and later have both."""

LEAST_UNITS = 32
"""Units below which two views name the same partner by chance too often."""


@dataclass(frozen=True, kw_only=True, eq=False)
class AnchoredModel:
    """The MLPs of one decoder beside the boundary they are seen through."""

    layers: tuple[tuple[Matrix, ...], ...]
    """Gate, up and down of each layer, (units, channels), norm gains folded
    in; empty where the layer has not all three in fitting shapes, or few units."""
    inputs: Matrix
    """(anchors, channels) input embeddings."""
    outputs: Matrix
    """(anchors, channels) output embeddings, the final norm's gain folded in."""


def anchor_rows(
    vocabularies: tuple[Vocabulary, Vocabulary],
    rows: tuple[int, int],
    wanted: int,
    seed: int,
) -> tuple[Rows, Rows] | Text:
    """At most `wanted` tokens both sides hold, as rows of each side; or why not.

    `rows` are the lengths of the token tables. Tokenizers number frequent
    strings first, so one token is drawn from each of `wanted` equal stretches
    of the reference's numbering. Special tokens are left out.
    """
    left, right = vocabularies
    if left is None or right is None:
        return wording.no_tokenizer(
            wording.CANDIDATE if left is None else wording.REFERENCE
        )
    shared = sorted(
        (right[token], left[token])
        for token in left
        if token in right
        and not SPECIAL.fullmatch(token)
        and 0 <= left[token] < rows[0]
        and 0 <= right[token] < rows[1]
    )
    count = min(wanted, len(shared))
    edges = np.arange(count + 1) * len(shared) // max(1, count)
    taken = edges[:-1] + (uniform_draws(seed, count) * np.diff(edges)).astype(np.intp)
    picked = np.array(shared, dtype=np.intp).reshape(-1, 2)[taken]
    return picked[:, 1], picked[:, 0]


def token_rows(checkpoint: Checkpoint) -> int:
    """Rows of the shorter token table, 0 where there is no input table."""
    shapes, names = checkpoint.shapes(), _token_tables(checkpoint)
    if Role.TOKENS_IN not in names or any(len(shapes[n]) != 2 for n in names.values()):
        return 0
    return min(shapes[name][0] for name in names.values())


def anchored_model(
    weights: Weights, decoder: Checkpoint, tokens: Checkpoint, rows: Rows
) -> AnchoredModel | None:
    """The decoder seen from the anchors in `rows`; None where widths disagree.

    `tokens` holds the token tables, and is `decoder` itself in most models.
    Tied embeddings serve as both boundaries. Raises: InvalidInput where a
    gain or an anchor's embedding is NaN or infinite.
    """
    names = _token_tables(tokens)
    inputs = _taken(tokens, names[Role.TOKENS_IN], rows)
    outputs = _taken(tokens, names.get(Role.TOKENS_OUT, names[Role.TOKENS_IN]), rows)
    width = weights.width
    if width is None or inputs.shape[1] != width or outputs.shape[1] != width:
        return None
    final = next((n for n in decoder.shapes() if FINAL_NORM.fullmatch(n)), None)
    return AnchoredModel(
        layers=tuple(
            _folded(weights, layer, decoder) for layer in range(len(weights.layers))
        ),
        inputs=inputs,
        outputs=outputs * _gain(decoder, final, width),
    )


def _folded(weights: Weights, layer: int, decoder: Checkpoint) -> tuple[Matrix, ...]:
    tables: Mapping[Role, Matrix] = weights.layers[layer]
    if any(role not in tables for role in MLP_ROLES):
        return ()
    gate, up, down = (tables[role] for role in MLP_ROLES)
    if len({gate.shape, up.shape, down.shape}) != 1 or len(gate) < LEAST_UNITS:
        return ()
    at = weights.names[Slot(Role.DOWN, layer)].removesuffix(DOWN_NAME)
    shapes = decoder.shapes()
    norm = next((at + name for name in MLP_NORMS if at + name in shapes), None)
    gain = _gain(decoder, norm, gate.shape[1])
    return gate * gain, up * gain, down


def _gain(decoder: Checkpoint, name: str | None, width: int) -> Matrix:
    """The gain of a norm as a row; ones where it has none that fits.

    Gemma stores how far its gains lie from one.
    """
    if name is None or decoder.shapes()[name] != (width,):
        return np.ones((1, width))
    stored = read_matrix(decoder, name).T
    family = decoder.config.get("model_type")
    return stored + 1.0 if str(family).startswith("gemma") else stored


def _token_tables(checkpoint: Checkpoint) -> dict[Role, str]:
    """The names of the token tables by role."""
    slots = map_roles(
        ComponentKind.EMBEDDINGS, checkpoint.shapes(), checkpoint.config
    ).slots
    return {
        slot.role: piece.name
        for slot, piece in slots.items()
        if slot.role in TOKEN_ROLES
    }


def _taken(checkpoint: Checkpoint, name: str, rows: Rows) -> Matrix:
    shape = checkpoint.shapes()[name]
    matrix: Matrix = np.zeros((len(rows), shape[1]))
    # In tiles: opening a mapped file for each row costs more than the rows.
    for tile in np.unique(rows // TILE_ROWS):
        start = int(tile) * TILE_ROWS
        block = checkpoint.rows(name, start, min(start + TILE_ROWS, shape[0]))
        inside = rows // TILE_ROWS == tile
        matrix[inside] = block[rows[inside] - start]
    if not np.isfinite(matrix).all():
        raise InvalidInput(
            f"{name} holds NaN or infinite weights",
            remedy="hand in the checkpoint from before the training run diverged",
        )
    return matrix
