"""Canonical roles of tensor names, and which roles make up a component."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from dokja.lineage.values import TensorClass
from dokja.submission.values import ComponentKind


class Role(StrEnum):
    """What a tensor does, whatever the saving library calls it."""

    GATE = "gate"
    UP = "up"
    UP_BIAS = "up_bias"
    DOWN = "down"
    QUERY = "query"
    KEY = "key"
    VALUE = "value"
    OUTPUT = "output"
    TOKENS_IN = "tokens_in"
    TOKENS_OUT = "tokens_out"
    PATCH = "patch"
    POSITIONS = "positions"
    PROJECTOR_IN = "projector_in"
    PROJECTOR_OUT = "projector_out"


MLP_ROLES = (Role.GATE, Role.UP, Role.DOWN)
ATTENTION_ROLES = (Role.QUERY, Role.KEY, Role.VALUE, Role.OUTPUT)
TOKEN_ROLES = (Role.TOKENS_IN, Role.TOKENS_OUT)
VISION_BOUNDARY = (Role.PATCH, Role.POSITIONS)
PROJECTOR_ROLES = (Role.PROJECTOR_IN, Role.PROJECTOR_OUT)

TRANSPOSED = frozenset({Role.DOWN, Role.OUTPUT, Role.PATCH, Role.PROJECTOR_OUT})
"""Stored with the residual channels (or projector outputs) as rows."""

CLASS_OF: Mapping[Role, TensorClass] = {
    **dict.fromkeys((*MLP_ROLES, *PROJECTOR_ROLES), TensorClass.MLP),
    **dict.fromkeys(ATTENTION_ROLES, TensorClass.ATTENTION),
    **dict.fromkeys((*TOKEN_ROLES, *VISION_BOUNDARY), TensorClass.BOUNDARY),
}
"""The class of every role that can carry evidence."""

COMPONENT_ROLES: Mapping[ComponentKind, tuple[Role, ...]] = {
    ComponentKind.TEXT_DECODER: (*MLP_ROLES, *ATTENTION_ROLES),
    ComponentKind.EMBEDDINGS: TOKEN_ROLES,
    ComponentKind.VISION_ENCODER: (
        *MLP_ROLES,
        Role.UP_BIAS,
        *ATTENTION_ROLES,
        *VISION_BOUNDARY,
    ),
    ComponentKind.PROJECTOR: PROJECTOR_ROLES,
}
"""Components this version can read, with the roles it uses of them."""


@dataclass(frozen=True, order=True)
class Slot:
    """A role in a layer; `layer` is -1 for tensors that stand outside layers."""

    role: Role
    layer: int


@dataclass(frozen=True, kw_only=True)
class RoleMap:
    """Names of a component's tensors by slot, and every name left out."""

    slots: Mapping[Slot, str]
    untested: Mapping[str, str]
    """Names that carry no evidence, with the reason."""

    @property
    def layers(self) -> tuple[int, ...]:
        """Layer numbers that occur, in order; a gap stays a gap."""
        return tuple(sorted({slot.layer for slot in self.slots if slot.layer >= 0}))


_DECODER = r"(?:model\.|language_model\.)*"
_VISION = r"(?:vit\.|vision_model\.|model\.)*"
_LAYERED: Mapping[ComponentKind, tuple[tuple[str, Role], ...]] = {
    ComponentKind.TEXT_DECODER: tuple(
        (rf"{_DECODER}layers\.(\d{{1,4}})\.{part}\.weight", role)
        for part, role in (
            (r"mlp\.gate_proj", Role.GATE),
            (r"mlp\.up_proj", Role.UP),
            (r"mlp\.down_proj", Role.DOWN),
            (r"self_attn\.q_proj", Role.QUERY),
            (r"self_attn\.k_proj", Role.KEY),
            (r"self_attn\.v_proj", Role.VALUE),
            (r"self_attn\.o_proj", Role.OUTPUT),
        )
    ),
    ComponentKind.VISION_ENCODER: tuple(
        (rf"{_VISION}(?:encoder\.layer|layers)\.(\d{{1,4}})\.{part}", role)
        for part, role in (
            (r"(?:intermediate\.dense|mlp\.fc1)\.weight", Role.UP),
            (r"(?:intermediate\.dense|mlp\.fc1)\.bias", Role.UP_BIAS),
            (r"(?:output\.dense|mlp\.fc2)\.weight", Role.DOWN),
            (r"attention\.(?:attention\.query|q_proj)\.weight", Role.QUERY),
            (r"attention\.(?:attention\.key|k_proj)\.weight", Role.KEY),
            (r"attention\.(?:attention\.value|v_proj)\.weight", Role.VALUE),
            (r"attention\.(?:output\.dense|o_proj)\.weight", Role.OUTPUT),
        )
    ),
}
_SINGLE: Mapping[ComponentKind, tuple[tuple[str, Role], ...]] = {
    ComponentKind.EMBEDDINGS: (
        (rf"{_DECODER}embed_tokens\.weight", Role.TOKENS_IN),
        (rf"{_DECODER}lm_head\.weight", Role.TOKENS_OUT),
    ),
    ComponentKind.VISION_ENCODER: (
        (rf"{_VISION}embeddings\.patch_embeddings\.projection\.weight", Role.PATCH),
        (rf"{_VISION}embeddings\.position_embeddings", Role.POSITIONS),
    ),
    ComponentKind.PROJECTOR: (
        (r"(?:0|linear_1|linear1|fc1)\.weight", Role.PROJECTOR_IN),
        (r"(?:2|linear_2|linear2|fc2)\.weight", Role.PROJECTOR_OUT),
        (r"(?:linear\.|proj\.|projector\.)?weight", Role.PROJECTOR_IN),
    ),
}
_DETERMINISTIC = (
    (
        r"(?:.*\.)?\w*(?:norm|layernorm_before|layernorm_after)\.weight",
        "norm gains start at one in every model and stay alike",
    ),
    (r"(?:.*\.)?bias", "biases start at zero in every model"),
    (
        r"(?:.*\.)?(?:cls_token|mask_token|distillation_token)",
        "a single vector, which many libraries start at zero",
    ),
    (
        r"(?:.*\.)?(?:inv_freq|position_ids|masked_bias)",
        "a table that the architecture fixes",
    ),
    (r"(?:.*\.)?(?:pooler|classifier)\..*", "a read-out that is not part of the body"),
)
_SIBLING: Mapping[ComponentKind, ComponentKind] = {
    ComponentKind.TEXT_DECODER: ComponentKind.EMBEDDINGS,
    ComponentKind.EMBEDDINGS: ComponentKind.TEXT_DECODER,
}
"""Components that share a checkpoint, and pass over each other's tensors."""


def map_roles(kind: ComponentKind, shapes: Mapping[str, tuple[int, ...]]) -> RoleMap:
    """The component's tensors by slot; every other name with its reason.

    Tensors of the sibling component in the same checkpoint are passed over:
    the sibling's own comparison names them.
    """
    slots: dict[Slot, str] = {}
    untested: dict[str, str] = {}
    for name in sorted(shapes):
        slot = slot_of(kind, name)
        if slot is None and _belongs_to_sibling(kind, name):
            continue
        if slot is None:
            untested[name] = _reason(kind, name)
        elif slot in slots:
            untested[name] = f"the same role as {slots[slot]}"
        else:
            slots[slot] = name
            if slot.role is Role.UP_BIAS:
                untested[name] = _reason(kind, name)
    return RoleMap(slots=slots, untested=untested)


def slot_of(kind: ComponentKind, name: str) -> Slot | None:
    """The slot a name stands for in a component, None where it has none."""
    for pattern, role in _SINGLE.get(kind, ()):
        if re.fullmatch(pattern, name):
            return Slot(role, -1)
    for pattern, role in _LAYERED.get(kind, ()):
        match = re.fullmatch(pattern, name)
        if match:
            return Slot(role, int(match.group(1)))
    return None


def kinds_of(names: Mapping[str, tuple[int, ...]]) -> tuple[ComponentKind, ...]:
    """Components whose roles occur among the names, in a fixed order.

    A projector is not guessed: names such as `0.weight` occur everywhere.
    """
    return tuple(
        kind
        for kind in COMPONENT_ROLES
        if kind is not ComponentKind.PROJECTOR
        and any(slot_of(kind, name) is not None for name in names)
    )


def _belongs_to_sibling(kind: ComponentKind, name: str) -> bool:
    sibling = _SIBLING.get(kind)
    if sibling is None:
        return False
    if slot_of(sibling, name) is not None:
        return True
    # Norms and biases of a decoder are listed once, with the decoder.
    return kind is ComponentKind.EMBEDDINGS and _deterministic(name) is not None


def _deterministic(name: str) -> str | None:
    for pattern, reason in _DETERMINISTIC:
        if re.fullmatch(pattern, name):
            return reason
    return None


def _reason(kind: ComponentKind, name: str) -> str:
    if kind not in COMPONENT_ROLES:
        return f"this version reads no {kind.value}"
    return _deterministic(name) or "no canonical role for this name"
