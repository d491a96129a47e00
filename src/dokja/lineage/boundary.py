"""Anchors: axes whose meaning nobody can hide without breaking a model.

A rotation of the residual stream, another width or another order of units
changes every matrix, and leaves what a unit answers to a token's string, to
a pixel or to a mel band.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dokja.evidence.values import Text
from dokja.lineage import wording
from dokja.lineage.draws import Draws
from dokja.lineage.layout import Indices, Layout, Matrix, Table, read_layout, take
from dokja.lineage.roles import Role
from dokja.lineage.values import LineageRules
from dokja.submission.ports import Checkpoint
from dokja.submission.values import ComponentKind

Vocabulary = Mapping[str, int] | None

SPECIAL = re.compile(r"<.*>|\[[A-Z_]+[0-9]*\]")
"""Tokens that templates and padding put in; they name no text."""
FINAL_NORM = re.compile(
    r"(?:model\.|language_model\.|transformer\.|gpt_neox\.)*"
    r"(?:norm|ln_f|final_layer_norm|final_layernorm)\.weight"
)
MLP_NORMS = (
    "pre_feedforward_layernorm.weight",
    "post_attention_layernorm.weight",
    "ln_2.weight",
    "layernorm_after.weight",
    "layer_norm2.weight",
    "final_layer_norm.weight",
    "input_layernorm.weight",
)
"""The norm that an MLP reads through, the more specific names first."""
ATTENTION_NORMS = (
    "input_layernorm.weight",
    "ln_1.weight",
    "layernorm_before.weight",
    "layer_norm1.weight",
    "self_attn_layer_norm.weight",
)
STEM = ("conv1.weight", "conv2.weight")
"""Two convolutions between mel bands and the residual stream."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Anchors:
    """One side's boundary: the same meaning in the same row on both sides."""

    inputs: Matrix
    """(anchors, channels) what enters the residual stream."""
    outputs: Matrix
    """(anchors, channels) what is read from it, the final norm's gain folded
    in; equal to `inputs` where a component has no read-out of its own."""


@dataclass(frozen=True, kw_only=True, eq=False)
class TokenTables:
    """The token tables beside a text component."""

    checkpoint: Checkpoint
    entry: Table
    head: Table
    """The input table itself where embeddings are tied."""

    @property
    def rows(self) -> int:
        """Tokens that both tables hold."""
        return min(self.entry.shape[0], self.head.shape[0])

    def tables(self) -> Mapping[Role, Table]:
        """The tables by role; one where they are tied."""
        found = {Role.TOKENS_IN: self.entry}
        return (
            found if self.head is self.entry else found | {Role.TOKENS_OUT: self.head}
        )


def token_tables(checkpoint: Checkpoint | None) -> TokenTables | None:
    """The token tables in a checkpoint, None where it has no input table."""
    if checkpoint is None:
        return None
    found = read_layout(ComponentKind.EMBEDDINGS, checkpoint).boundary
    if Role.TOKENS_IN not in found:
        return None
    entry = found[Role.TOKENS_IN]
    return TokenTables(
        checkpoint=checkpoint, entry=entry, head=found.get(Role.TOKENS_OUT, entry)
    )


def shared_tokens(
    vocabularies: tuple[Vocabulary, Vocabulary], rows: tuple[int, int]
) -> tuple[Indices, Indices] | Text:
    """Rows of each side's tables for the strings both hold; or why none.

    In the order of the reference's numbering. `rows` are the lengths of the
    tables. Special tokens are left out.
    """
    left, right = vocabularies
    if left is None or right is None:
        return wording.no_tokenizer(
            wording.CANDIDATE if left is None else wording.REFERENCE
        )
    shared = sorted(
        (right[token], left[token], token)
        for token in left
        if token in right
        and not SPECIAL.fullmatch(token)
        and 0 <= left[token] < rows[0]
        and 0 <= right[token] < rows[1]
    )
    theirs = np.array([row for row, _, _ in shared], dtype=np.intp)
    mine = np.array([row for _, row, _ in shared], dtype=np.intp)
    return mine, theirs


def find_anchors(
    layouts: tuple[Layout, Layout],
    checkpoints: tuple[Checkpoint, Checkpoint],
    tables: tuple[TokenTables | None, TokenTables | None],
    rules: LineageRules,
    draws: Draws,
) -> tuple[Anchors, Anchors] | Text:
    """The boundary of both sides, row by row alike; or why there is none.

    Arguments in pairs are the candidate's and the reference's.
    """
    if layouts[0].kind is ComponentKind.VISION_ENCODER:
        made = [_pixels(one, at) for one, at in zip(layouts, checkpoints, strict=True)]
    elif layouts[0].kind is ComponentKind.AUDIO_ENCODER:
        made = [_bands(checkpoint) for checkpoint in checkpoints]
    else:
        return _tokens(layouts, checkpoints, tables, rules, draws)
    for side, anchors in zip(wording.SIDES, made, strict=True):
        if anchors is None:
            return wording.no_stem(side)
    axes = [len(anchors) for anchors in made if anchors is not None]
    if len(set(axes)) > 1:
        return wording.other_stem(axes[0], axes[1])
    if axes[0] < rules.shared_tokens_minimum:
        return wording.few_axes(axes[0], needed=rules.shared_tokens_minimum)
    taken = draws.some("anchors", axes[0], rules.anchor_tokens)
    mine, theirs = (anchors[taken] for anchors in made if anchors is not None)
    return (
        Anchors(inputs=mine, outputs=mine),
        Anchors(inputs=theirs, outputs=theirs),
    )


def gain(checkpoint: Checkpoint, names: Sequence[str], width: int) -> Matrix:
    """(1, width) gain of the first norm found; ones where none fits.

    Gemma stores how far its gains lie from one.
    """
    shapes = checkpoint.shapes()
    name = next((n for n in names if shapes.get(n) == (width,)), None)
    if name is None:
        return np.ones((1, width), dtype=np.float32)
    stored = checkpoint.picked(name, np.arange(width), None).reshape(1, width)
    family = str(checkpoint.config.get("model_type"))
    return stored + np.float32(1.0) if family.startswith("gemma") else stored


def _tokens(
    layouts: tuple[Layout, Layout],
    checkpoints: tuple[Checkpoint, Checkpoint],
    tables: tuple[TokenTables | None, TokenTables | None],
    rules: LineageRules,
    draws: Draws,
) -> tuple[Anchors, Anchors] | Text:
    for side, layout, table in zip(wording.SIDES, layouts, tables, strict=True):
        widths = {} if table is None else {table.entry.shape[1], table.head.shape[1]}
        if widths != {layout.width}:
            return wording.no_anchors(side)
    mine, theirs = tables
    if mine is None or theirs is None:
        return wording.no_anchors(wording.CANDIDATE)
    rows = shared_tokens(
        (mine.checkpoint.vocabulary, theirs.checkpoint.vocabulary),
        (mine.rows, theirs.rows),
    )
    if isinstance(rows, Text):
        return rows
    needed = min(rules.shared_tokens_minimum, rules.anchor_tokens)
    if len(rows[0]) < needed:
        return wording.few_shared_tokens(len(rows[0]), needed=needed)
    taken = draws.spread("anchors", len(rows[0]), rules.anchor_tokens)
    found = [
        _token_anchors(checkpoint, table, one[taken])
        for checkpoint, table, one in zip(
            checkpoints, (mine, theirs), rows, strict=True
        )
    ]
    return found[0], found[1]


def _token_anchors(body: Checkpoint, tables: TokenTables, rows: Indices) -> Anchors:
    inputs = take(tables.checkpoint, tables.entry, rows, None)
    head = take(tables.checkpoint, tables.head, rows, None)
    final = [name for name in sorted(body.shapes()) if FINAL_NORM.fullmatch(name)]
    return Anchors(inputs=inputs, outputs=head * gain(body, final, head.shape[1]))


def _pixels(layout: Layout, checkpoint: Checkpoint) -> Matrix | None:
    table = layout.boundary.get(Role.PATCH)
    return None if table is None else take(checkpoint, table, None, None)


def _bands(checkpoint: Checkpoint) -> Matrix | None:
    """(taps x mel bands, channels): the two convolutions as one linear map.

    Leaves out what lies between them (a smooth rectifier): an order of the
    inner channels cancels, and the map keeps what a band adds to the stream.
    """
    shapes = checkpoint.shapes()
    names = [next((n for n in sorted(shapes) if n.endswith(e)), "") for e in STEM]
    if any(len(shapes.get(name, ())) != 3 for name in names):
        return None
    first, second = (
        checkpoint.picked(name, np.arange(shapes[name][0]), None).reshape(shapes[name])
        for name in names
    )
    if second.shape[1] != first.shape[0]:
        return None
    inner = second.sum(axis=2)
    return np.concatenate(
        [(inner @ first[:, :, tap]).T for tap in range(first.shape[2])]
    )
