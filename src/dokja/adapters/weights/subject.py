"""A model folder opened for lineage, with or without a manifest."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

from dokja.adapters.weights.folder import LocalModelFolder
from dokja.errors import InvalidInput
from dokja.evidence.canonical import read_as
from dokja.lineage import LineageSubject, kinds_of
from dokja.submission.ports import Checkpoint, ModelFolder
from dokja.submission.values import (
    ComponentKind,
    DeclaredComponent,
    Manifest,
    ReferenceModel,
)

SUBMISSION, REFERENCE = "submission.toml", "model.toml"


def open_subject(
    name: str, folder: ModelFolder, components: Iterable[DeclaredComponent]
) -> LineageSubject:
    """The declared components, opened; one path is opened once.

    Embeddings that stand in a declared decoder's checkpoint are added where
    the manifest leaves them out, so that leaving out hides nothing. Raises:
    InvalidInput where a path holds no readable weights.
    """
    by_path: dict[str, Checkpoint] = {}
    opened: dict[ComponentKind, Checkpoint] = {}
    for component in components:
        if component.path not in by_path:
            by_path[component.path] = folder.checkpoint(component.path)
        opened[component.kind] = by_path[component.path]
    return LineageSubject(name=name, components=_with_embeddings(opened))


def find_subject(root: Path, *, block_bytes: int) -> LineageSubject:
    """The model at `root`: by its manifest, else by what the folder holds.

    Without submission.toml or model.toml: subfolders named like components,
    else the folder's own weights, judged by their tensor names. Raises:
    InvalidInput where there is nothing to compare.
    """
    folder = LocalModelFolder(root, block_bytes=block_bytes)
    if (root / SUBMISSION).exists():
        manifest = read_as(_table(folder, SUBMISSION), Manifest, where=SUBMISSION)
        return open_subject(manifest.team, folder, manifest.components)
    if (root / REFERENCE).exists():
        model = read_as(_table(folder, REFERENCE), ReferenceModel, where=REFERENCE)
        return open_subject(model.id, folder, model.components)
    name = root.resolve().name
    opened: dict[ComponentKind, Checkpoint] = {}
    for kind in ComponentKind:
        if (root / kind.value).is_dir():
            opened[kind] = folder.checkpoint(kind.value)
    if not opened:
        whole = folder.checkpoint(".")
        opened = dict.fromkeys(kinds_of(whole.shapes()), whole)
    if not opened:
        raise InvalidInput(
            f"{name} holds no component whose tensors are known",
            remedy="add a model.toml that names each component and its path",
        )
    return LineageSubject(name=name, components=_with_embeddings(opened))


def _with_embeddings(
    opened: dict[ComponentKind, Checkpoint],
) -> dict[ComponentKind, Checkpoint]:
    """`opened` with the embeddings that a decoder's checkpoint holds."""
    decoder = opened.get(ComponentKind.TEXT_DECODER)
    if decoder is None or ComponentKind.EMBEDDINGS not in kinds_of(decoder.shapes()):
        return opened
    return {ComponentKind.EMBEDDINGS: decoder, **opened}


def _table(folder: LocalModelFolder, path: str) -> dict[str, object]:
    try:
        return tomllib.loads(folder.read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(
            f"{path} is not valid TOML: {error}",
            remedy="correct the named line; strings need quotes",
        ) from error
