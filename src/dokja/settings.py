"""Where Dokja runs. Nothing here can change a number."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from dokja.errors import InvalidInput, Unavailable

_PACKAGE = Path(__file__).parent


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Every setting with its value; each can be given as `DOKJA_<NAME>`."""

    database: str | None
    """SQLAlchemy URL of the evidence; None: one SQLite file beside the output."""
    signing_key: str | None
    """PEM file of the office's Ed25519 private key."""
    workers: int
    block_bytes: int
    """How much of a weight file is read at once."""


def read_settings(
    environment: Mapping[str, str] | None = None, *, workers: int | None = None
) -> Settings:
    """Settings from `DOKJA_*`, with defaults that fit one small machine.

    `workers`, where a door was given it, goes before the environment.
    """
    given = os.environ if environment is None else environment
    return Settings(
        database=given.get("DOKJA_DATABASE") or None,
        signing_key=given.get("DOKJA_SIGNING_KEY") or None,
        workers=workers or _whole_number(given, "DOKJA_WORKERS", default=2),
        block_bytes=_whole_number(given, "DOKJA_BLOCK_BYTES", default=1 << 22),
    )


def shipped_folder(name: str) -> Path:
    """Folder `programmes` or `examples`, from the wheel or from a clone.

    Raises: Unavailable where the installation holds neither.
    """
    for place in (_PACKAGE / "_shipped" / name, _PACKAGE.parents[1] / name):
        if place.is_dir():
            return place
    raise Unavailable(
        f"this installation has no {name} folder",
        remedy="install the published wheel, or run from a clone",
    )


def _whole_number(given: Mapping[str, str], name: str, *, default: int) -> int:
    text = given.get(name, "")
    if not text:
        return default
    if not text.isdecimal() or int(text) < 1:
        raise InvalidInput(
            f"{name} is {text!r}, not a whole number from 1",
            remedy=f"unset {name} or give it a number such as {default}",
        )
    return int(text)
