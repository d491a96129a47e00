"""`dokja benchmark list` as an engineer runs it."""

from __future__ import annotations

import json

from dokja.evidence.canonical import canonical_bytes
from tests.e2e.conftest import dokja

FIELDS = {"id", "version", "track", "language", "items", "licence"}


def test_json_lists_generated_suites_and_those_of_the_example() -> None:
    """Exactly the canonical bytes, with the fields others build on."""
    ran = dokja("benchmark", "list", "--json")
    assert ran.code == 0, ran.err
    plain = json.loads(ran.out)
    assert ran.out.encode() == canonical_bytes(plain) + b"\n"
    by_id = {suite["id"]: suite for suite in plain["suites"]}
    assert len(by_id) == len(plain["suites"]) >= 19
    assert all(suite.keys() >= FIELDS for suite in by_id.values())
    assert by_id["ko-orthography"]["origin"] == "generated"
    assert by_id["ko-orthography"]["licence"] == "Apache-2.0"
    assert by_id["ko-particle"]["origin"] == "example/stage-1"
    assert by_id["ko-particle"]["items"] == 150


def test_the_table_is_in_both_languages() -> None:
    """Ids are never broken over two lines."""
    english, korean = (
        dokja("benchmark", "list"),
        dokja("benchmark", "list", "--lang", "ko"),
    )
    assert english.code == korean.code == 0
    assert "licence" in english.out
    assert "라이선스" in korean.out
    assert "ko-number-reading" in english.out
    assert ("unclear" in english.out) is ("kmmlu-exemplars!" in english.out)
