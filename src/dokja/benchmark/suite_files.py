"""A suite as files: their texts, and the manifest that freezes them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from dokja.benchmark.values import Item, Suite, SuiteHeader, SuiteManifest
from dokja.errors import InvalidInput
from dokja.evidence.canonical import canonical_bytes, digest_bytes, digest_of, read_as
from dokja.submission.seal import changed_files, files_root
from dokja.submission.values import SealedFile

HEADER, MANIFEST = "suite.toml", "manifest.json"
JSON_LINES, PARQUET = "items.jsonl", "items.parquet"


def header_text(header: SuiteHeader) -> str:
    """The text of `suite.toml`; read again, it is the same header."""
    fields: Mapping[str, Any] = msgspec.to_builtins(header)
    return "".join(f"{name} = {_toml(value)}\n" for name, value in fields.items())


def items_text(items: Sequence[Item]) -> str:
    """The text of `items.jsonl`, every line in canonical form."""
    return "".join(f"{canonical_bytes(item).decode()}\n" for item in items)


def suite_texts(suite: Suite) -> dict[str, bytes]:
    """Content of the two files that hold a suite, by name."""
    return {
        HEADER: header_text(suite.header).encode(),
        JSON_LINES: items_text(suite.items).encode(),
    }


def sealed_bytes(path: str, data: bytes) -> SealedFile:
    """Size and digest of a file of the suite."""
    return SealedFile(path=path, size_bytes=len(data), digest=digest_bytes(data))


def manifest_of(suite: Suite, files: Sequence[SealedFile]) -> SuiteManifest:
    """The manifest that freezes a suite with the files that hold it."""
    ordered = tuple(sorted(files, key=lambda file: file.path))
    return SuiteManifest(
        id=suite.header.id,
        version=suite.header.version,
        suite=digest_of(suite),
        files=ordered,
        root=files_root(ordered),
    )


def parse_manifest(data: bytes, *, where: str) -> SuiteManifest:
    """The manifest in the bytes of `manifest.json`."""
    try:
        plain = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(
            f"suite {where}: {MANIFEST} is not JSON: {error}",
            remedy="fetch the suite again from where it was frozen",
        ) from error
    return read_as(plain, SuiteManifest, where=f"{where}/{MANIFEST}")


def check_files(
    manifest: SuiteManifest, files: Sequence[SealedFile], *, where: str
) -> None:
    """Nothing. Raises: InvalidInput where the files are not those of the manifest."""
    if files_root(manifest.files) != manifest.root:
        raise _changed(where, f"{MANIFEST} contradicts itself")
    changed = changed_files(manifest.files, files)
    if changed:
        raise _changed(where, f"{', '.join(changed[:3])} changed since it was frozen")


def check_suite(manifest: SuiteManifest, suite: Suite, *, where: str) -> None:
    """Nothing. Raises: InvalidInput where it is not the suite that was frozen."""
    found = (suite.header.id, suite.header.version, digest_of(suite))
    if found != (manifest.id, manifest.version, manifest.suite):
        raise _changed(where, "the suite is not the one that was frozen")


def _changed(where: str, fact: str) -> InvalidInput:
    return InvalidInput(
        f"suite {where}: {fact}",
        remedy="fetch the frozen suite again; a changed one is another version, with "
        "a manifest of its own",
    )


def _toml(value: Any) -> str:
    """A value as TOML writes it. Source: TOML 1.0.0, sections String and Float."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{name} = {_toml(each)}" for name, each in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, str):
        # JSON's escapes are TOML's, which wants U+007F escaped as well.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)
