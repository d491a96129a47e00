"""A file behind http, fetched by byte ranges and never as a whole."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from dokja.adapters.weights.byte_source import changed, refuse_outside
from dokja.errors import InvalidInput, Unavailable

SECONDS = 60
"""Without a byte for so long, a server counts as gone."""
ABSENT = frozenset({404, 410})
OUTSIDE = 416
"""The status of a range that the file does not have; any of an empty file."""
_RANGE = re.compile(r"bytes (?:(\d{1,18})-(\d{1,18})|\*)/(\d{1,18})")


@dataclass(frozen=True, kw_only=True)
class HttpBytes:
    """A file behind http; implements `ByteSource`."""

    url: str
    shown: str
    size: int
    mark: str
    """The server's tag of this version of the file, empty where it gives none."""
    answered_by: str
    """Host and path that answered, after redirects."""

    gap = 1 << 20
    stride = 1 << 62

    def read(self, start: int, stop: int) -> bytes:
        """Exactly the bytes from `start` to `stop`; one request, no retry."""
        refuse_outside(self, start, stop)
        if start == stop:
            return b""
        answer = _asked(self.url, self.shown, start, stop)
        now = (answer.size, answer.mark, answer.answered_by)
        if now != (self.size, self.mark, self.answered_by):
            raise changed(self.shown)
        if len(answer.data) != stop - start:
            raise changed(self.shown)
        return answer.data


def open_http(url: str, shown: str) -> HttpBytes | None:
    """The file at an address, None where the server has none.

    Asks for the first byte: only a range tells both the size and that ranges
    are served. Raises: InvalidInput where the server ignores ranges;
    Unavailable where it cannot be reached.
    """
    answer = _asked(url, shown, 0, 1)
    if answer.size < 0:
        return None
    return HttpBytes(
        url=url,
        shown=shown,
        size=answer.size,
        mark=answer.mark,
        answered_by=answer.answered_by,
    )


@dataclass(frozen=True, kw_only=True)
class _Answer:
    size: int
    """Bytes of the whole file; -1 where there is none."""
    mark: str = ""
    answered_by: str = ""
    data: bytes = b""


def _asked(url: str, shown: str, start: int, stop: int) -> _Answer:
    """What the server says to a request for one range."""
    try:
        import aiohttp
        import fsspec
        from fsspec.asyn import sync
    except ImportError as error:
        raise Unavailable(
            "reading weights by address needs fsspec with http",
            remedy="install the extra: pip install 'dokja[url]'",
        ) from error
    remote: Any = fsspec.filesystem("http")
    limits = aiohttp.ClientTimeout(sock_connect=SECONDS, sock_read=SECONDS)
    try:
        found: _Answer = sync(
            remote.loop, _ranged, remote, url, shown, (start, stop), limits
        )
    except (aiohttp.ClientError, OSError, EOFError, ValueError) as error:
        raise Unavailable(
            f"{shown} cannot be fetched: {type(error).__name__}",
            remedy="check the address and the connection, or download the files",
        ) from error
    return found


async def _ranged(
    remote: Any, url: str, shown: str, wanted: tuple[int, int], limits: Any
) -> _Answer:
    session = await remote.set_session()
    start, stop = wanted
    headers = {"Range": f"bytes={start}-{stop - 1}", "Accept-Encoding": "identity"}
    async with session.get(url, headers=headers, timeout=limits) as response:
        if response.status in ABSENT:
            return _Answer(size=-1)
        final = urlsplit(str(response.url))
        if url.startswith("https:") and final.scheme != "https":
            raise InvalidInput(
                f"{shown} leads to an address without encryption",
                remedy="give the address that the file is really served from",
            )
        answered_by, mark = (
            f"{final.netloc}{final.path}",
            response.headers.get("ETag", ""),
        )
        said = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if response.status == OUTSIDE and said and said[1] is None:
            return _Answer(size=int(said[3]), mark=mark, answered_by=answered_by)
        _refuse_status(response.status, shown, said)
        assert said is not None
        size = int(said[3])
        if "Content-Encoding" in response.headers or (said[1], said[2]) != (
            str(start),
            str(stop - 1),
        ):
            raise changed(shown)
        data = await response.content.readexactly(stop - start)
        return _Answer(size=size, mark=mark, answered_by=answered_by, data=data)


def _refuse_status(status: int, shown: str, said: re.Match[str] | None) -> None:
    if status == 206 and said and said[1] is not None:
        return
    if status in (200, 206):
        raise InvalidInput(
            f"the server of {shown} ignores byte ranges",
            remedy="download the files and compare the folders, or serve them from "
            "a server that answers Range requests",
        )
    raise Unavailable(
        f"{shown} cannot be fetched: the server answered {status}",
        remedy="check the address and that it may be read without signing in",
    )
