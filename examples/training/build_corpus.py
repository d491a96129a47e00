"""Builds examples/corpus from Debian packages and from Korean text made by rule.

    python examples/training/build_corpus.py DIR

DIR holds the packages unpacked, one folder a package (`apt-get download`, `dpkg-deb -x`).
Documents kept for the suites carry "split": "held_out"; none of their sentences is left in a
training document. The files are byte-equal on every run.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import html.parser
import json
import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import korean_rules as rules
import numpy as np

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
SEED = 20260217
HELD_OUT_ONE_IN = 14
HANGUL = re.compile(r"[가-힣]")
# Access keys: `~File`, `파일(~F)`.
MNEMONIC = re.compile(r"\(?[~_]([A-Z]\))?")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class Document:
    """One text with its place in its source and its side of the split."""

    id: str
    split: str
    text: str


@dataclass(frozen=True)
class Source:
    """Where a corpus file came from and under which licence."""

    id: str
    package: str
    version: str
    spdx: str
    language: str
    taken: str


class HelpPage(html.parser.HTMLParser):
    """The paragraphs of one LibreOffice help page, without menus and lists of links."""

    KEPT = re.compile(r"^(paragraph|listitem|tablecontent|tip|note|warning)$")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[str] = []
        self._open: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Nothing; opens a paragraph where the page's text begins one."""
        kind = dict(attrs).get("class") or ""
        if tag in {"h1", "h2", "h3"} or (tag == "p" and self.KEPT.match(kind)):
            self._open = []

    def handle_endtag(self, tag: str) -> None:
        """Nothing; closes the open paragraph."""
        if tag in {"h1", "h2", "h3", "p"} and self._open is not None:
            self.paragraphs.append(" ".join("".join(self._open).split()))
            self._open = None

    def handle_data(self, data: str) -> None:
        """Nothing; adds to the open paragraph."""
        if self._open is not None:
            self._open.append(data)


def help_pages(root: Path, *, korean: bool) -> Iterator[tuple[str, list[str]]]:
    """Each help page's path and its paragraphs in the wanted language."""
    text = next(root.glob("usr/share/libreoffice/help/*/text"))
    for path in sorted(text.rglob("*.html")):
        page = HelpPage()
        page.feed(path.read_text(encoding="utf-8"))
        kept = [line for line in page.paragraphs if 4 <= len(line) <= 1200]
        if korean:  # many Korean pages still hold English paragraphs
            kept = [line for line in kept if len(HANGUL.findall(line)) * 3 >= len(line)]
        yield path.relative_to(text).with_suffix("").as_posix(), kept


def python_pages(root: Path) -> Iterator[tuple[str, list[str]]]:
    """Each page of the Python documentation and its prose paragraphs, without markup."""
    sources = next(root.glob("usr/share/doc/*/html/_sources"))
    for folder in ("tutorial", "library", "reference", "howto", "faq"):
        for path in sorted((sources / folder).glob("*.rst.txt")):
            blocks = re.split(r"\n\s*\n", path.read_text(encoding="utf-8"))
            lines = [" ".join(block.split()) for block in blocks]
            yield (
                f"{folder}/{path.name[:-8]}",
                [_plain(line) for line in lines if _is_prose(line)],
            )


def _is_prose(line: str) -> bool:
    return (
        40 <= len(line) <= 1200
        and line[0].isupper()
        and line[-1] in ".:"
        and "|" not in line
    )


def _plain(line: str) -> str:
    line = re.sub(r":[a-z:+-]+:`[!~.]?([^`<]*?)\s*(<[^`]*>)?`", r"\1", line)
    line = re.sub(r"`([^`<]+?)\s*<[^`]*>`_+", r"\1", line)
    return (
        line.replace("``", "")
        .replace("*", "")
        .replace("::", ":")
        .replace("`_", "")
        .strip()
    )


def catalogue_pairs(path: Path) -> Iterator[tuple[str, str]]:
    """The English and Korean text of each entry of a compiled message catalogue."""
    data = path.read_bytes()
    count, originals, translations = struct.unpack("<3I", data[8:20])
    for index in range(count):
        texts = []
        for table in (originals, translations):
            length, offset = struct.unpack_from("<2I", data, table + 8 * index)
            texts.append(data[offset : offset + length].decode("utf-8"))
        yield texts[0].rpartition("\x04")[2], texts[1]


def term_pairs(root: Path) -> dict[str, str]:
    """Short interface terms, English to Korean, one translation each."""
    pairs: dict[str, str] = {}
    for path in sorted(root.rglob("LC_MESSAGES/*.mo")):
        for pair in catalogue_pairs(path):
            english, korean = (MNEMONIC.sub("", text).strip() for text in pair)
            if (
                _is_term(english)
                and HANGUL.search(korean)
                and len(korean) <= 24
                and "\n" not in korean
            ):
                pairs.setdefault(english, korean)
    return pairs


def _is_term(english: str) -> bool:
    return re.fullmatch(r"[A-Za-z][A-Za-z ,.\-]{2,36}", english) is not None


def split_of(source: str, name: str, one_in: int = HELD_OUT_ONE_IN) -> str:
    """The side of the split a document of a source is on."""
    return "held_out" if rules.is_held_out(source, name, one_in) else "train"


def page_documents(
    source: str, pages: Iterable[tuple[str, list[str]]], budget: int
) -> list[Document]:
    """Documents without a repeated sentence, held-out ones first served, up to a budget of bytes."""
    pages = sorted(
        pages,
        key=lambda page: (
            split_of(source, page[0]) == "train",
            _order(source, page[0]),
        ),
    )
    seen: set[str] = set()
    documents, used = [], 0
    for name, paragraphs in pages:
        lines = []
        for paragraph in paragraphs:
            fresh = [s for s in SENTENCE_END.split(paragraph) if s not in seen]
            seen.update(fresh)
            if fresh:
                lines.append(" ".join(fresh))
        text = "\n".join(lines)
        used += len(text.encode())
        if used > budget:
            break
        if len(text) >= 80:
            documents.append(Document(name, split_of(source, name), text))
    return sorted(documents, key=lambda document: document.id)


def _order(source: str, name: str) -> bytes:
    # A budget must not keep only the first letters of the alphabet.
    return hashlib.sha256(f"{source}/{name}".encode()).digest()


def term_documents(source: str, pairs: dict[str, str]) -> list[Document]:
    """Terms as lines `English = 한국어`, in documents of forty on each side of the split."""
    sides: dict[str, list[str]] = {"train": [], "held_out": []}
    # The key is the Korean term: two English terms with one translation must stay together.
    for english, korean in sorted(
        pairs.items(), key=lambda pair: _order(source, pair[0])
    ):
        sides[split_of(source, korean, 10)].append(f"{english} = {korean}")
    return [
        doc for side, lines in sides.items() for doc in _in_documents(side, side, lines)
    ]


def _in_documents(
    prefix: str, split: str, lines: Iterable[str], size: int = 40
) -> list[Document]:
    rows = list(lines)
    chunks = [rows[start : start + size] for start in range(0, len(rows), size)]
    return [
        Document(f"{prefix}-{n:04d}", split, "\n".join(c)) for n, c in enumerate(chunks)
    ]


def write_source(source: Source, documents: list[Document]) -> str:
    """The TOML entry of a corpus file just written, with its digest."""
    rows = [
        json.dumps(vars(doc), ensure_ascii=False, sort_keys=True) + "\n"
        for doc in documents
    ]
    path = CORPUS / f"{source.id}.jsonl.gz"
    # mtime=0 and an empty name keep the bytes equal between runs.
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write("".join(rows).encode())
    fields = {
        "id": source.id, "package": source.package, "version": source.version, "spdx": source.spdx,
        "language": source.language, "taken": source.taken,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "documents": len(documents),
        "held_out": sum(doc.split == "held_out" for doc in documents),
        "characters": sum(len(doc.text) for doc in documents),
    }  # fmt: skip
    body = "".join(
        f"{key} = {json.dumps(value, ensure_ascii=False)}\n"
        for key, value in fields.items()
    )
    print(
        f"{source.id:12s} {path.stat().st_size:>9,d} B  {fields['characters']:>9,d} characters"
    )
    return f"[[source]]\n{body}"


def package_sources(packages: Path) -> Iterator[tuple[Source, list[Document]]]:
    """The sources taken from packages, each with its documents."""
    office, docs = "4:7.4.7-1+deb12u14", "3.11.2-6+deb12u9"
    prose = "prose paragraphs and headings of the help pages"
    pages = help_pages(packages / "libreoffice-help-ko", korean=True)
    yield (
        Source(
            "help-ko", "libreoffice-help-ko", office, "MPL-2.0", "ko", f"Korean {prose}"
        ),
        page_documents("help-ko", pages, 3_000_000),
    )
    pages = help_pages(packages / "libreoffice-help-en-us", korean=False)
    yield (
        Source(
            "help-en",
            "libreoffice-help-en-us",
            office,
            "MPL-2.0",
            "en",
            f"English {prose}, a part",
        ),
        page_documents("help-en", pages, 900_000),
    )
    yield (
        Source("python-en", "python3.11-doc", docs, "PSF-2.0", "en",
               "prose of the tutorial, library, reference, how-to and FAQ pages, a part"),
        page_documents("python-en", python_pages(packages / "python3.11-doc"), 1_900_000),
    )  # fmt: skip
    yield (
        Source("terms", "libreoffice-l10n-ko", office, "MPL-2.0", "mixed",
               "short interface terms, English with Korean"),
        term_documents("terms", term_pairs(packages / "libreoffice-l10n-ko")),
    )  # fmt: skip


def rule_sources() -> Iterator[tuple[Source, list[Document]]]:
    """The sources made by rule, each with its documents."""
    made = (
        ("numbers", "readings of numbers", lambda rng: rules.number_lines(12_000, rng)),
        (
            "particles",
            "sentences with nouns and their particles",
            lambda rng: rules.particle_lines(9_000, rng),
        ),
        ("sums", "sums and differences below forty", rules.sum_lines),
    )
    for offset, (name, taken, lines) in enumerate(made):
        rng = np.random.Generator(np.random.Philox(SEED + offset))
        source = Source(
            name, "korean_rules.py", "1", "CC0-1.0", "ko", f"{taken}, made by rule"
        )
        yield source, _in_documents(name, "train", lines(rng))


def main() -> None:
    """Writes every corpus file and sources.toml."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("packages", type=Path, help="folder with the unpacked packages")
    packages = parser.parse_args().packages
    CORPUS.mkdir(exist_ok=True)
    entries = [
        write_source(*made) for made in (*package_sources(packages), *rule_sources())
    ]
    (CORPUS / "sources.toml").write_text("\n".join(entries), encoding="utf-8")


if __name__ == "__main__":
    main()
