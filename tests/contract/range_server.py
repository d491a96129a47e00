"""A real HTTP server on this machine that serves byte ranges and counts them."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

KINDS = (
    "honest",
    "ignores ranges",
    "redirects",
    "breaks off",
    "other range",
    "refuses",
)


class RangeServer(ThreadingHTTPServer):
    """Serves the files of a folder; `kind` says how it answers."""

    daemon_threads = True

    def __init__(self, root: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.root = root
        self.kind = "honest"
        self.served: Counter[str] = Counter()
        """Bytes of a file that were sent, by its name."""

    @property
    def url(self) -> str:
        """The address of the folder."""
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a client that hangs up is what some tests are about."""


class _Answering(BaseHTTPRequestHandler):
    server: RangeServer

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing: tests read no log."""

    def do_GET(self) -> None:
        """One file, or a range of it."""
        path = unquote(urlsplit(self.path).path).lstrip("/")
        if self.server.kind == "refuses":
            self.send_error(403)
        elif self.server.kind == "redirects" and not path.startswith("moved/"):
            self.send_response(302)
            self.send_header("Location", f"/moved/{path}")
            self.end_headers()
        else:
            self._file(path.removeprefix("moved/"))

    def _file(self, path: str) -> None:
        place = self.server.root / path
        if not place.is_file():
            self.send_error(404)
            return
        size, asked_for = place.stat().st_size, self.headers.get("Range", "")
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", asked_for)
        if asked is None or self.server.kind == "ignores ranges":
            self._send(200, path, place.read_bytes(), {})
            return
        start, last = int(asked[1]), min(int(asked[2]), size - 1)
        if start >= size:
            self._send(416, path, b"", {"Content-Range": f"bytes */{size}"})
            return
        if self.server.kind == "other range":
            start = 0
        said = {
            "Content-Range": f"bytes {start}-{last}/{size}",
            "ETag": f'"{place.stat().st_mtime_ns}"',
        }
        with place.open("rb") as stream:
            stream.seek(start)
            self._send(206, path, stream.read(last + 1 - start), said)

    def _send(
        self, status: int, path: str, data: bytes, headers: dict[str, str]
    ) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.server.kind == "breaks off":
            data = data[: len(data) // 2]
            self.close_connection = True
        self.wfile.write(data)
        self.server.served[Path(path).name] += len(data)


@contextmanager
def serving(root: Path) -> Iterator[RangeServer]:
    """A server of the folder, on a free port, until the block ends."""
    server = RangeServer(root)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
