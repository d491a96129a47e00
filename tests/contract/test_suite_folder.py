"""A suite's folder: what was frozen is what is read, and nothing else is."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dokja.adapters.suites import SuiteFolder, read_rows, write_suite_folder
from dokja.adapters.suites import plain_files as bounds
from dokja.benchmark.suite_files import JSON_LINES, MANIFEST, PARQUET, suite_texts
from dokja.benchmark.values import (
    AnswerRule,
    AnswerRuleKind,
    Item,
    Media,
    Scoring,
    Suite,
    SuiteHeader,
    Track,
)
from dokja.errors import Conflict, InvalidInput, Unavailable
from dokja.evidence.canonical import digest_bytes
from dokja.evidence.values import Text

PICTURE = b"\x89PNG not really"
ODD = 'one "quote", a \\ and a\x7f\ttab\u2028and a line of its own'


def _suite() -> Suite:
    shown = Media(track=Track.IMAGE, path="media/a.png", digest=digest_bytes(PICTURE))
    rules = (AnswerRule(kind=AnswerRuleKind.NO_COMMAS),)
    return Suite(
        header=SuiteHeader(
            id="made-up",
            version="1",
            title=Text(ko="지어낸 것", en="Made up"),
            description=Text(ko=ODD, en=ODD),
            track=Track.IMAGE,
            language="ko",
            licence="Apache-2.0",
            authors=("Dokja", ODD),
            source="this test",
            chance=0.0,
            items=2,
            scoring=Scoring.RULES,
            output_tokens=64,
        ),
        items=(
            Item(id="1", question=ODD, cluster="a", rules=rules, media=(shown,)),
            Item(id="2", question="둘", cluster="b", rules=rules),
        ),
    )


MEDIA = {"media/a.png": PICTURE}


@pytest.fixture
def frozen(tmp_path: Path) -> Path:
    """A frozen suite in a folder."""
    write_suite_folder(tmp_path / "made-up", _suite(), MEDIA)
    return tmp_path / "made-up"


def test_what_was_frozen_is_read_again_letter_by_letter(frozen: Path) -> None:
    """Quotes, controls and marks that end lines elsewhere included."""
    folder = SuiteFolder(frozen)
    manifest = folder.manifest()
    assert folder.suite() == _suite()
    assert manifest is not None
    assert [file.path for file in manifest.files] == [
        JSON_LINES,
        "media/a.png",
        "suite.toml",
    ]
    with pytest.raises(Conflict, match="is there already"):
        write_suite_folder(frozen, _suite(), MEDIA)
    with pytest.raises(Conflict, match="frozen already"):
        folder.freeze()


@pytest.mark.parametrize("name", ["suite.toml", JSON_LINES, "media/a.png", MANIFEST])
def test_one_changed_byte_is_noticed(frozen: Path, name: str) -> None:
    """Whichever file it stands in."""
    place = frozen / name
    data = bytearray(place.read_bytes())
    data[-4] ^= 1
    place.write_bytes(data)
    with pytest.raises(InvalidInput):
        SuiteFolder(frozen).suite()


@pytest.mark.parametrize("name", ["media/b.png", "answers.txt", ".hidden"])
def test_a_file_that_no_manifest_names_is_noticed(frozen: Path, name: str) -> None:
    """A frozen folder holds what was frozen and nothing beside it."""
    (frozen / name).write_bytes(b"x")
    with pytest.raises(InvalidInput, match="changed since it was frozen"):
        SuiteFolder(frozen).suite()


def test_a_missing_file_is_noticed(frozen: Path) -> None:
    """A picture less is a question less."""
    (frozen / "media" / "a.png").unlink()
    with pytest.raises(InvalidInput, match=r"media/a\.png changed"):
        SuiteFolder(frozen).suite()


def test_a_manifest_of_another_suite_is_noticed(frozen: Path, tmp_path: Path) -> None:
    """The digest of the suite as read binds what the files mean."""
    manifest = json.loads((frozen / MANIFEST).read_bytes())
    manifest["suite"] = digest_bytes(b"another")
    (frozen / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(InvalidInput, match="not the one that was frozen"):
        SuiteFolder(frozen).suite()


def test_a_draft_is_read_and_then_frozen(frozen: Path) -> None:
    """Who writes a suite runs it before anybody freezes it."""
    kept = (frozen / MANIFEST).read_bytes()
    (frozen / MANIFEST).unlink()
    draft = SuiteFolder(frozen)
    assert draft.manifest() is None
    assert draft.suite() == _suite()
    draft.freeze()
    assert (frozen / MANIFEST).read_bytes() == kept


def test_a_picture_is_proven_without_a_manifest_as_well(frozen: Path) -> None:
    """The item names the digest."""
    (frozen / MANIFEST).unlink()
    (frozen / "media" / "a.png").write_bytes(b"another")
    with pytest.raises(InvalidInput, match="another file than the item names"):
        SuiteFolder(frozen).suite()


def test_an_item_that_shows_nothing_given_is_refused(tmp_path: Path) -> None:
    """And leaves nothing half written behind."""
    with pytest.raises(InvalidInput, match="not in the suite's folder"):
        write_suite_folder(tmp_path / "made-up", _suite())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["../a.png", "/etc/passwd", "a\\b", "c:a", "a/../b"])
def test_a_picture_outside_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    """Whatever it is called."""
    with pytest.raises(InvalidInput, match="leaves the suite's folder"):
        write_suite_folder(tmp_path / "made-up", _suite(), {path: PICTURE})


def test_links_are_never_followed(frozen: Path, tmp_path: Path) -> None:
    """Neither a file's nor a folder's, nor the manifest's."""
    (tmp_path / "kept").write_bytes(PICTURE)
    (frozen / "media" / "a.png").unlink()
    (frozen / "media" / "a.png").symlink_to(tmp_path / "kept")
    with pytest.raises(InvalidInput, match="neither a plain file nor a folder"):
        SuiteFolder(frozen).suite()
    (frozen / MANIFEST).rename(tmp_path / MANIFEST)
    (frozen / MANIFEST).symlink_to(tmp_path / MANIFEST)
    with pytest.raises(InvalidInput, match="cannot be read"):
        SuiteFolder(frozen).manifest()


def test_a_pipe_does_not_hold_the_reader(frozen: Path) -> None:
    """Opening one would wait for ever."""
    os.mkfifo(frozen / "media" / "pipe")
    with pytest.raises(InvalidInput, match="neither a plain file"):
        SuiteFolder(frozen).suite()
    with pytest.raises(InvalidInput, match="no plain file"):
        bounds.read_bytes(frozen / "media" / "pipe", shown="pipe", limit=9)


def test_what_is_too_large_is_refused(
    frozen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By file, by number of files, and by what gzip unpacks to."""
    with pytest.raises(InvalidInput, match="larger than 3 bytes"):
        bounds.read_bytes(frozen / "suite.toml", shown="suite.toml", limit=3)
    monkeypatch.setattr(bounds, "FILES_MAX", 3)
    with pytest.raises(InvalidInput, match="more than 3 files"):
        bounds.listed_files(frozen)
    bomb = frozen / "bomb.jsonl.gz"
    bomb.write_bytes(gzip.compress(b" " * 100_000))
    monkeypatch.setattr("dokja.adapters.suites.rows.ITEMS_BYTES", 50_000)
    with pytest.raises(InvalidInput, match="unpacks to more"):
        read_rows(bomb)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (JSON_LINES, "[" * 100_000),
        (JSON_LINES, '{"id": ' + "9" * 5000 + "}"),
        (JSON_LINES, "\xff"),
        (JSON_LINES, "[1]\n[2]\n"),
        ("suite.toml", "a = " + "[" * 100_000),
        ("suite.toml", "\xff"),
        (MANIFEST, "[" * 100_000),
    ],
)
def test_hostile_texts_are_refused_in_words(frozen: Path, name: str, text: str) -> None:
    """Too deep, too many digits, not Unicode, no objects: never a traceback."""
    if name != MANIFEST:
        (frozen / MANIFEST).unlink()
    (frozen / name).write_bytes(text.encode("latin-1"))
    with pytest.raises(InvalidInput):
        SuiteFolder(frozen).suite()


def test_items_in_parquet_are_the_same_suite(frozen: Path) -> None:
    """What Parquet fills in for absent fields is not an entry."""
    rows = read_rows(frozen / JSON_LINES)
    (frozen / MANIFEST).unlink()
    (frozen / JSON_LINES).unlink()
    pq.write_table(pa.Table.from_pylist(rows), frozen / PARQUET)
    assert SuiteFolder(frozen).suite() == _suite()
    (frozen / JSON_LINES).write_bytes(suite_texts(_suite())[JSON_LINES])
    with pytest.raises(InvalidInput, match="holds 2 files of items"):
        SuiteFolder(frozen).suite()


@pytest.mark.parametrize("ending", ["jsonl", "jsonl.gz", "parquet", "csv"])
def test_rows_are_read_from_every_format(tmp_path: Path, ending: str) -> None:
    """Hub mirrors come in any of them."""
    rows = [{"q": "하나, 둘\n셋", "a": "1"}, {"q": '"넷"', "a": "2"}]
    place = tmp_path / f"rows.{ending}"
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    if ending == "jsonl":
        place.write_bytes(lines)
    elif ending == "jsonl.gz":
        place.write_bytes(gzip.compress(lines))
    elif ending == "parquet":
        pq.write_table(pa.Table.from_pylist(rows), place)
    else:
        place.write_text('q,a\n"하나, 둘\n셋",1\n"""넷""",2\n')
    assert read_rows(place) == rows


@pytest.mark.parametrize("ending", ["jsonl.gz", "parquet", "csv", "xlsx"])
def test_a_file_that_is_not_what_it_says_is_refused(
    tmp_path: Path, ending: str
) -> None:
    """Named by its file."""
    place = tmp_path / f"rows.{ending}"
    place.write_bytes(b'"PAR1\xff')
    with pytest.raises(InvalidInput, match="rows"):
        read_rows(place)


def test_a_folder_without_a_header_is_no_suite(tmp_path: Path) -> None:
    """Said before anything is read."""
    with pytest.raises(Unavailable, match="holds no suite"):
        SuiteFolder(tmp_path)
