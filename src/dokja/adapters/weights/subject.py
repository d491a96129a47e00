"""A model opened for lineage, with or without a manifest, here or elsewhere."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

from dokja.adapters.weights.folder import LocalModelFolder
from dokja.adapters.weights.opening import open_checkpoint
from dokja.adapters.weights.remote import is_url, local_path, open_place
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
SHOWN_NAMES = 3
"""Names of tensors that a refusal quotes."""


def open_subject(
    name: str, folder: ModelFolder, components: Iterable[DeclaredComponent]
) -> LineageSubject:
    """The declared components, opened; one path is opened once.

    Embeddings that stand in a declared decoder's checkpoint are added where
    the manifest leaves them out, so that leaving out hides nothing. Raises:
    InvalidInput where a path holds no readable weights.
    """
    return _opened(name, folder.checkpoint, components)


def _opened(
    name: str,
    checkpoint: Callable[[str], Checkpoint],
    components: Iterable[DeclaredComponent],
) -> LineageSubject:
    by_path: dict[str, Checkpoint] = {}
    opened: dict[ComponentKind, Checkpoint] = {}
    for component in components:
        if component.path not in by_path:
            by_path[component.path] = checkpoint(component.path)
        opened[component.kind] = by_path[component.path]
    return LineageSubject(name=name, components=_with_embeddings(opened))


def find_subject(place: Path | str, *, block_bytes: int) -> LineageSubject:
    """The model at a folder, a file or an address: by its manifest, else by its files.

    Without submission.toml or model.toml: subfolders named like components,
    else the folder's own weights, judged by their tensor names. Raises:
    InvalidInput where there is nothing to compare.
    """
    if isinstance(place, str) and is_url(place):
        path = local_path(place)
        if path is None:
            return _remote_subject(place, block_bytes=block_bytes)
        place = path
    root = Path(place)
    if root.is_file():
        name = f"{root.resolve().parent.name}/{root.name}"
        whole = LocalModelFolder(root.parent, block_bytes=block_bytes).checkpoint(
            root.name
        )
        return _undeclared(name, {}, lambda: whole)
    folder = LocalModelFolder(root, block_bytes=block_bytes)
    for manifest in (SUBMISSION, REFERENCE):
        if (root / manifest).exists():
            return _declared(manifest, folder.read_text(manifest), folder.checkpoint)
    opened = {
        kind: folder.checkpoint(kind.value)
        for kind in ComponentKind
        if (root / kind.value).is_dir()
    }
    return _undeclared(root.resolve().name, opened, lambda: folder.checkpoint("."))


def _remote_subject(url: str, *, block_bytes: int) -> LineageSubject:
    place, file = open_place(url)

    def opened(path: str) -> Checkpoint:
        folder, name = place.of_weights(path)
        return open_checkpoint(folder, name, block_bytes=block_bytes)

    def whole() -> Checkpoint:
        return open_checkpoint(place, file, block_bytes=block_bytes)

    if file is not None:
        return _undeclared(f"{place.shown}/{file}", {}, whole)
    for manifest in (SUBMISSION, REFERENCE):
        if place.holds(manifest):
            return _declared(manifest, place.read_text(manifest), opened)
    found = {
        kind: opened(kind.value)
        for kind in ComponentKind
        if place.is_folder(kind.value)
    }
    return _undeclared(place.shown, found, whole)


def _declared(
    manifest: str, text: str, checkpoint: Callable[[str], Checkpoint]
) -> LineageSubject:
    """The model that a manifest describes."""
    table = _table(text, manifest)
    if manifest == SUBMISSION:
        submitted = read_as(table, Manifest, where=manifest)
        return _opened(submitted.team, checkpoint, submitted.components)
    model = read_as(table, ReferenceModel, where=manifest)
    return _opened(model.id, checkpoint, model.components)


def _undeclared(
    name: str,
    opened: dict[ComponentKind, Checkpoint],
    whole: Callable[[], Checkpoint],
) -> LineageSubject:
    """The model of these components, else of those its tensor names tell."""
    if not opened:
        found = whole()
        opened = dict.fromkeys(kinds_of(found.shapes()), found)
    if not opened:
        raise InvalidInput(
            f"{name} holds no component whose tensors are known; its tensors are "
            f"named {_some_of(found.shapes())}",
            remedy="add a model.toml that names each component and its path: names "
            "that no family has are then listed as untested",
        )
    return LineageSubject(name=name, components=_with_embeddings(opened))


def _some_of(names: Iterable[str]) -> str:
    """The first names, each cut to a length that a terminal shows."""
    return ", ".join(repr(name[:60]) for name in islice(names, SHOWN_NAMES))


def _with_embeddings(
    opened: dict[ComponentKind, Checkpoint],
) -> dict[ComponentKind, Checkpoint]:
    """`opened` with the embeddings that a decoder's checkpoint holds."""
    decoder = opened.get(ComponentKind.TEXT_DECODER)
    if decoder is None or ComponentKind.EMBEDDINGS not in kinds_of(decoder.shapes()):
        return opened
    return {ComponentKind.EMBEDDINGS: decoder, **opened}


def _table(text: str, path: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(
            f"{path} is not valid TOML: {error}",
            remedy="correct the named line; strings need quotes",
        ) from error
