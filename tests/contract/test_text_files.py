"""Training texts as they are handed in: plain, JSON lines, gzipped, or broken."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from dokja.adapters.folders.text_files import read_texts
from dokja.benchmark.contamination import index_texts, item_overlaps
from dokja.benchmark.contamination.read_together import RULES
from dokja.errors import InvalidInput, Unavailable


def test_every_kind_is_read_in_the_order_of_the_paths(tmp_path: Path) -> None:
    """Links and other files are left alone."""
    (tmp_path / "a.txt").write_text("하나", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text('{"text": "둘"}\n{"text": "셋"}\n')
    with gzip.open(tmp_path / "c.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write('{"text": "넷"}\n')
    (tmp_path / "d.bin").write_bytes(b"\x00")
    (tmp_path / "e.txt").symlink_to("/etc/hostname")
    assert list(read_texts([tmp_path])) == ["하나", "둘", "셋", "넷"]


def test_a_long_text_comes_in_pieces(tmp_path: Path) -> None:
    """Nothing is lost between them."""
    path = tmp_path / "long.txt"
    text = " ".join(f"낱말{number}" for number in range(600_000))
    path.write_text(text, encoding="utf-8")
    first, second = read_texts([path])
    assert first + second[1 << 10 :] == text
    index = index_texts((first, second), 8)
    for start in (0, len(first) - 60, len(text) - 90):
        run = " ".join(text[start : start + 90].split(" ")[1:9])
        (found,) = item_overlaps([("item", run)], index, RULES)
        assert found.flagged


@pytest.mark.parametrize(
    ("name", "content", "fact"),
    [
        ("a.jsonl", b'{"words": "x"}\n', "line 1"),
        ("a.jsonl", b'{"text": "x"}\n[', "line 2"),
        ("a.txt", b"\xff\xfe", "cannot be read"),
        ("a.txt.gz", b"not gzip", "cannot be read"),
    ],
)
def test_what_is_broken_is_named(
    name: str, content: bytes, fact: str, tmp_path: Path
) -> None:
    """With the file, and the line where there are lines."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InvalidInput, match=fact):
        list(read_texts([tmp_path]))


def test_a_folder_without_text_is_refused(tmp_path: Path) -> None:
    """It would look like a corpus in which nothing recurs."""
    with pytest.raises(Unavailable, match="no training text"):
        list(read_texts([tmp_path]))
