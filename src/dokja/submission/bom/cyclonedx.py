"""The bill as CycloneDX 1.6, with a model card (ECMA-424; cyclonedx.org/docs/1.6)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dokja.licence.values import LicenceExpression
from dokja.submission.bom.values import (
    BillComponent,
    BillOfMaterials,
    BillSource,
    DeclaredSource,
)
from dokja.submission.values import SealedFile

Json = dict[str, Any]


def cyclonedx_of(bill: BillOfMaterials, *, made_by: str, created: str | None) -> Json:
    """A CycloneDX 1.6 document; what nobody declared stands in its properties.

    `created` is an ISO 8601 instant; without one the document bears no time.
    """
    metadata: Json = {
        "tools": {
            "components": [
                {"type": "application", "name": "dokja", "version": made_by},
            ]
        },
        "component": _model(bill),
    }
    if created is not None:
        metadata["timestamp"] = created
    parts = [_component(bill, one) for one in bill.components]
    sources = [_source(one) for one in bill.sources]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid_of(bill.root)}",
        "version": 1,
        "metadata": metadata,
        "components": parts + sources,
        "dependencies": _dependencies(bill),
    }


def uuid_of(digest: str) -> str:
    """A version 8 UUID (RFC 9562) that the digest alone decides."""
    number = digest.rpartition(":")[2][:32].ljust(32, "0")
    variant = "89ab"[int(number[16], 16) % 4]
    return "-".join(
        (
            number[:8],
            number[8:12],
            "8" + number[13:16],
            variant + number[17:20],
            number[20:32],
        )
    )


def _model(bill: BillOfMaterials) -> Json:
    return {
        "type": "machine-learning-model",
        "bom-ref": "model",
        "name": bill.model,
        "supplier": {"name": bill.team},
        "description": bill.name.en,
        **_licences(bill.licence),
        "modelCard": {"modelParameters": _parameters(bill)},
        "properties": [
            {"name": "dokja:seal-root", "value": bill.root},
            {"name": "dokja:stage", "value": bill.stage},
            {"name": "dokja:name-ko", "value": bill.name.ko},
            *(
                {"name": f"dokja:missing:{one.subject}:{one.fact}", "value": "true"}
                for one in bill.missing
            ),
        ],
    }


def _parameters(bill: BillOfMaterials) -> Json:
    """What the seal shows of the model; an empty card says that it shows nothing."""
    return {"datasets": [{"ref": _data_ref(one.source)} for one in bill.sources]}


def _component(bill: BillOfMaterials, component: BillComponent) -> Json:
    return {
        "type": "machine-learning-model",
        "bom-ref": _part_ref(component),
        "name": f"{bill.model} {component.kind}",
        **_licences(component.licence),
        "components": [_file(component, file) for file in component.files],
        "properties": [
            {"name": "dokja:path", "value": component.path},
            {"name": "dokja:weight-state", "value": component.weight_state.value},
            *_when("dokja:origin", component.origin),
        ],
    }


def _file(component: BillComponent, file: SealedFile) -> Json:
    return {
        "type": "file",
        "bom-ref": f"{_part_ref(component)}:{file.path}",
        "name": file.path,
        "hashes": [{"alg": "SHA-256", "content": file.digest.rpartition(":")[2]}],
        "properties": [{"name": "dokja:bytes", "value": str(file.size_bytes)}],
    }


def _source(one: BillSource) -> Json:
    source = one.source
    found: Json = {
        "type": "data",
        "bom-ref": _data_ref(source),
        "name": source.name or source.id,
        **_licences(one.licence),
        "data": [{"type": "dataset", "name": source.id}],
        "properties": [
            *_when("dokja:documents", source.documents),
            *_when("dokja:tokens", source.tokens),
            *_when("dokja:language", source.language),
            *_when("dokja:modality", source.modality),
            *_when("dokja:kind", source.kind),
        ],
    }
    if source.version:
        found["version"] = source.version
    if is_sha256(source.sha256):
        found["hashes"] = [{"alg": "SHA-256", "content": source.sha256.lower()}]
    if source.url.startswith(("http://", "https://")) and _is_plain(source.url):
        found["externalReferences"] = [{"type": "distribution", "url": source.url}]
    return found


def is_sha256(text: str) -> bool:
    """Whether the text is a SHA-256 in hexadecimal."""
    return len(text) == 64 and set(text.lower()) <= set("0123456789abcdef")


def _is_plain(url: str) -> bool:
    return url.isascii() and not set(url) & set(' <>"{}|\\^`')


def _when(name: str, value: object) -> Iterable[Json]:
    if value not in (None, ""):
        yield {"name": name, "value": str(value)}


def _licences(licence: LicenceExpression) -> Json:
    """The licence as an expression, or by its name where it is none."""
    if not licence.is_named:
        return {}
    if licence.canonical:
        return {
            "licenses": [
                {"expression": licence.canonical, "acknowledgement": "declared"}
            ]
        }
    return {
        "licenses": [
            {"license": {"name": licence.declared, "acknowledgement": "declared"}}
        ]
    }


def _dependencies(bill: BillOfMaterials) -> list[Json]:
    data = [_data_ref(one.source) for one in bill.sources]
    parts = [_part_ref(one) for one in bill.components]
    return [{"ref": "model", "dependsOn": parts + data}]


def _part_ref(component: BillComponent) -> str:
    return f"component:{component.kind}"


def _data_ref(source: DeclaredSource) -> str:
    return f"data:{source.id}"
