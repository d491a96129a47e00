"""Sealing: from here on every byte of a submission is fixed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from dokja.errors import InvalidInput
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.merkle import tree_root
from dokja.submission.manifest import parse_manifest, parse_reference
from dokja.submission.names import check_names
from dokja.submission.ports import ModelFolder
from dokja.submission.values import (
    DeclaredComponent,
    Manifest,
    RegisteredReference,
    Seal,
    SealedFile,
)

MANIFEST = "submission.toml"
REFERENCE = "model.toml"


def seal_submission(
    folder: ModelFolder,
    *,
    team: str,
    stage: str,
    rules_digest: str,
    on_component: Callable[[str], None],
) -> Seal:
    """The seal of a submission whose every file and weight could be read.

    Raises: InvalidInput for another team's or stage's folder, a missing or
    damaged weight file, a pickle, a weight that is not a number.
    """
    manifest = parse_manifest(folder.read_text(MANIFEST), where=f"{team}/{MANIFEST}")
    _check_subject(manifest, team=team, stage=stage)
    files = folder.files()
    check_names(file.path for file in files)
    check_all_declared(files, manifest, team)
    _check_weights(folder, manifest.components, team, on_component)
    return Seal(
        manifest=manifest,
        rules_digest=rules_digest,
        files=files,
        root=files_root(files),
    )


def register_reference(
    folder: ModelFolder, *, reference: str, on_component: Callable[[str], None]
) -> RegisteredReference:
    """A reference model with the digests of what will be compared."""
    where = f"{reference}/{REFERENCE}"
    model = parse_reference(folder.read_text(REFERENCE), where=where)
    if model.id != reference:
        raise InvalidInput(
            f"{where} names {model.id!r}", remedy="give the folder the model's id"
        )
    files = folder.files()
    _check_weights(folder, model.components, reference, on_component)
    return RegisteredReference(model=model, files=files, root=files_root(files))


def files_root(files: Sequence[SealedFile]) -> str:
    """Merkle root over the files; binds names and sizes as well as bytes."""
    return "sha256:" + tree_root([canonical_bytes(file) for file in files]).hex()


def changed_files(
    sealed: Sequence[SealedFile], found: Sequence[SealedFile]
) -> tuple[str, ...]:
    """Paths that are missing, extra or not as sealed, sorted."""
    before = {file.path: file for file in sealed}
    after = {file.path: file for file in found}
    paths = sorted(before.keys() | after.keys())
    return tuple(path for path in paths if before.get(path) != after.get(path))


def _check_subject(manifest: Manifest, *, team: str, stage: str) -> None:
    if (manifest.team, manifest.stage) != (team, stage):
        raise InvalidInput(
            f"the submission in the folder of {team} for {stage} declares team "
            f"{manifest.team!r} and stage {manifest.stage!r}",
            remedy=f"correct {MANIFEST}, or hand the model in under its own team",
        )


def check_all_declared(
    files: Sequence[SealedFile], manifest: Manifest, team: str
) -> None:
    """Nothing. Raises: InvalidInput for weights that no component owns."""
    # Weights that no component owns would be compared with nothing; only the
    # training record may hold checkpoints that are not part of the model.
    owned = {component.path for component in manifest.components}
    if manifest.training is not None:
        owned.add(manifest.training.recipe.rpartition("/")[0])
    for file in files:
        if file.path.endswith((".safetensors", ".gguf")) and not any(
            path == "." or file.path.startswith(f"{path}/") for path in owned
        ):
            raise InvalidInput(
                f"{team}: the weights in {file.path} belong to no declared component",
                remedy="declare them under [[components]], or leave the file out",
            )


def _check_weights(
    folder: ModelFolder,
    components: Sequence[DeclaredComponent],
    subject: str,
    on_component: Callable[[str], None],
) -> None:
    # Two kinds may share one file, as a decoder and its embeddings do.
    for path in sorted({component.path for component in components}):
        checkpoint = folder.checkpoint(path)
        for name in sorted(checkpoint.shapes()):
            if any(not np.isfinite(block).all() for block in checkpoint.blocks(name)):
                raise InvalidInput(
                    f"{subject}: tensor {name} under {path} holds NaN or infinity",
                    remedy="export the checkpoint again from a step whose weights "
                    "are finite",
                )
        on_component(path)
