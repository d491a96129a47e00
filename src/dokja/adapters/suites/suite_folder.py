"""A suite's folder: header, items, media, and the manifest that froze them."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dokja.adapters.suites.plain_files import (
    HEADER_BYTES,
    ITEMS_BYTES,
    MEDIA_BYTES,
    inside,
    listed_files,
    read_bytes,
    sealed_file,
)
from dokja.adapters.suites.rows import read_rows
from dokja.benchmark.suite import checked_suite, parse_header, suite_of_rows
from dokja.benchmark.suite_files import (
    HEADER,
    JSON_LINES,
    MANIFEST,
    PARQUET,
    check_files,
    check_suite,
    manifest_of,
    parse_manifest,
    sealed_bytes,
    suite_texts,
)
from dokja.benchmark.values import Item, Suite, SuiteManifest
from dokja.errors import Conflict, InvalidInput, Unavailable
from dokja.evidence.canonical import canonical_bytes, digest_bytes


class SuiteFolder:
    """Reads a suite that lies in a folder of its own; nothing comes from a network."""

    def __init__(self, root: Path) -> None:
        if not (root / HEADER).is_file():
            raise Unavailable(
                f"{root} holds no {HEADER}", remedy="give the folder of a suite"
            )
        self._root = root

    def manifest(self) -> SuiteManifest | None:
        """The manifest; None while the suite is a draft that nobody froze."""
        place = self._root / MANIFEST
        if not place.exists() and not place.is_symlink():
            return None
        data = read_bytes(place, shown=MANIFEST, limit=ITEMS_BYTES)
        return parse_manifest(data, where=self._root.name)

    def suite(self) -> Suite:
        """The suite, checked; a frozen one against its manifest as well.

        Raises: InvalidInput where a file changed, or one is there that no
        manifest names.
        """
        files, manifest = listed_files(self._root), self.manifest()
        if manifest is not None:
            sealed = [sealed_file(self._root, p) for p in files if p != MANIFEST]
            check_files(manifest, sealed, where=self._root.name)
        suite = self._read(files)
        if manifest is not None:
            check_suite(manifest, suite, where=self._root.name)
        return suite

    def freeze(self) -> SuiteManifest:
        """The manifest, which is kept beside the suite from now on.

        Raises: Conflict where the suite is frozen already.
        """
        if self.manifest() is not None:
            raise Conflict(
                f"{self._root} is frozen already",
                remedy="give a changed suite a new version in a folder of its own",
            )
        suite, files = self.suite(), listed_files(self._root)
        manifest = manifest_of(suite, [sealed_file(self._root, path) for path in files])
        part = self._root.with_name(f".{self._root.name}-{MANIFEST}")
        part.write_bytes(canonical_bytes(manifest))
        part.replace(self._root / MANIFEST)
        return manifest

    def _read(self, files: tuple[str, ...]) -> Suite:
        where = self._root.name
        held = [name for name in (JSON_LINES, PARQUET) if name in files]
        if len(held) != 1:
            raise InvalidInput(
                f"suite {where} holds {len(held)} files of items",
                remedy=f"put the items into {JSON_LINES} or into {PARQUET}",
            )
        data = read_bytes(self._root / HEADER, shown=HEADER, limit=HEADER_BYTES)
        try:
            header = parse_header(data.decode(), where=where)
        except UnicodeDecodeError as error:
            raise InvalidInput(
                f"suite {where}: {HEADER} is not UTF-8 text: {error}",
                remedy="save it as UTF-8",
            ) from error
        rows = [_without_nulls(row) for row in read_rows(self._root / held[0])]
        suite = suite_of_rows(header, rows, where=where)
        for item in suite.items:
            self._check_media(item, files)
        return suite

    def _check_media(self, item: Item, files: tuple[str, ...]) -> None:
        for media in item.media:
            place = inside(self._root, media.path)
            shown = f"item {item.id}: {media.path}"
            if media.path not in files:
                raise InvalidInput(
                    f"{shown} is not in the suite's folder",
                    remedy="put every picture, sound and film into the folder",
                )
            data = read_bytes(place, shown=shown, limit=MEDIA_BYTES)
            if digest_bytes(data) != media.digest:
                raise InvalidInput(
                    f"{shown} is another file than the item names",
                    remedy="restore the file; a changed picture is another question",
                )


def write_suite_folder(
    root: Path, suite: Suite, media: Mapping[str, bytes] | None = None
) -> SuiteManifest:
    """The manifest of a frozen suite, written whole into a new folder.

    Raises: Conflict where something is there, InvalidInput where an item shows
    a file that was not given.
    """
    checked_suite(suite, where=suite.header.id)
    if root.exists() or root.is_symlink():
        raise Conflict(
            f"{root} is there already", remedy="give a new folder; nothing is replaced"
        )
    files = {**suite_texts(suite), **(media or {})}
    root.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{root.name}-", dir=root.parent) as part:
        fresh = Path(part, root.name)
        for name, data in files.items():
            place = inside(fresh, name)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        manifest = manifest_of(suite, [sealed_bytes(n, d) for n, d in files.items()])
        (fresh / MANIFEST).write_bytes(canonical_bytes(manifest))
        # As it will be read: whatever is wrong is known before it is in place.
        SuiteFolder(fresh).suite()
        fresh.rename(root)
    return manifest


def _without_nulls(value: Any) -> Any:
    """A row without what Parquet fills in where a field is absent."""
    if isinstance(value, dict):
        kept = {name: each for name, each in value.items() if each is not None}
        return {name: _without_nulls(each) for name, each in kept.items()}
    if isinstance(value, list):
        return [_without_nulls(each) for each in value]
    return value
