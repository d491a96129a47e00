"""`dokja lineage compare --html` as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT, Ran, dokja

PAIR = (
    ROOT / "examples" / "models" / "galbaramjae",
    ROOT / "examples" / "references" / "naru-open-1",
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    """The page of a real comparison and what the command printed."""
    page = tmp_path_factory.mktemp("page") / "new folder" / "page.html"
    return page, dokja("lineage", "compare", *PAIR, "--html", page, "--json")


def test_the_page_and_the_json_come_from_one_run(written: tuple[Path, Ran]) -> None:
    """Neither output changes the other, nor the exit code."""
    page, ran = written
    report = json.loads(ran.out)
    html = page.read_text(encoding="utf-8")
    assert ran.code == 3
    assert report["rules_digest"] in html
    assert "galbaramjae" in html
    for component in report["components"]:
        assert component["reason"]["ko"] in html
        assert f"<code>{component['name']}</code>" in html


def test_the_page_names_the_command_that_made_it(written: tuple[Path, Ran]) -> None:
    """A reader repeats it by copying one line, blanks in paths or not."""
    page, _ = written
    html = page.read_text(encoding="utf-8")
    quoted = f"--html &#39;{page}&#39;"
    assert f"dokja lineage compare {PAIR[0]} {PAIR[1]} {quoted}" in html


def test_nothing_is_left_beside_the_page(written: tuple[Path, Ran]) -> None:
    """A file half written must never be taken for the page."""
    page, _ = written
    assert [path.name for path in page.parent.iterdir()] == [page.name]
    assert page.stat().st_mode & 0o077 == 0o644 & 0o077


def test_a_page_that_is_there_is_kept_unless_told(tmp_path: Path) -> None:
    """A page already handed to someone must not change under its name."""
    page = tmp_path / "page.html"
    page.write_text("kept", encoding="utf-8")
    refused = dokja("lineage", "compare", *PAIR, "--html", page)
    assert refused.code == 5
    assert "--replace" in refused.err
    assert page.read_text(encoding="utf-8") == "kept"
    assert dokja("lineage", "compare", *PAIR, "--html", page, "--replace").code == 3
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_place_that_cannot_be_written_is_a_foreseen_failure(tmp_path: Path) -> None:
    """A mistyped path must not end in a traceback."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    for place in (tmp_path, tmp_path / "file" / "page.html"):
        ran = dokja("lineage", "compare", *PAIR, "--html", place)
        assert ran.code == 5, ran.err
        assert "Traceback" not in ran.err
