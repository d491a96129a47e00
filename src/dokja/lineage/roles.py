"""Canonical roles: what a tensor does, whatever the saving library calls it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from dokja.lineage.values import TensorClass


class Role(StrEnum):
    """What a matrix does in its component."""

    GATE = "gate"
    UP = "up"
    UP_BIAS = "up_bias"
    DOWN = "down"
    QUERY = "query"
    KEY = "key"
    VALUE = "value"
    OUTPUT = "output"
    QUERY_LATENT = "query_latent"
    """Residual stream to the latent from which all queries are made."""
    KEY_VALUE_LATENT = "key_value_latent"
    """Residual stream to the latent of keys and values, and the rotary key."""
    CROSS_QUERY = "cross_query"
    """Query of the attention to another component's output."""
    CROSS_OUTPUT = "cross_output"
    ROUTER = "router"
    """Experts by channels: what a mixture picks its experts with."""
    TOKENS_IN = "tokens_in"
    TOKENS_OUT = "tokens_out"
    PATCH = "patch"
    POSITIONS = "positions"
    PROJECTOR_IN = "projector_in"
    PROJECTOR_OUT = "projector_out"


MLP_ROLES = (Role.GATE, Role.UP, Role.DOWN)
ATTENTION_ROLES = (
    Role.QUERY,
    Role.KEY,
    Role.VALUE,
    Role.OUTPUT,
    Role.QUERY_LATENT,
    Role.KEY_VALUE_LATENT,
    Role.CROSS_QUERY,
    Role.CROSS_OUTPUT,
)
"""Matrices of attention that read or write their own residual stream."""
TOKEN_ROLES = (Role.TOKENS_IN, Role.TOKENS_OUT)
VISION_BOUNDARY = (Role.PATCH, Role.POSITIONS)
PROJECTOR_ROLES = (Role.PROJECTOR_IN, Role.PROJECTOR_OUT)

TRANSPOSED = frozenset(
    {Role.DOWN, Role.OUTPUT, Role.CROSS_OUTPUT, Role.PATCH, Role.PROJECTOR_OUT}
)
"""Stored with the residual channels (or projector outputs) as rows."""

CLASS_OF: Mapping[Role, TensorClass] = {
    **dict.fromkeys((*MLP_ROLES, *PROJECTOR_ROLES), TensorClass.MLP),
    **dict.fromkeys(ATTENTION_ROLES, TensorClass.ATTENTION),
    **dict.fromkeys((*TOKEN_ROLES, *VISION_BOUNDARY), TensorClass.BOUNDARY),
}
"""The class of every role that can carry evidence."""


@dataclass(frozen=True, order=True)
class Slot:
    """A role in a layer, and in one expert of the layer's mixture.

    `layer` is -1 for tensors that stand outside layers; `expert` is -1 for
    whatever every token passes through: attention, a dense MLP, and the
    shared expert of a layer that has no dense MLP.
    """

    role: Role
    layer: int
    expert: int = -1
