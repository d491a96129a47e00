"""The declared data as Croissant 1.1 (docs.mlcommons.org/croissant).

The submission holds no training data, only the manifest that lists them: the
dataset described here is that list. Its one file is the sealed manifest, and its
records are the sources.
"""

from __future__ import annotations

from typing import Any

from dokja.errors import InvalidInput
from dokja.submission.bom.values import BillOfMaterials, BillSource
from dokja.submission.values import SealedFile

Json = dict[str, Any]

TERMS = (
    "arrayShape",
    "citeAs",
    "column",
    "containedIn",
    "equivalentProperty",
    "extract",
    "field",
    "fileObject",
    "fileProperty",
    "fileSet",
    "format",
    "includes",
    "isArray",
    "isLiveDataset",
    "jsonPath",
    "key",
    "md5",
    "parentField",
    "path",
    "recordSet",
    "references",
    "regex",
    "repeated",
    "replace",
    "samplingRate",
    "separator",
    "source",
    "subField",
    "transform",
)
"""Terms of the Croissant vocabulary under their own names."""

CONTEXT: Json = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    **{term: f"cr:{term}" for term in TERMS},
}
CONFORMS_TO = "http://mlcommons.org/croissant/1.1"
FIELDS = {
    "id": "sc:Text",
    "version": "sc:Text",
    "spdx": "sc:Text",
    "sha256": "sc:Text",
    "documents": "sc:Integer",
    "tokens": "sc:Integer",
}
"""Keys of a source and their types, in the order they are told."""


def croissant_of(bill: BillOfMaterials, *, created: str | None) -> Json:
    """A Croissant document of the sources. Raises: InvalidInput without any."""
    if bill.data_file is None or not bill.sources:
        raise InvalidInput(
            "the submission declares no training data",
            remedy="name the data manifest under [training], with its sources",
        )
    found: Json = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": f"{bill.team}-{bill.stage}-declared-training-data",
        "description": _description(bill),
        "creator": {"@type": "sc:Organization", "name": bill.team},
        "distribution": [_file(bill.data_file)],
        "recordSet": [_records(bill)],
        "isBasedOn": [_source(one) for one in bill.sources],
    }
    licences = sorted({one.licence.canonical for one in bill.sources} - {""})
    if licences:
        found["license"] = licences
    if created is not None:
        found["datePublished"] = created[:10]
    return found


def _description(bill: BillOfMaterials) -> str:
    missing = [
        f"{one.subject.partition(':')[2]} {one.fact}"
        for one in bill.missing
        if one.subject.startswith("data:")
    ]
    text = (
        f"Sources of training data that {bill.team} declares for {bill.model}. "
        "The data themselves are not part of the submission."
    )
    return f"{text} Not declared: {', '.join(missing)}." if missing else text


def _file(file: SealedFile) -> Json:
    return {
        "@type": "cr:FileObject",
        "@id": "data-manifest",
        "name": file.path,
        "contentUrl": file.path,
        "contentSize": f"{file.size_bytes} B",
        "encodingFormat": "application/json",
        "sha256": file.digest.rpartition(":")[2],
    }


def _records(bill: BillOfMaterials) -> Json:
    """The sources as records, with the keys that every one of them gives.

    A key that only some give has no column, as JSONPath would shift its values.
    """
    given = [
        name
        for name in FIELDS
        if all(getattr(one.source, name) not in ("", None) for one in bill.sources)
    ]
    return {
        "@type": "cr:RecordSet",
        "@id": "sources",
        "name": "sources",
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"sources/{name}",
                "name": name,
                "dataType": FIELDS[name],
                "source": {
                    "fileObject": {"@id": "data-manifest"},
                    "extract": {"jsonPath": f"$.sources[*].{name}"},
                },
            }
            for name in given
        ],
    }


def _source(one: BillSource) -> Json:
    given = {
        "name": one.source.name or one.source.id,
        "identifier": one.source.id,
        "version": one.source.version,
        "license": one.licence.canonical or one.licence.declared,
        "url": one.source.url,
        "inLanguage": one.source.language,
    }
    return {"@type": "sc:CreativeWork", **{k: v for k, v in given.items() if v}}
