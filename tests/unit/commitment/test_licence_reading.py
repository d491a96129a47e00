"""Licences as releases name them, and whether they permit commercial use."""

from __future__ import annotations

import pytest

from dokja.commitment.licence_reading import Declared, licence_in_card, read_licence
from dokja.commitment.notes import note_of
from dokja.commitment.observed import figures_of, permits_commercial_use
from dokja.wiring.licence_tables import shipped_tables


@pytest.mark.parametrize(
    ("card", "named"),
    [
        ("---\nlicense: apache-2.0\nlanguage: ko\n---\n# m", "apache-2.0"),
        ('\ufeff---\r\nlicense: "mit"  # free\r\n---\r\n', "mit"),
        ("---\nlicense: other\nlicense_name: acme-1\n---\n", "acme-1"),
        ("---\nlicense: other\n---\n", ""),
        ("---\nlicense: mit\n", ""),
        ("---\ntags:\n  license: mit\n---\n", ""),
        ("# m\n---\nlicense: mit\n---\n", ""),
        ("license: mit", ""),
        ("", ""),
    ],
)
def test_only_the_head_of_a_card_names_its_licence(card: str, named: str) -> None:
    """A head without an end, a nested field or words of the page are none."""
    assert licence_in_card(card) == named


@pytest.mark.parametrize(
    ("licence", "commercial"),
    [
        ("apache-2.0", True),
        ("MIT", True),
        ("GPL-3.0-only", True),
        ("CC-BY-NC-4.0", False),
        ("CC-BY-NC-4.0 AND MIT", False),
        ("CC-BY-NC-4.0 OR MIT", True),
        ("llama3.1", None),
        ("acme-open-model-1", None),
        ("acme-open-model-1 AND MIT", None),
        ("acme-open-model-1 OR CC-BY-NC-4.0", None),
        ("other", None),
        ("", None),
        ("MIT OR (", None),
    ],
)
def test_commercial_use_is_read_off_the_tables(
    *, licence: str, commercial: bool | None
) -> None:
    """Unknown names and caps on users stay undetermined; nothing is guessed."""
    seen = read_licence(Declared(licence=licence, where="README.md"), shipped_tables())
    assert permits_commercial_use(seen) is commercial
    figures = figures_of(seen, source="s")
    assert [f.estimate.value for f in figures] == (
        [] if commercial is None else [float(commercial)]
    )
    assert ("cannot tell" in note_of(seen).en) is (commercial is None)
