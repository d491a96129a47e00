"""The page about licences shows the rows as they are shipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from dokja.licence import limits_of
from dokja.licence.values import LicenceTerms
from tests.licence_fixture import TABLES, read

PAGE = Path(__file__).parents[2] / "docs" / "licences.md"
HEAD = "|---|---|---|---|---|---|---|---|---|\n"


def _row(terms: LicenceTerms) -> str:
    shown = (terms.display, terms.name_prefix and f"{terms.name_prefix} …")
    cells = (
        f"[{terms.id}]({terms.source})",
        terms.version,
        terms.seen,
        terms.derivatives.value,
        terms.commercial.value,
        terms.passes_on.value,
        "; ".join(one for one in shown if one),
        "; ".join(one.what.en for one in limits_of(read(terms.id), TABLES)),
        terms.sections,
    )
    return f"| {' | '.join(cells)} |"


def test_the_page_shows_every_row(request: pytest.FixtureRequest) -> None:
    """An auditor looks here before looking into the table; the two must agree."""
    rows = "".join(f"{_row(terms)}\n" for terms in TABLES.terms.values())
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(HEAD)
    after = rest[rest.index("\n## ") :]
    if request.config.getoption("--update-goldens"):
        text = before + HEAD + rows + after
        PAGE.write_text(text, encoding="utf-8")
    assert text == before + HEAD + rows + after
