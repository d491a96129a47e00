"""Probes that read a release: its licence, and whether its formats are one model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path

import msgspec

from dokja.adapters.harness import (
    Patience,
    llama_tokens,
    onnx_tokens,
    transformers_tokens,
)
from dokja.adapters.weights import (
    DamagedFile,
    LocalModelFolder,
    ReleaseFile,
    release_files,
)
from dokja.commitment.compare_formats import ReleaseQuestions, compare_formats
from dokja.commitment.licence_reading import (
    CARD,
    Declared,
    licence_in_card,
    read_licence,
)
from dokja.commitment.observations import (
    FormatSeen,
    FormatState,
    LicenceSeen,
    ReleaseSeen,
)
from dokja.commitment.ports import NextTokens
from dokja.errors import DokjaError, InvalidInput
from dokja.evidence.canonical import digest_bytes
from dokja.settings import Settings
from dokja.wiring.licence_tables import shipped_tables

REASON_LETTERS = 500
SECONDS = 600.0
"""In which a format has to open, and to answer each sequence."""
_SPARE_CONTEXT = 16
Opened = AbstractContextManager[NextTokens]


@dataclass(frozen=True, kw_only=True)
class LicenceAsking:
    """What the licence of a release is, where somebody read its text."""

    licence: str = ""
    """SPDX expression or a name of the tables; empty: as the model card says."""
    read_in: str = ""
    """Where it was read, such as the address of the text."""


def read_release_licence(
    places: tuple[str, ...], asking: LicenceAsking, *, settings: Settings
) -> LicenceSeen:
    """What the release says of its licence, and what the tables know of it.

    Raises: InvalidInput where neither a folder nor a reading is given.
    """
    if asking.licence:
        if not asking.read_in:
            raise InvalidInput(
                "it is not said where the licence was read",
                remedy="name the text with --read-in, such as its address",
            )
        said = Declared(licence=asking.licence, where=asking.read_in)
        return read_licence(said, shipped_tables())
    if len(places) != 1:
        raise InvalidInput(
            f"{len(places)} places were named", remedy="name the folder of the release"
        )
    folder = LocalModelFolder(Path(places[0]), block_bytes=settings.block_bytes)
    card = folder.read_text(CARD) if folder.has(CARD) else ""
    files = (digest_bytes(card.encode()),) if card else ()
    said = Declared(licence=licence_in_card(card), where=CARD, files=files)
    return read_licence(said, shipped_tables())


def try_formats(
    formats: tuple[str, ...],
    places: tuple[str, ...],
    questions: ReleaseQuestions,
    *,
    settings: Settings,
    on_items: Callable[[int, int], None],
) -> ReleaseSeen:
    """What every format of a release says of the same tokens.

    All that open are held at once, in the numbers that their engines use. Raises:
    InvalidInput where a format lies there twice, or nothing was drawn after the
    release was published.
    """
    if not questions.beacon:
        raise InvalidInput(
            "the tokens to ask are drawn after the release was published",
            remedy="give what was drawn since as --beacon",
        )
    if not places:
        raise InvalidInput("no place was named", remedy="name the release's folders")
    named = tuple(dict.fromkeys(name.casefold() for name in formats))
    copies = _copies(named, release_files(tuple(map(Path, places))))
    opened: dict[str, NextTokens] = {}
    others: dict[str, FormatSeen] = {}
    with ExitStack() as stack:
        for name in named:
            if name not in copies:
                others[name] = _untried(name, "no such file at the places named")
                continue
            try:
                entered = _opened(copies[name], questions)
                opened[name] = stack.enter_context(entered)
            except DokjaError as error:
                others[name] = _unopened(copies[name], error, settings)
        seen = compare_formats(named, opened, others, questions, on_items=on_items)
    digests = {name: copy.digests() for name, copy in copies.items()}
    return msgspec.structs.replace(
        seen,
        formats=tuple(
            msgspec.structs.replace(each, files=digests.get(each.format, ()))
            for each in seen.formats
        ),
    )


def _copies(
    named: tuple[str, ...], found: tuple[ReleaseFile, ...]
) -> Mapping[str, ReleaseFile]:
    copies: dict[str, ReleaseFile] = {}
    for copy in found:
        if copy.format not in named:
            continue
        if copy.format in copies:
            raise InvalidInput(
                f"the release holds several copies as {copy.format}: "
                f"{copies[copy.format].place.name}, {copy.place.name}",
                remedy="name the file or folder of each format that is meant",
            )
        copies[copy.format] = copy
    return copies


def _opened(copy: ReleaseFile, questions: ReleaseQuestions) -> Opened:
    if copy.format == "safetensors":
        return nullcontext(transformers_tokens(str(copy.place)))
    if copy.format == "gguf":
        return llama_tokens(
            copy.place,
            context=questions.length + _SPARE_CONTEXT,
            patience=Patience(attempts=1, deadline=SECONDS),
        )
    return onnx_tokens(copy.place, seconds=SECONDS)


def _unopened(copy: ReleaseFile, error: DokjaError, settings: Settings) -> FormatSeen:
    """Damaged where its own format says so; else nothing but that we cannot run it."""
    try:
        copy.require_whole(block_bytes=settings.block_bytes)
    except DamagedFile as damage:
        return FormatSeen(
            format=copy.format,
            state=FormatState.BROKEN,
            reason=damage.fact[:REASON_LETTERS],
        )
    except DokjaError as other:
        return _untried(copy.format, f"{error.fact}; {other.fact}")
    return _untried(copy.format, error.fact)


def _untried(name: str, reason: str) -> FormatSeen:
    return FormatSeen(
        format=name, state=FormatState.UNTRIED, reason=reason[:REASON_LETTERS]
    )
