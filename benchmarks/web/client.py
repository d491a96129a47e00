"""A browser of few lines: one connection kept open, cookies, forms, nothing else.

Two cores are shared with the server under test, so a client that did more would
measure itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

PATIENCE = 60.0
"""Seconds until an answer counts as lost."""


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    location: str
    text: str


class Lost(Exception):
    """The line broke before the whole answer was there."""


class Browser:
    """One person's browser."""

    def __init__(self, port: int, cookies: Mapping[str, str]) -> None:
        self._port = port
        self._cookies = dict(cookies)
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> Answer:
        """The answer to a link. Raises: Lost."""
        return await self._ask("GET", path, b"")

    async def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """The answer to a form. Raises: Lost."""
        return await self._ask("POST", path, urlencode(fields).encode())

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line[1].close()
            self._line = None

    async def _ask(self, method: str, path: str, body: bytes) -> Answer:
        message = self._head(method, path, body) + body
        was_kept = self._line is not None
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._sent(message)
        except (OSError, EOFError, TimeoutError) as error:
            self.close()
            if was_kept and not isinstance(error, TimeoutError):
                # A server may hang up on a line that was quiet for some seconds;
                # browsers send the request again on a fresh one.
                return await self._ask(method, path, body)
            raise Lost(str(error)) from error

    async def _sent(self, message: bytes) -> Answer:
        if self._line is None:
            self._line = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._line
        writer.write(message)
        await writer.drain()
        return await self._read(reader)

    def _head(self, method: str, path: str, body: bytes) -> bytes:
        cookies = "; ".join(f"{name}={text}" for name, text in self._cookies.items())
        lines = [f"{method} {path} HTTP/1.1", f"host: 127.0.0.1:{self._port}"]
        if cookies:
            lines.append(f"cookie: {cookies}")
        if method == "POST":
            lines.append("content-type: application/x-www-form-urlencoded")
            lines.append(f"content-length: {len(body)}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    async def _read(self, reader: asyncio.StreamReader) -> Answer:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.split("\r\n")
        length, location, is_last = 0, "", False
        for line in lines:
            name, _, text = line.partition(": ")
            match name.lower():
                case "content-length":
                    length = int(text)
                case "location":
                    location = text
                case "connection":
                    is_last = text.lower() == "close"
                case "set-cookie":
                    self._keep(text)
        body = await reader.readexactly(length) if length else b""
        if is_last:
            self.close()
        return Answer(int(first.split(" ", 2)[1]), location, body.decode())

    def _keep(self, cookie: str) -> None:
        name, _, text = cookie.partition(";")[0].partition("=")
        if text.strip('"'):
            self._cookies[name] = text
        else:
            self._cookies.pop(name, None)
