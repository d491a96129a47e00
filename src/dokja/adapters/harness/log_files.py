"""Logs of other harnesses as files: hostile, so each read of them is bounded."""

from __future__ import annotations

import hashlib
import json
import struct
import zipfile
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import IO, Any

from dokja.errors import InvalidInput, Unavailable

LOG_BYTES = 1 << 30
"""Of a whole log, packed or not."""
SAMPLE_BYTES = 32 << 20
"""Of one sample with everything that was said in it."""
SAMPLES = 200_000
_LOCAL_HEADER = struct.Struct("<4s5HIIIHH")
_STORED, _DEFLATED, _ZSTANDARD = 0, 8, 93


def log_digest(path: Path) -> str:
    """Digest of the log as it was handed in. Raises: InvalidInput."""
    with open_log(path) as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def open_log(path: Path) -> BufferedReader:
    """The plain file of a log. Raises: InvalidInput where it is none or too large."""
    try:
        if path.is_symlink() or not path.is_file():
            raise refused(path, "is not a plain file")
        if path.stat().st_size > LOG_BYTES:
            raise refused(path, f"has more than {LOG_BYTES >> 20} MiB")
        return path.open("rb")
    except OSError as error:
        raise refused(path, f"cannot be read: {error.strerror}") from error


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file with one JSON object a line. Raises: InvalidInput."""
    with open_log(path) as file:
        count = 0
        while line := file.readline(SAMPLE_BYTES + 1):
            if len(line) > SAMPLE_BYTES:
                raise refused(path, f"has a line of more than {SAMPLE_BYTES >> 20} MiB")
            if not line.strip():
                continue
            count += 1
            if count > SAMPLES:
                raise refused(path, f"has more than {SAMPLES} samples")
            yield parsed(line, path)


def read_list(path: Path) -> list[dict[str, Any]]:
    """The objects of a file that is one JSON list. Raises: InvalidInput."""
    with open_log(path) as file:
        data = file.read(SAMPLE_BYTES + 1)
    if len(data) > SAMPLE_BYTES:
        raise refused(path, "is too large for one list; give one object a line")
    return objects(_loaded(data, path), path)


def objects(found: Any, path: Path) -> list[dict[str, Any]]:
    """The list of objects that stands there. Raises: InvalidInput where it is none."""
    if not isinstance(found, list) or not all(isinstance(s, dict) for s in found):
        raise refused(path, "holds no list of samples")
    return found


def parsed(data: bytes, path: Path) -> dict[str, Any]:
    """The JSON object in the bytes. Raises: InvalidInput where it is none."""
    found = _loaded(data, path)
    if not isinstance(found, dict):
        raise refused(path, "holds something that is no JSON object")
    return found


def packed_samples(path: Path) -> Iterator[dict[str, Any]]:
    """The samples in Inspect's packed log. Raises: InvalidInput."""
    left = LOG_BYTES
    try:
        with open_log(path) as file, zipfile.ZipFile(file) as archive:
            members = [m for m in archive.infolist() if _is_sample(m.filename)]
            if len(members) > SAMPLES:
                raise refused(path, f"has more than {SAMPLES} samples")
            for member in members:
                data = _member(file, member, path)
                left -= len(data)
                if left < 0:
                    raise refused(path, f"unpacks to more than {LOG_BYTES >> 20} MiB")
                yield parsed(data, path)
    except (zipfile.BadZipFile, struct.error, EOFError, OSError) as error:
        raise refused(path, f"is no whole archive: {error}") from error


def _is_sample(name: str) -> bool:
    return name.startswith("samples/") and name.endswith(".json")


def _member(file: IO[bytes], member: zipfile.ZipInfo, path: Path) -> bytes:
    """The unpacked bytes of a member, whatever it says of its own size.

    Read past the library, which does not know the way of packing Inspect uses.
    """
    file.seek(member.header_offset)
    *_, name, extra = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
    file.seek(name + extra, 1)
    packed = file.read(min(member.compress_size, SAMPLE_BYTES + 1))
    data = _unpacked(packed, member.compress_type, path)
    if len(data) > SAMPLE_BYTES:
        raise refused(path, f"has a sample of more than {SAMPLE_BYTES >> 20} MiB")
    return data


def _unpacked(packed: bytes, way: int, path: Path) -> bytes:
    if way == _STORED:
        return packed
    if way == _DEFLATED:
        import zlib

        try:
            return zlib.decompressobj(-zlib.MAX_WBITS).decompress(
                packed, SAMPLE_BYTES + 1
            )
        except zlib.error as error:
            raise refused(path, f"cannot be unpacked: {error}") from error
    if way != _ZSTANDARD:
        raise refused(path, f"is packed in a way that is not known ({way})")
    try:
        import zstandard
    except ImportError as error:
        raise Unavailable(
            "reading Inspect's packed logs needs zstandard, which is not installed",
            remedy="install Dokja with its extra: pip install 'dokja[inspect]'; or "
            "write the log as JSON: inspect log dump",
        ) from error
    try:
        with zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(
            packed
        ) as reader:
            return bytes(reader.read(SAMPLE_BYTES + 1))
    except zstandard.ZstdError as error:
        raise refused(path, f"cannot be unpacked: {error}") from error


def _loaded(data: bytes, path: Path) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise refused(path, f"is not JSON: {str(error)[:80]}") from error


def refused(path: Path, why: str) -> InvalidInput:
    """The refusal of a log."""
    return InvalidInput(
        f"{path.name} {why}",
        remedy="hand in the log as its harness wrote it",
    )
