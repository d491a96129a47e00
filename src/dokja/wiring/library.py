"""Picks adapters for fingerprints, mixtures and pages, apart from the wiring of stages.

A screening takes about a second, and the wiring of a stage as long to load.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from dokja.adapters.compute import LocalThreads
from dokja.adapters.library import LibraryFolder
from dokja.adapters.library.library_folder import entry_of, read_print_file
from dokja.adapters.weights import find_subject
from dokja.errors import DokjaError, InvalidInput
from dokja.evidence.canonical import canonical_bytes, digest_bytes
from dokja.evidence.values import Text
from dokja.lineage import LineageReport
from dokja.lineage.fingerprints import (
    Fingerprint,
    LibraryEntry,
    LibraryFault,
    LibraryIndex,
    ScanReport,
    ScreenReport,
    make_fingerprint,
    read_fingerprint,
    refuse_name,
    scan,
    screen,
)
from dokja.settings import Settings

if TYPE_CHECKING:
    from dokja.lineage.decomposition import DecompositionReport

OnStep = Callable[[str, int, int], None]


@dataclass(frozen=True, kw_only=True)
class Addition:
    """What is added to a library, and where it came from."""

    source: Path
    """A model's folder, or a file that holds a fingerprint."""
    library: Path
    name: str | None
    """Another name than the model's own."""
    weights: str | None
    """Where the weights lie, if not at `source`."""


def fingerprint_model(
    model: Path, *, name: str | None, settings: Settings, on_step: OnStep
) -> Fingerprint:
    """The fingerprint of the model in a folder, under its own or another name."""
    subject = find_subject(model, block_bytes=settings.block_bytes)
    refuse_name(name or subject.name, where=str(model))
    found = make_fingerprint(
        subject, compute=LocalThreads(settings.workers), on_step=on_step
    )
    return found if name is None else msgspec.structs.replace(found, name=name)


def screen_models(
    candidate: Path, reference: Path, *, settings: Settings, on_step: OnStep
) -> ScreenReport:
    """How close the models in two folders are, by their fingerprints alone."""
    mine, theirs = (
        fingerprint_model(root, name=None, settings=settings, on_step=on_step)
        for root in (candidate, reference)
    )
    return screen(mine, theirs)


def decompose_model(
    candidate: str,
    parents: Sequence[str],
    *,
    ancestor: str | None,
    settings: Settings,
    on_step: OnStep,
) -> DecompositionReport:
    """How the model at one folder, file or address mixes those at others.

    Raises: InvalidInput where a model cannot be read, or fewer than two parents
    are named.
    """
    # Loads scipy, which no fingerprint needs.
    from dokja.lineage.decomposition import (
        Decomposition,
        decompose,
        shipped_decomposition_rules,
    )

    mine, *theirs = (
        find_subject(place, block_bytes=settings.block_bytes)
        for place in (candidate, *parents)
    )
    oldest = None
    if ancestor is not None:
        oldest = find_subject(ancestor, block_bytes=settings.block_bytes)
    return decompose(
        mine,
        theirs,
        ancestor=oldest,
        setting=Decomposition(
            rules=shipped_decomposition_rules(),
            compute=LocalThreads(settings.workers),
            on_step=on_step,
        ),
    )


def add_to_library(
    addition: Addition, *, settings: Settings, on_step: OnStep, dry_run: bool
) -> LibraryEntry:
    """The entry that the library holds afterwards, or would hold.

    Raises: Conflict where the name stands for another model.
    """
    source, weights = addition.source, addition.weights
    if source.is_dir():
        found = fingerprint_model(
            source, name=addition.name, settings=settings, on_step=on_step
        )
        weights = weights or str(source.resolve())
    else:
        found = _read(source)
        if addition.name is not None:
            refuse_name(addition.name, where=str(source))
            found = msgspec.structs.replace(found, name=addition.name)
    library, data = LibraryFolder(addition.library), canonical_bytes(found)
    if not dry_run:
        return library.add(data, weights=weights)
    entry = entry_of(data, weights=weights)
    library.check(entry)
    return entry


def list_library(library: Path) -> LibraryIndex:
    """What the library holds."""
    return LibraryFolder(library).index()


def verify_library(
    library: Path, *, models: Path | None, settings: Settings, on_step: OnStep
) -> tuple[LibraryFault, ...]:
    """What does not hold of the library.

    With `models` every fingerprint is made again from the folder there that
    bears its name.
    """
    folder = LibraryFolder(library)
    found = list(folder.faults())
    known = {fault.subject for fault in found}
    for entry in folder.index().entries if models is not None else ():
        if models is None or entry.name in known:
            continue
        fact = _made_again(
            entry, models / entry.name, settings=settings, on_step=on_step
        )
        found += [LibraryFault(subject=entry.name, fact=fact)] if fact else []
    return tuple(found)


def scan_library(
    model: Path, library: Path, *, top: int, settings: Settings, on_step: OnStep
) -> ScanReport:
    """The nearest references of a library, compared in full where they can be."""
    references = LibraryFolder(library).fingerprints()
    if not references:
        raise InvalidInput(
            f"the library in {library} is empty",
            remedy="add models with `dokja lineage library add`",
        )

    def compare(entry: LibraryEntry, searched: int) -> LineageReport | Text:
        weights = _at_hand(entry)
        if isinstance(weights, Text):
            return weights
        # The engine of the full comparison, and with it the stage's wiring,
        # is loaded only where something is compared.
        from dokja.wiring.comparing import compare_models

        try:
            return compare_models(
                model,
                weights,
                settings=settings,
                on_step=on_step,
                searched=searched,
            )
        except DokjaError as error:
            return Text(
                ko=f"비교할 수 없음: {error}", en=f"it cannot be compared: {error}"
            )

    found = fingerprint_model(model, name=None, settings=settings, on_step=on_step)
    return scan(found, references, top=top, compare=compare)


def _read(source: Path) -> Fingerprint:
    return read_fingerprint(read_print_file(source), where=str(source))


def _at_hand(entry: LibraryEntry) -> Path | Text:
    """The folder of an entry's weights, or why they are not at hand."""
    if entry.weights is None:
        return Text(
            ko="가중치의 위치가 색인에 없음",
            en="the library does not say where its weights lie",
        )
    place = Path(entry.weights)
    if "://" not in entry.weights and place.is_dir():
        return place
    return Text(
        ko=f"가중치가 이 컴퓨터에 없음: {entry.weights}",
        en=f"its weights are not on this machine: {entry.weights}",
    )


def _made_again(
    entry: LibraryEntry, model: Path, *, settings: Settings, on_step: OnStep
) -> Text | None:
    """Why the fingerprint does not follow from the model, None where it does."""
    # The name is somebody else's text: it must not lead out of the folder.
    if Path(entry.name).name != entry.name or not model.is_dir():
        return Text(ko="다시 만들 모델이 없음", en="there is no model to make it again")
    again = fingerprint_model(
        model, name=entry.name, settings=settings, on_step=on_step
    )
    if digest_bytes(canonical_bytes(again)) == entry.digest:
        return None
    return Text(
        ko="가중치에서 다시 만든 지문과 다름",
        en="the fingerprint made again from the weights is another one",
    )


def prepared_page(path: Path, *, replace: bool) -> Callable[[str], None]:
    """What writes a page's text to the path, whole or not at all.

    Raises: Conflict at once where a page is there and is not to be replaced.
    """
    # Loads the stages, which no fingerprint needs.
    from dokja.adapters.folders.page_file import check_page_destination, publish_page

    check_page_destination(path, replace=replace)
    return partial(publish_page, path, replace=replace)
