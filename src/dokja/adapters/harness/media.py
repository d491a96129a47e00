"""Pictures and sounds of a question, read from the suite's folder and proven."""

from __future__ import annotations

import base64
import io
import os
import stat
import struct
import wave
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from dokja.adapters.harness.records import Asked
from dokja.benchmark.values import Media, Track
from dokja.errors import Unavailable
from dokja.evidence.canonical import digest_bytes

MEDIA_LIMIT = 20 << 20
"""Bytes of one picture or sound: what servers commonly take in one request."""
PICTURES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
SOUNDS = {".wav": "wav", ".mp3": "mp3"}


def content_of(
    prompt: str, asked: Asked, folders: Mapping[str, Path]
) -> str | list[dict[str, Any]]:
    """The user's message: the prompt alone, or its media and then the prompt.

    Raises: Unavailable where a file is missing, too large, elsewhere or changed.
    """
    if not asked.item.media:
        return prompt
    parts = [media_part(media, asked, folders) for media in asked.item.media]
    return [*parts, {"type": "text", "text": prompt}]


def media_part(
    media: Media, asked: Asked, folders: Mapping[str, Path]
) -> dict[str, Any]:
    """The part of a message that shows one picture or plays one sound."""
    data = read_media(media, asked, folders)
    ending = PurePosixPath(media.path).suffix.lower()
    if media.track is Track.IMAGE and ending in PICTURES:
        return _picture(data, PICTURES[ending])
    if media.track is Track.AUDIO and ending in SOUNDS:
        return _sound(data, SOUNDS[ending])
    raise Unavailable(
        f"item {asked.item.id} shows {media.path}, which no chat request carries",
        remedy=f"give pictures as {', '.join(PICTURES)} and sounds as "
        f"{', '.join(SOUNDS)}; import a run of another harness for films",
    )


def sample_part(track: Track) -> dict[str, Any]:
    """A white square or a short silence, which any server of the track takes."""
    if track is Track.IMAGE:
        return _picture(_white_square(), PICTURES[".png"])
    return _sound(_silence(), SOUNDS[".wav"])


def read_media(media: Media, asked: Asked, folders: Mapping[str, Path]) -> bytes:
    """The bytes of a file of the suite whose digest is the one that was frozen."""
    suite, item = asked.suite.header.id, asked.item.id
    root = folders.get(suite)
    if root is None:
        raise Unavailable(
            f"item {item} shows {media.path}, and suite {suite} has no folder",
            remedy="give the folder that holds the suite's files",
        )
    data = _plain_bytes(_inside(root, media.path, item), f"item {item}: {media.path}")
    if digest_bytes(data) != media.digest:
        raise Unavailable(
            f"item {item}: {media.path} is not the file that was frozen",
            remedy="restore the suite's folder; a changed picture is another question",
        )
    return data


def _inside(root: Path, path: str, item: str) -> Path:
    parts = PurePosixPath(path).parts
    place = root.joinpath(*parts)
    steps = [root.joinpath(*parts[: end + 1]) for end in range(len(parts))]
    if (
        not parts
        or PurePosixPath(path).is_absolute()
        or ".." in parts
        or any(step.is_symlink() for step in steps)
    ):
        raise Unavailable(
            f"item {item}: {path} leads out of the suite's folder",
            remedy="name a plain file within the folder",
        )
    return place


def _plain_bytes(place: Path, shown: str) -> bytes:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(place, flags)
    except OSError as error:
        raise Unavailable(
            f"{shown} cannot be read: {error.strerror}",
            remedy="put the file into the suite's folder",
        ) from error
    with os.fdopen(descriptor, "rb") as file:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode) or state.st_size > MEDIA_LIMIT:
            raise Unavailable(
                f"{shown} is not a plain file of at most {MEDIA_LIMIT >> 20} MiB",
                remedy="give smaller files; a request carries them as text",
            )
        return file.read(MEDIA_LIMIT + 1)


def _picture(data: bytes, kind: str) -> dict[str, Any]:
    url = f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"
    return {"type": "image_url", "image_url": {"url": url}}


def _sound(data: bytes, kind: str) -> dict[str, Any]:
    text = base64.b64encode(data).decode("ascii")
    return {"type": "input_audio", "input_audio": {"data": text, "format": kind}}


def _white_square(side: int = 64) -> bytes:
    """A PNG, large enough for encoders that cut pictures into patches."""
    rows = (b"\0" + b"\xff" * side) * side
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data))
        + kind
        + data
        + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _silence(seconds: float = 0.5, rate: int = 16000) -> bytes:
    """A WAV of one channel."""
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"\0\0" * int(seconds * rate))
    return held.getvalue()
