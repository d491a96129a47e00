"""Reading the papers of a sealed submission for its dossier."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator

import msgspec

from dokja.errors import InvalidInput
from dokja.evidence.canonical import read_as
from dokja.independence.papers.values import (
    DossierDeclaration,
    DossierPapers,
    GeneratorTerms,
)
from dokja.licence import LicenceTables, limits_of, parse_expression
from dokja.submission.bom.read import read_bill_of
from dokja.submission.ports import ModelFolder
from dokja.submission.values import Seal

DECLARATION = "dossier.toml"
DECLARATION_SCHEMA = "dokja-dossier/1"
PAPERS_SCHEMA = "dokja-dossier-papers/1"
_ASKS_FOR_CODE = "auto_map"


def parse_declaration(text: str, *, where: str) -> DossierDeclaration:
    """What a team declares for its dossier. Raises: InvalidInput."""
    try:
        found = read_as(tomllib.loads(text), DossierDeclaration, where=where)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InvalidInput(
            f"{where} is not TOML: {error}", remedy="correct the line it names"
        ) from error
    if found.schema != DECLARATION_SCHEMA:
        raise InvalidInput(
            f"{where}: schema is {found.schema!r}",
            remedy=f"this program reads {DECLARATION_SCHEMA!r}",
        )
    named = [f"module {one.component}" for one in found.modules]
    named += [f"answer {one.item}" for one in found.answers]
    for name, count in Counter(named).items():
        if count > 1:
            raise InvalidInput(
                f"{where}: {name} stands {count} times", remedy="declare it once"
            )
    return found


def read_papers(
    seal: Seal, folder: ModelFolder, tables: LicenceTables
) -> DossierPapers:
    """The papers of what was sealed. Raises: InvalidInput for damaged ones."""
    read = read_bill_of(seal, folder, tables)
    declaration = None
    if any(file.path == DECLARATION for file in seal.files):
        declaration = parse_declaration(
            folder.read_text(DECLARATION), where=DECLARATION
        )
    generators = () if declaration is None else declaration.generators
    licences = [parse_expression(one.licence, tables) for one in generators]
    return DossierPapers(
        schema=PAPERS_SCHEMA,
        team=seal.manifest.team,
        root=seal.root,
        licences=read.report,
        sources=read.bill.sources,
        missing=read.bill.missing,
        code=tuple(_code(seal, folder)),
        declaration=declaration,
        generators=tuple(
            GeneratorTerms(
                generator=one, licence=licence, limits=limits_of(licence, tables)
            )
            for one, licence in zip(generators, licences, strict=True)
        ),
    )


def _code(seal: Seal, folder: ModelFolder) -> Iterator[str]:
    """Sealed Python files beside the weights, and configurations that name one."""
    for file in seal.files:
        if file.path.endswith(".py"):
            yield file.path
        elif file.path.rpartition("/")[2] == "config.json":
            try:
                config = msgspec.json.decode(folder.read_text(file.path))
            except (msgspec.DecodeError, RecursionError) as error:
                raise InvalidInput(
                    f"{file.path} is not JSON: {error}", remedy="correct the file"
                ) from error
            if isinstance(config, dict) and _ASKS_FOR_CODE in config:
                yield file.path
