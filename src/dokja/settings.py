"""Where Dokja runs. Nothing here can change a number."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from dokja.errors import InvalidInput, Unavailable

_PACKAGE = Path(__file__).parent
_WEB_ADDRESS = re.compile(r"https?://[A-Za-z0-9.\[\]:-]+")
_RAY_HEAD = re.compile(r"ray:(?P<host>[A-Za-z0-9._-]+):(?P<port>[0-9]{1,5})")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Every setting with its value; each can be given as `DOKJA_<NAME>`."""

    database: str | None
    """SQLAlchemy URL of the evidence; None: one SQLite file beside the output."""
    signing_key: str | None
    """PEM file of the office's Ed25519 private key."""
    workers: int
    """Processes at once on this machine; a cluster that is joined has its own."""
    compute: str
    """`local`: this machine; `ray:HOST:PORT`: the Ray cluster with that head, which
    this machine has joined; `ray:local`: a Ray of its own, to try one out."""
    endpoint_key: str | None
    """Key of the server whose model is measured; in no record and no error."""
    endpoint_keys: str | None
    """TOML file with the key of each team's endpoint; in no record and no error."""
    judge_key: str | None
    """Key of the server whose model judges answers; in no record and no error."""
    block_bytes: int
    """How much of a weight file is read at once."""
    identity_providers: str | None
    """TOML file with the OpenID Connect providers; in no record and no error."""
    address: str | None
    """Address under which people reach the web; None: as the browser names it."""
    privacy_contact: str | None
    """Where people reach the office about their personal data."""
    requests_per_second: int
    """What one address may ask of the web for long; bursts may be ten times that."""


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
        endpoint_key=given.get("DOKJA_ENDPOINT_KEY") or None,
        endpoint_keys=given.get("DOKJA_ENDPOINT_KEYS") or None,
        judge_key=given.get("DOKJA_JUDGE_KEY") or None,
        compute=_place(given, "DOKJA_COMPUTE"),
        block_bytes=_whole_number(given, "DOKJA_BLOCK_BYTES", default=1 << 22),
        identity_providers=given.get("DOKJA_IDENTITY_PROVIDERS") or None,
        address=_web_address(given, "DOKJA_ADDRESS"),
        privacy_contact=given.get("DOKJA_PRIVACY_CONTACT") or None,
        requests_per_second=_whole_number(
            given, "DOKJA_REQUESTS_PER_SECOND", default=50
        ),
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


def _web_address(given: Mapping[str, str], name: str) -> str | None:
    text = (given.get(name) or "").rstrip("/")
    if text and not _WEB_ADDRESS.fullmatch(text):
        raise InvalidInput(
            f"{name} is {text!r}, not the address of a web site",
            remedy=f"unset {name} or give it an address such as https://dokja.example",
        )
    return text or None


def _place(given: Mapping[str, str], name: str) -> str:
    text = given.get(name) or "local"
    if text not in {"local", "ray:local"}:
        address = _RAY_HEAD.fullmatch(text)
        if address is None or not 0 < int(address["port"]) < 1 << 16:
            raise InvalidInput(
                f"{name} is {text!r}, neither local nor a Ray cluster",
                remedy=f"unset {name} or give it the head of a cluster that this "
                "machine has joined, such as ray:10.0.0.1:6379",
            )
    return text
