"""What a release says of its licence, read from its own files; nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dokja.commitment.observations import LicenceReading, LicenceSeen
from dokja.licence import LicenceTables, parse_expression
from dokja.licence.values import Grant

CARD = "README.md"
"""The model card, which hubs read the licence from."""
_FIELD = re.compile(r"^(license|license_name):[ \t]*(.*?)[ \t]*\Z")
_QUOTES = "\"'"


@dataclass(frozen=True, kw_only=True)
class Declared:
    """A licence as a release names it, and where."""

    licence: str
    where: str
    files: tuple[str, ...] = ()


def licence_in_card(card: str) -> str:
    """The licence that the head of a model card names; empty where it names none.

    The head is the block between two lines of `---` that begins the file, a form of
    YAML of which the two plain fields `license` and `license_name` are read.
    Source: Hugging Face, Hub documentation, Model Cards, metadata.
    """
    lines = card.lstrip("\ufeff").splitlines()
    if not lines or lines[0].rstrip() != "---":
        return ""
    found: dict[str, str] = {}
    for line in lines[1:]:
        if line.rstrip() == "---":
            named = found.get("license", "")
            return found.get("license_name", "") if named == "other" else named
        field = _FIELD.match(line)
        if field:
            found[field[1]] = field[2].split(" #")[0].strip().strip(_QUOTES)
    return ""


def read_licence(declared: Declared, tables: LicenceTables) -> LicenceSeen:
    """What the tables know of the licence that is declared."""
    expression = parse_expression(declared.licence, tables)
    return LicenceSeen(
        declared=declared.licence,
        where=declared.where,
        canonical=expression.canonical,
        alternatives=expression.alternatives,
        readings=tuple(_reading(name, tables) for name in expression.licences),
        tables=tables.versions,
        files=declared.files,
    )


def _reading(name: str, tables: LicenceTables) -> LicenceReading:
    row = tables.terms.get(name)
    if row is not None:
        known = row.commercial if row.is_read else Grant.NOT_STATED
        return LicenceReading(
            licence=name, commercial=known, limited_by=_limits(row.id, tables)
        )
    # The matrix holds free and open-source licences alone. The sixth criterion of the
    # Open Source Definition and freedom 0 of the FSF let such a work be sold and used
    # in business. https://opensource.org/osd
    open_source = (name, name) in tables.cells
    return LicenceReading(
        licence=name, commercial=Grant.ALLOWED if open_source else Grant.NOT_STATED
    )


def _limits(name: str, tables: LicenceTables) -> tuple[str, ...]:
    row = tables.terms[name]
    said: Sequence[tuple[str, object]] = (
        ("user_cap", row.monthly_users),
        ("revenue_cap", row.annual_revenue_usd),
        ("territory", row.territory_without or None),
    )
    return tuple(kind for kind, limit in said if limit is not None)
