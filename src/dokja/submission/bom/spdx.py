"""The bill as SPDX 3.0.1 JSON-LD, with the classes of its AI and Dataset profiles.

The profiles ask for a download location, a release time and more (SPDX 3.0.1,
AI and Dataset, external property restrictions). Where these were not declared
the document uses the classes and does not say that it conforms to the profiles.
"""

from __future__ import annotations

import re
from typing import Any

from dokja.errors import InvalidInput
from dokja.licence.values import LicenceExpression
from dokja.submission.bom.cyclonedx import is_sha256
from dokja.submission.bom.values import BillComponent, BillOfMaterials, BillSource
from dokja.submission.values import SealedFile

Json = dict[str, Any]
CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_CREATION = "_:creation"
DATASET_TYPES = frozenset(
    {"audio", "graph", "image", "numeric", "sensor", "structured", "text", "video"}
)


def spdx_of(bill: BillOfMaterials, *, made_by: str, created: str | None) -> Json:
    """An SPDX 3.0.1 document. Raises: InvalidInput without the time it was made.

    SPDX requires that time, and the bytes of a document must not depend on when
    the command happened to run.
    """
    if created is None or not _INSTANT.fullmatch(created):
        raise InvalidInput(
            "SPDX 3 asks when the document was made",
            remedy="give it in UTC, as in --created 2026-01-31T09:00:00Z",
        )
    graph = _Graph(bill)
    graph.creation(made_by, created)
    model = graph.model()
    parts = [graph.component(one) for one in bill.components]
    sources = [graph.source(n, one) for n, one in enumerate(bill.sources, start=1)]
    graph.relate(model, "contains", parts)
    graph.relate(model, "trainedOn", sources)
    graph.document(model)
    return {"@context": CONTEXT, "@graph": graph.elements}


class _Graph:
    """Elements in the order they were made; each names the others by IRI."""

    def __init__(self, bill: BillOfMaterials) -> None:
        self.bill = bill
        self.elements: list[Json] = []
        self._licences: dict[str, str] = {}
        self._files: dict[str, str] = {}
        self._relations = 0

    def creation(self, made_by: str, created: str) -> None:
        """Adds who made the document, with what and when."""
        team, tool = self._iri("team"), self._iri("tool")
        self.elements.append(
            {
                "type": "CreationInfo",
                "@id": _CREATION,
                "specVersion": "3.0.1",
                "created": created,
                "createdBy": [team],
                "createdUsing": [tool],
            }
        )
        self._add("Organization", "team", name=self.bill.team)
        self._add("Tool", "tool", name=f"dokja {made_by}")

    def model(self) -> str:
        """IRI of the model as a whole."""
        missing = ", ".join(f"{one.subject} {one.fact}" for one in self.bill.missing)
        iri = self._add(
            "ai_AIPackage",
            "model",
            name=self.bill.model,
            summary=self.bill.name.en,
            description=f"Merkle root over the sealed files: {self.bill.root}",
            comment=f"Not declared: {missing}" if missing else None,
            software_primaryPurpose="model",
            suppliedBy=self._iri("team"),
        )
        self._license(iri, self.bill.licence)
        return iri

    def component(self, component: BillComponent) -> str:
        """IRI of one component, which contains its files."""
        iri = self._add(
            "ai_AIPackage",
            f"component-{component.kind}",
            name=f"{self.bill.model} {component.kind}",
            comment=f"Weight state as declared: {component.weight_state}",
            software_primaryPurpose="model",
            software_sourceInfo=component.origin or None,
        )
        self._license(iri, component.licence)
        self.relate(iri, "contains", [self._file(file) for file in component.files])
        return iri

    def source(self, number: int, one: BillSource) -> str:
        """IRI of one source of training data."""
        source, modality = one.source, one.source.modality.lower()
        sizes = (("documents", source.documents), ("tokens", source.tokens))
        known = [f"{count} {what}" for what, count in sizes if count is not None]
        iri = self._add(
            "dataset_DatasetPackage",
            f"data-{number}",
            name=source.name or source.id,
            comment="; ".join((f"id: {source.id}", *known)),
            software_packageVersion=source.version or None,
            software_primaryPurpose="data",
            dataset_datasetType=[
                modality if modality in DATASET_TYPES else "noAssertion"
            ],
            verifiedUsing=[_hash(source.sha256)] if is_sha256(source.sha256) else None,
        )
        self._license(iri, one.licence)
        return iri

    def relate(self, source: str, kind: str, targets: list[str]) -> None:
        """Adds one relationship, unless it would lead nowhere."""
        if targets:
            self._relations += 1
            self._add(
                "Relationship",
                f"relation-{self._relations}",
                **{"from": source, "to": targets},
                relationshipType=kind,
            )

    def document(self, root: str) -> None:
        """Adds the document that lists every other element."""
        listed = [one["spdxId"] for one in self.elements if "spdxId" in one]
        self._add(
            "SpdxDocument",
            "document",
            name=f"{self.bill.team} {self.bill.model}",
            rootElement=[root],
            element=listed,
            profileConformance=["core", "software", "simpleLicensing"],
        )

    def _license(self, iri: str, licence: LicenceExpression) -> None:
        if not licence.canonical:
            return
        known = self._licences.get(licence.canonical)
        if known is None:
            known = self._licences[licence.canonical] = self._add(
                "simplelicensing_LicenseExpression",
                f"licence-{len(self._licences) + 1}",
                simplelicensing_licenseExpression=licence.canonical,
            )
        self.relate(iri, "hasDeclaredLicense", [known])

    def _file(self, file: SealedFile) -> str:
        known = self._files.get(file.path)
        if known is None:
            known = self._files[file.path] = self._add(
                "software_File",
                f"file-{len(self._files) + 1}",
                name=file.path,
                comment=f"{file.size_bytes} bytes",
                verifiedUsing=[_hash(file.digest.rpartition(":")[2])],
            )
        return known

    def _iri(self, name: str) -> str:
        root = self.bill.root.rpartition(":")[2]
        return f"https://spdx.org/spdxdocs/dokja-{root}#{name}"

    def _add(self, kind: str, place: str, /, **fields: Any) -> str:
        iri = self._iri(place)
        given = {key: value for key, value in fields.items() if value is not None}
        self.elements.append(
            {"type": kind, "spdxId": iri, "creationInfo": _CREATION, **given}
        )
        return iri


def _hash(content: str) -> Json:
    return {"type": "Hash", "algorithm": "sha256", "hashValue": content.lower()}
