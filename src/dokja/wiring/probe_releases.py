"""Probes that read a release: its licence, and whether its formats are one model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dokja.adapters.weights import LocalModelFolder
from dokja.commitment.licence_reading import (
    CARD,
    Declared,
    licence_in_card,
    read_licence,
)
from dokja.commitment.observations import LicenceSeen
from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_bytes
from dokja.settings import Settings
from dokja.wiring.licence_tables import shipped_tables


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
