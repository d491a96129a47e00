"""Models behind an address: folders and files that fsspec reaches."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, unquote, urlsplit
from urllib.request import url2pathname

from dokja.adapters.weights.bounded import TEXT_LIMIT, inside, read_whole
from dokja.adapters.weights.byte_source import ByteSource, changed, refuse_outside
from dokja.adapters.weights.http_bytes import open_http
from dokja.errors import InvalidInput, Unavailable

WEB = frozenset({"http", "https"})
SUFFIXES = frozenset({".safetensors", ".gguf", ".onnx"})
"""What the name of a file of weights ends with."""


@dataclass(frozen=True, kw_only=True)
class RemoteBytes:
    """A file that fsspec reaches otherwise than by http; a `ByteSource`."""

    url: str
    shown: str
    size: int

    gap = 1 << 20
    stride = 1 << 62

    def read(self, start: int, stop: int) -> bytes:
        """Exactly the bytes from `start` to `stop`."""
        refuse_outside(self, start, stop)
        remote, path = _reached(self.url, self.shown)
        try:
            data: bytes = remote.cat_file(path, start=start, end=stop)
        except (OSError, ValueError) as error:
            raise _gone(self.shown, error) from error
        if len(data) != stop - start:
            raise changed(self.shown)
        return data


@dataclass(frozen=True)
class RemotePlace:
    """A folder behind an address; implements `Place`.

    A folder behind http cannot be listed: its files are asked for by name.
    """

    url: str
    query: str = ""
    """What the address has behind its path, asked for again with each file."""
    _found: dict[str, ByteSource | None] = field(default_factory=dict, compare=False)

    @property
    def shown(self) -> str:
        """The address without what might be secret in it."""
        return shown_url(self.url)

    @property
    def is_web(self) -> bool:
        """Whether it is behind http."""
        return urlsplit(self.url).scheme in WEB

    def holds(self, name: str) -> bool:
        """Whether there is such a file."""
        return self._file(name) is not None

    def listed(self, suffix: str) -> tuple[str, ...]:
        """Names that end so, sorted; none behind http."""
        return tuple(name for name in self._names if name.endswith(suffix))

    def source(self, name: str) -> ByteSource:
        """The file of that name, opened but not read."""
        found = self._file(name)
        if found is None:
            raise InvalidInput(
                f"there is no file {self.shown}/{name}",
                remedy="check the address; a folder behind http holds "
                "model.safetensors.index.json or model.safetensors, and any other "
                "file of weights is given by its own address",
            )
        return found

    def below(self, path: str) -> RemotePlace:
        """The folder at a path below this one. Raises: InvalidInput outside."""
        inside(Path(), path)
        steps = [
            quote(part) if self.is_web else part for part in PurePosixPath(path).parts
        ]
        return RemotePlace("/".join((self.url, *steps)), self.query)

    def of_weights(self, path: str) -> tuple[RemotePlace, str | None]:
        """The folder at a path below, and the name where the path is a file's."""
        steps = PurePosixPath(path)
        if steps.suffix in SUFFIXES:
            return self.below(steps.parent.as_posix()), steps.name
        return self.below(path), None

    def is_folder(self, path: str) -> bool:
        """Whether there is such a folder; never known behind http."""
        if self.is_web:
            return False
        remote, place = _reached(self.below(path).url, self.shown)
        return bool(remote.isdir(place))

    def read_text(self, path: str) -> str:
        """Text of a small file. Raises: InvalidInput past 8 MB or if not UTF-8."""
        try:
            return read_whole(self.source(path), TEXT_LIMIT).decode("utf-8")
        except UnicodeDecodeError as error:
            raise InvalidInput(
                f"{path} is not UTF-8 text", remedy="save the file as UTF-8"
            ) from error

    @cached_property
    def _names(self) -> tuple[str, ...]:
        if self.is_web:
            return ()
        remote, path = _reached(self.url, self.shown)
        try:
            listed = remote.ls(path, detail=False)
        except (OSError, ValueError) as error:
            raise _gone(self.shown, error) from error
        return tuple(sorted(PurePosixPath(str(name)).name for name in listed))

    def _file(self, name: str) -> ByteSource | None:
        if name not in self._found:
            self._found[name] = self._opened(name)
        return self._found[name]

    def _opened(self, name: str) -> ByteSource | None:
        place, shown = self.below(name), f"{self.shown}/{name}"
        if self.is_web:
            query = f"?{self.query}" if self.query else ""
            return open_http(place.url + query, shown)
        remote, path = _reached(place.url, shown)
        try:
            facts = remote.info(path)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise _gone(shown, error) from error
        if facts.get("type") != "file":
            return None
        size = facts.get("size")
        if type(size) is not int:
            raise InvalidInput(
                f"nobody says how large {shown} is", remedy="download the files"
            )
        return RemoteBytes(url=place.url, shown=shown, size=size)


def is_url(place: Path | str) -> bool:
    """Whether a place is given by an address and not by a path."""
    return isinstance(place, str) and "://" in place


def local_path(url: str) -> Path | None:
    """The path that a file:// address means, None for any other."""
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return None
    return Path(url2pathname(parts.path))


def shown_url(url: str) -> str:
    """An address without user, password and query."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{unquote(parts.path)}"


def open_place(url: str) -> tuple[RemotePlace, str | None]:
    """The folder at an address, and the file's name where it names a file.

    Told apart by a suffix of weights behind http, elsewhere by asking.
    Raises: InvalidInput for a chained address; Unavailable without fsspec or
    where there is nothing.
    """
    if "::" in url:
        raise InvalidInput(
            f"{shown_url(url)} chains several addresses",
            remedy="give the address of the folder or of the file itself",
        )
    parts = urlsplit(url)
    bare = f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")
    folder, _, last = bare.rpartition("/")
    if parts.scheme in WEB:
        name = unquote(last)
        if PurePosixPath(name).suffix not in SUFFIXES:
            return RemotePlace(bare, parts.query), None
        return RemotePlace(folder, parts.query), name
    remote, path = _reached(bare, shown_url(bare))
    if remote.isdir(path):
        return RemotePlace(bare), None
    if not remote.exists(path):
        raise Unavailable(
            f"there is nothing at {shown_url(bare)}",
            remedy="name the folder that holds the weights, or the file itself",
        )
    return RemotePlace(folder), last


def _reached(url: str, shown: str) -> tuple[Any, str]:
    """The filesystem of an address and the path in it."""
    try:
        from fsspec.core import url_to_fs

        remote, path = url_to_fs(url)
    except ImportError as error:
        scheme = urlsplit(url).scheme
        raise Unavailable(
            f"reading {scheme}:// needs fsspec and its plugin for {scheme}",
            remedy="install the extra: pip install 'dokja[url]', and the plugin that "
            "fsspec names for this kind of address",
        ) from error
    except (OSError, ValueError) as error:
        raise _gone(shown, error) from error
    return remote, str(path)


def _gone(shown: str, error: Exception) -> Unavailable:
    return Unavailable(
        f"{shown} cannot be fetched: {type(error).__name__}",
        remedy="check the address and the connection, or download the files",
    )
