"""The act: a model's fingerprint, in one pass over its tensors."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from dokja.evidence.ports import Compute
from dokja.lineage.fingerprints.sampling import (
    Indices,
    anchor_tokens,
    sampled,
    sampled_tokens,
)
from dokja.lineage.fingerprints.sketches import (
    BASIS,
    BOUNDARY,
    Values,
    anchor_angles,
    basis_sketch,
    gram_sketch,
)
from dokja.lineage.fingerprints.values import (
    SCHEMA,
    ComponentPrint,
    DigestGroup,
    Fact,
    Fingerprint,
)
from dokja.lineage.ports import LineageSubject
from dokja.lineage.role_map import Piece, RoleMap, map_roles
from dokja.lineage.roles import (
    ATTENTION_ROLES,
    MLP_ROLES,
    PROJECTOR_ROLES,
    TOKEN_ROLES,
    Role,
    Slot,
)
from dokja.submission.ports import Checkpoint
from dokja.submission.values import ComponentKind

LAYERED = (*MLP_ROLES, *ATTENTION_ROLES)
OUTSIDE = (*TOKEN_ROLES, Role.PATCH, *PROJECTOR_ROLES)
"""Position tables are left out: sines and cosines are equal in many models."""
GRAM_ROLES = (Role.GATE, Role.UP, Role.QUERY, Role.KEY, Role.VALUE)
"""Roles whose rows read the residual stream."""
SKETCHED = frozenset((*LAYERED, *OUTSIDE))
DIGEST = 8
LOWEST = 16
"""Digests kept of a group."""
LAYERS = 192
"""Layers sketched of all components together; the first of each are taken."""
GROUPS = 96

EXPERT = re.compile(r"(?:.*\.)?(?:layers|h|blocks?)\.(\d{1,4})\..*\bexperts?\b.*")
LAYER = re.compile(r"(?:.*\.)?(?:layers|h)\.\d{1,4}\.")
NORMS: Mapping[Role, tuple[str, ...]] = {
    **dict.fromkeys((Role.QUERY, Role.KEY, Role.VALUE), ("input_layernorm.weight",)),
    **dict.fromkeys(
        (Role.GATE, Role.UP),
        ("pre_feedforward_layernorm.weight", "post_attention_layernorm.weight"),
    ),
}
"""The norm through which a role reads; Gemma 2 and later have both of two."""
FACTS = (
    "model_type", "hidden_size", "intermediate_size", "num_hidden_layers",
    "num_attention_heads", "num_key_value_heads", "head_dim", "vocab_size",
    "hidden_act", "tie_word_embeddings", "rope_theta", "num_experts",
    "num_local_experts", "n_routed_experts", "image_size", "patch_size",
    "num_mel_bins",
)  # fmt: skip
FACT_LENGTH = 64


@dataclass(frozen=True, kw_only=True)
class Component:
    """A component as the pass sees it."""

    kind: ComponentKind
    checkpoint: Checkpoint
    shapes: Mapping[str, tuple[int, ...]]
    roles: RoleMap
    anchors: Indices | None
    """Row of each anchor in the token tables; None without a tokenizer."""
    tags: bytes


@dataclass(frozen=True, kw_only=True)
class Task:
    """One tensor of one checkpoint, and what it is to its components."""

    checkpoint: int
    name: str
    uses: tuple[tuple[int, Slot, Piece], ...]
    """Component, slot and piece."""


OnStep = Callable[[str, int, int], None]
"""Told what was read, and how many parameters of how many are done."""
Sketches = tuple[bytes, bytes, bytes]
"""Basis, gram and anchors of a slot; empty where there is nothing."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What the pass keeps of one tensor."""

    digest: bytes
    sketches: Mapping[tuple[int, Slot], Sketches]


def make_fingerprint(
    subject: LineageSubject, *, compute: Compute, on_step: OnStep
) -> Fingerprint:
    """The fingerprint of a model: at most 250 KB, equal bytes for equal weights.

    Every tensor is hashed once and a few rows of it are looked at, so that it
    takes the time of a hash and the memory of a block. Which rows, columns
    and tokens follows from the schema alone: a fingerprint finds models to
    compare and decides nothing, so nobody gains by knowing the draw.

    Raises: InvalidInput where a sampled weight is NaN or infinite.
    """
    components = _components(subject)
    tasks = _tasks(components)
    results = compute.map(
        partial(_take, components),
        tasks,
        on_done=_told(components, tasks, on_step),
    )
    taken: dict[int, dict[str, Taken]] = {}
    for task, found in zip(tasks, results, strict=True):
        taken.setdefault(task.checkpoint, {})[task.name] = found
    layered = sum(bool(component.roles.layers) for component in components)
    return Fingerprint(
        schema=SCHEMA,
        name=subject.name,
        components=tuple(
            _print(components, index, taken[_first(components, index)], layered)
            for index in range(len(components))
        ),
    )


def _told(
    components: Sequence[Component], tasks: Sequence[Task], on_step: OnStep
) -> Callable[[Task, object], None]:
    """What passes each tensor on to `on_step`, with the parameters done of all."""

    def size(task: Task) -> int:
        return math.prod(components[task.checkpoint].shapes[task.name])

    total, done = sum(size(task) for task in tasks), 0

    def tell(task: Task, _taken: object) -> None:
        nonlocal done
        done += size(task)
        on_step(task.name, done, total)

    return tell


def _components(subject: LineageSubject) -> tuple[Component, ...]:
    found = []
    for kind, checkpoint in sorted(subject.components.items()):
        shapes = checkpoint.shapes()
        roles = map_roles(kind, shapes, checkpoint.config)
        tokens = any(slot.role in TOKEN_ROLES for slot in roles.slots)
        vocabulary = checkpoint.vocabulary if tokens else None
        rows, tags = anchor_tokens(vocabulary) if vocabulary else (None, b"")
        found.append(
            Component(
                kind=kind,
                checkpoint=checkpoint,
                shapes=shapes,
                roles=roles,
                anchors=rows,
                tags=tags,
            )
        )
    return tuple(found)


def _first(components: Sequence[Component], index: int) -> int:
    """The first component of the same checkpoint, which stands for it."""
    shared = components[index].checkpoint
    return next(i for i, one in enumerate(components) if one.checkpoint is shared)


def _tasks(components: Sequence[Component]) -> list[Task]:
    uses: dict[tuple[int, str], list[tuple[int, Slot, Piece]]] = {}
    for index, component in enumerate(components):
        first = _first(components, index)
        for name in component.shapes:
            uses.setdefault((first, name), [])
        for slot, piece in sorted(component.roles.slots.items()):
            if slot.role in SKETCHED and EXPERT.fullmatch(piece.name) is None:
                uses[first, piece.name].append((index, slot, piece))
    return [
        Task(checkpoint=first, name=name, uses=tuple(found))
        for (first, name), found in uses.items()
    ]


def _take(components: Sequence[Component], task: Task) -> Taken:
    digest = components[task.checkpoint].checkpoint.digest(task.name)
    return Taken(
        digest=hashlib.sha256(digest.encode()).digest()[:DIGEST],
        sketches={
            (index, slot): _sketches(components[index], slot, piece)
            for index, slot, piece in task.uses
        },
    )


def _sketches(component: Component, slot: Slot, piece: Piece) -> Sketches:
    checkpoint, role = component.checkpoint, slot.role
    shape = component.shapes[piece.name]
    if role in TOKEN_ROLES and component.anchors is not None:
        table = sampled_tokens(checkpoint, piece.name, shape, component.anchors)
        held = (component.anchors >= 0) & (component.anchors < shape[0])
        return basis_sketch(role, table, BOUNDARY), b"", anchor_angles(table, held)
    table = sampled(checkpoint, role, piece, shape)
    if not table.size or not np.ptp(table) > 0.0:
        return b"", b"", b""
    gram = b""
    if role in GRAM_ROLES and slot.layer >= 0:
        gram = gram_sketch(role, table * _gain(component, role, piece, table.shape[1]))
    size = BASIS if role in LAYERED else BOUNDARY
    return basis_sketch(role, table, size), gram, b""


def _gain(component: Component, role: Role, piece: Piece, width: int) -> Values:
    """The gain a role reads through, so that folding it in changes nothing."""
    at = LAYER.match(piece.name)
    checkpoint = component.checkpoint
    for norm in NORMS[role] if at else ():
        name = f"{at.group() if at else ''}{norm}"
        if component.shapes.get(name) == (width,):
            stored = checkpoint.rows(name, 0, width)[:, 0]
            family = str(checkpoint.config.get("model_type"))
            return stored + np.float32(1) if family.startswith("gemma") else stored
    return np.ones(width, dtype=np.float32)


def _print(
    components: Sequence[Component],
    index: int,
    taken: Mapping[str, Taken],
    layered: int,
) -> ComponentPrint:
    component = components[index]
    shapes = component.shapes
    layers = component.roles.layers[: LAYERS // max(1, layered)]
    tables = _tables(index, taken, {layer: i for i, layer in enumerate(layers)})
    return ComponentPrint(
        kind=component.kind,
        facts=_facts(component.checkpoint.config),
        tensors=len(shapes),
        parameters=sum(math.prod(shape) for shape in shapes.values()),
        root=_root(taken),
        layers=len(layers),
        digests=tables["digests"],
        basis=tables["basis"],
        gram=tables["gram"],
        tags=component.tags,
        anchors=tables["anchors"],
        groups=_groups(component, taken),
    )


def _tables(
    index: int, taken: Mapping[str, Taken], places: Mapping[int, int]
) -> dict[str, dict[str, bytes]]:
    """Digests, basis, gram and anchors: entries by layer, zero where absent."""
    rows: dict[str, dict[str, dict[int, bytes]]] = {
        field: {} for field in ("digests", "basis", "gram", "anchors")
    }
    for found in taken.values():
        for (owner, slot), (basis, gram, anchors) in found.sketches.items():
            if owner != index or (slot.layer >= 0 and slot.layer not in places):
                continue
            entries = (
                ("digests", found.digest if basis else b""),
                ("basis", basis),
                ("gram", gram),
                ("anchors", anchors),
            )
            for field, entry in entries:
                if entry:
                    of_role = rows[field].setdefault(slot.role.value, {})
                    of_role[places.get(slot.layer, 0)] = entry
    return {
        field: {
            role: b"".join(
                entries.get(place, bytes(len(next(iter(entries.values())))))
                for place in range(len(places) if Role(role) in LAYERED else 1)
            )
            for role, entries in sorted(roles.items())
        }
        for field, roles in rows.items()
    }


def _facts(config: Mapping[str, object]) -> dict[str, Fact]:
    """The facts of config.json that are short and finite."""
    facts: dict[str, Fact] = {}
    for name in FACTS:
        value = config.get(name)
        if isinstance(value, bool):
            facts[name] = value
        elif isinstance(value, str):
            facts[name] = value.encode("utf-8", "replace").decode()[:FACT_LENGTH]
        elif isinstance(value, int | float) and abs(value) < 2**53:
            facts[name] = value
    return facts


def _root(taken: Mapping[str, Taken]) -> str:
    total = hashlib.sha256()
    for name, found in sorted(taken.items()):
        total.update(f"{name}\0".encode() + found.digest)
    return f"sha256:{total.hexdigest()}"


def _groups(
    component: Component, taken: Mapping[str, Taken]
) -> tuple[DigestGroup, ...]:
    """Experts by layer, then every other matrix without a role of its own.

    Vectors, masks and biases are left out: they are equal in many models.
    """
    members: dict[tuple[int, str], list[bytes]] = {}
    for name, shape in component.shapes.items():
        layer = EXPERT.fullmatch(name)
        if layer is None and name not in component.roles.untested:
            continue
        if name.endswith("bias") or math.prod(shape) < 2 * max(shape, default=1):
            continue
        number = int(layer[1]) if layer else -1
        label = f"experts of layer {number}" if layer else "others"
        members.setdefault((number, label), []).append(taken[name].digest)
    return tuple(
        DigestGroup(
            label=label,
            count=len(digests),
            root=hashlib.sha256(b"".join(sorted(digests))).digest()[:DIGEST],
            lowest=b"".join(sorted(set(digests))[:LOWEST]),
        )
        for (_, label), digests in sorted(members.items())[:GROUPS]
    )
