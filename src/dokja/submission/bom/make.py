"""The bill of materials of a sealed submission, with what it does not say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from dokja.errors import InvalidInput
from dokja.evidence.canonical import read_as
from dokja.evidence.values import Text
from dokja.licence import LicenceExpression, LicenceTables, parse_expression
from dokja.submission.bom.values import (
    BillComponent,
    BillOfMaterials,
    BillSource,
    DataManifest,
    DeclaredSource,
    MissingFact,
)
from dokja.submission.values import DeclaredComponent, Seal, SealedFile, WeightState

SCHEMA = "dokja-bill-of-materials/1"
MOST_SOURCES = 10_000


def read_data_manifest(text: str, *, where: str) -> tuple[DeclaredSource, ...]:
    """The sources that a data manifest declares, in its own order.

    Raises: InvalidInput where it is no JSON with `sources`, or names one twice.
    """
    try:
        document = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidInput(
            f"{where} is not JSON: {error}", remedy="write the data manifest as JSON"
        ) from error
    sources = read_as(document, DataManifest, where=where).sources
    if len(sources) > MOST_SOURCES:
        raise InvalidInput(
            f"{where} declares {len(sources)} sources",
            remedy=f"group them into at most {MOST_SOURCES}",
        )
    if len({source.id for source in sources}) < len(sources):
        raise InvalidInput(
            f"{where} declares a source twice", remedy="give every source its own id"
        )
    return sources


def make_bill(
    seal: Seal, sources: tuple[DeclaredSource, ...], tables: LicenceTables
) -> BillOfMaterials:
    """The bill of what was sealed; `sources` come from its data manifest."""
    manifest, training = seal.manifest, seal.manifest.training
    by_path = {file.path: file for file in seal.files}
    components = tuple(_component(c, seal.files, tables) for c in manifest.components)
    bill = BillOfMaterials(
        schema=SCHEMA,
        team=manifest.team,
        stage=manifest.stage,
        model=manifest.model,
        name=manifest.name,
        licence=parse_expression(manifest.licence, tables),
        root=seal.root,
        components=components,
        data_file=None if training is None else by_path.get(training.data),
        sources=_sources(sources, tables),
        recipe_file=None if training is None else by_path.get(training.recipe),
        files=seal.files,
        missing=(),
    )
    return msgspec.structs.replace(bill, missing=tuple(_missing(bill)))


def _sources(
    declared: Sequence[DeclaredSource], tables: LicenceTables
) -> tuple[BillSource, ...]:
    """The sources with their licences; most data share a few."""
    read: dict[str, LicenceExpression] = {}
    for one in declared:
        if one.spdx not in read:
            read[one.spdx] = parse_expression(one.spdx, tables)
    return tuple(BillSource(source=one, licence=read[one.spdx]) for one in declared)


def _component(
    declared: DeclaredComponent, files: Iterable[SealedFile], tables: LicenceTables
) -> BillComponent:
    inside = declared.path + "/"
    return BillComponent(
        kind=declared.kind,
        path=declared.path,
        weight_state=declared.weight_state,
        origin=declared.origin,
        licence=parse_expression(declared.licence, tables),
        files=tuple(
            file
            for file in files
            if declared.path == "." or file.path.startswith(inside)
        ),
    )


def _missing(bill: BillOfMaterials) -> Iterator[MissingFact]:
    if not bill.licence.is_named:
        yield _not_declared("model", "licence")
    yield _not_declared("model", "version")
    yield _not_declared("model", "download_location")
    yield _not_declared("model", "release_date")
    for component in bill.components:
        if not component.licence.is_named:
            yield _not_declared(component.kind.value, "licence")
        inherited = component.weight_state is not WeightState.INITIALISED
        if inherited and not component.origin.strip():
            yield _not_declared(component.kind.value, "origin")
    if bill.data_file is None:
        yield _not_declared("training", "data")
    elif not bill.sources:
        yield _not_declared("training", "sources")
    for source in bill.sources:
        yield from _missing_of(source.source)


def _missing_of(source: DeclaredSource) -> Iterator[MissingFact]:
    held = {
        "licence": source.spdx != "",
        "sha256": source.sha256 != "",
        "tokens": source.tokens is not None,
        "url": source.url != "",
        "modality": source.modality != "",
        "kind": source.kind is not None,
    }
    for fact, is_there in held.items():
        if not is_there:
            yield _not_declared(f"data:{source.id}", fact)


def _not_declared(subject: str, fact: str) -> MissingFact:
    return MissingFact(
        subject=subject,
        fact=fact,
        reason=Text(ko="신고되지 않음", en="It was not declared."),
    )
