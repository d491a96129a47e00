"""Reading what a team, or the keeper of a reference model, declares."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

from dokja.errors import InvalidInput
from dokja.evidence.canonical import read_as
from dokja.submission.values import DeclaredComponent, Manifest, ReferenceModel

Declared = TypeVar("Declared", Manifest, ReferenceModel)

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


def parse_manifest(text: str, *, where: str) -> Manifest:
    """The manifest in the text of `submission.toml`, checked."""
    manifest = _parse(text, Manifest, where)
    check_id(manifest.team, where=where)
    _check_records(manifest, where)
    for claim in manifest.claims or ():
        check_id(claim.id, where=f"{where}, [[claims]]")
    return manifest


def parse_reference(text: str, *, where: str) -> ReferenceModel:
    """The reference model in the text of `model.toml`, checked."""
    reference = _parse(text, ReferenceModel, where)
    check_id(reference.id, where=where)
    return reference


def check_id(name: str, *, where: str) -> None:
    """Nothing. Raises: InvalidInput unless `name` is safe in a path and an act."""
    if not _ID.fullmatch(name):
        raise InvalidInput(
            f"{where}: {name!r} is not a usable id",
            remedy="use 1 to 63 of a-z, 0-9 and hyphen, starting with a letter or "
            "digit",
        )


def _parse(text: str, kind: type[Declared], where: str) -> Declared:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(
            f"{where} is not TOML: {error}", remedy="correct the line it names"
        ) from error
    declared = read_as(document, kind, where=where)
    _check_components(declared.components, where)
    return declared


def _check_components(components: Sequence[DeclaredComponent], where: str) -> None:
    if not components:
        raise InvalidInput(
            f"{where} declares no component",
            remedy="declare every part of the model under [[components]]",
        )
    for kind, count in Counter(c.kind for c in components).items():
        if count > 1:
            raise InvalidInput(
                f"{where} declares {kind} {count} times",
                remedy="declare each kind of component once",
            )
    for component in components:
        _check_inside(component.path, component.kind, where)


def _check_records(manifest: Manifest, where: str) -> None:
    if manifest.training is None or not manifest.training.records:
        return
    records = manifest.training.records
    declared = {component.kind for component in manifest.components}
    for kind, count in Counter(record.component for record in records).items():
        if count > 1 or kind not in declared:
            raise InvalidInput(
                f"{where} names {count} training records of {kind}, "
                f"of {sum(kind is each for each in declared)} declared",
                remedy="name one record of a component that is declared",
            )
    for record in records:
        _check_inside(record.path, f"the record of {record.component}", where)


def _check_inside(path: str, owner: str, where: str) -> None:
    parts = path.split("/")
    if "" in parts or ".." in parts or "\\" in path:
        raise InvalidInput(
            f"{where}: the path {path!r} of {owner} leaves the submission folder",
            remedy="give a path inside the folder, relative to it",
        )
