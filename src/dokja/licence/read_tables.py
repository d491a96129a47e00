"""The two tables that verdicts rest on, read from their shipped text."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

import msgspec

from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_bytes, read_as
from dokja.licence.values import Compatibility, LicenceTerms, TableVersion

WORDS: Mapping[str, Compatibility] = {
    "Y": Compatibility.COMPATIBLE,
    "S": Compatibility.COMPATIBLE,
    "C": Compatibility.CONDITIONAL,
    "U": Compatibility.UNKNOWN,
    "N": Compatibility.INCOMPATIBLE,
}


class MatrixFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`osadl-matrix.json`: one row per outbound, one letter per inbound licence."""

    name: str
    publisher: str
    version: str
    licence: str
    source: str
    taken_from: str
    changes: str
    licences: tuple[str, ...]
    rows: dict[str, str]


class TermsFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`model-licences.toml`: our rows, with the day their sources were read."""

    version: str
    read: str
    licences: tuple[LicenceTerms, ...]


class LicenceTables(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of licences, with the versions that say so."""

    cells: Mapping[tuple[str, str], Compatibility]
    """Outbound and inbound id to the matrix's word."""
    terms: Mapping[str, LicenceTerms]
    aliases: Mapping[str, str]
    """Names as people write them, in lower case, to canonical ids."""
    versions: tuple[TableVersion, ...]


def read_tables(matrix: bytes, terms: bytes) -> LicenceTables:
    """Both tables, checked. Raises: InvalidInput where one is not as it must be."""
    grid = read_as(msgspec.json.decode(matrix), MatrixFile, where="osadl-matrix.json")
    rows = read_as(
        tomllib.loads(terms.decode("utf-8")), TermsFile, where="model-licences.toml"
    )
    return LicenceTables(
        cells=_cells(grid),
        terms={row.id: row for row in rows.licences},
        aliases=_aliases(rows.licences),
        versions=(
            TableVersion(
                name="osadl-matrix", version=grid.version, digest=digest_bytes(matrix)
            ),
            TableVersion(
                name="model-licences",
                version=f"{rows.version}, {rows.read}",
                digest=digest_bytes(terms),
            ),
        ),
    )


def _cells(grid: MatrixFile) -> Mapping[tuple[str, str], Compatibility]:
    found = {}
    for outbound, letters in grid.rows.items():
        if len(letters) != len(grid.licences) or not set(letters) <= WORDS.keys():
            raise InvalidInput(
                f"osadl-matrix.json: the row of {outbound} is not one known letter "
                "per licence",
                remedy="restore the shipped file",
            )
        for inbound, letter in zip(grid.licences, letters, strict=True):
            found[outbound, inbound] = WORDS[letter]
    return found


def _aliases(rows: tuple[LicenceTerms, ...]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for row in rows:
        for name in (row.id, *row.aliases):
            known = found.setdefault(name.casefold(), row.id)
            if known != row.id:
                raise InvalidInput(
                    f"model-licences.toml: {name!r} means {known} and {row.id}",
                    remedy="give the alias to one licence",
                )
    return found
