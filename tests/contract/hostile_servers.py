"""More ways in which the server of a team's model fails, or means harm."""

from __future__ import annotations

import gzip
import json
from contextlib import suppress
from typing import Any

from tests.contract.chat_server import MODEL, Reaction, Request


def chunk(text: str, **more: Any) -> bytes:
    """An event that adds some words."""
    choice = {"delta": {"content": text}, **more}
    return f"data: {json.dumps({'model': MODEL, 'choices': [choice]})}\n\n".encode()


END = chunk("", finish_reason="stop") + b"data: [DONE]\n\n"


def sends(*parts: bytes, pause: float = 0.0) -> Reaction:
    """Sends the parts one after the other and hangs up."""

    def react(request: Request) -> None:
        with suppress(OSError):
            request.send(b"", length=False)
            for part in parts:
                request.handler.wfile.write(part)
                request.handler.wfile.flush()
                if request.over.wait(pause):
                    break
            request.handler.close_connection = True

    return react


def answers_with(status: int, **headers: str) -> Reaction:
    """Answers with a status, some headers and no body."""

    def react(request: Request) -> None:
        request.handler.send_response(status)
        for name, value in headers.items():
            request.handler.send_header(name.replace("_", "-"), value)
        request.handler.send_header("Content-Length", "0")
        request.handler.end_headers()

    return react


_PACKED = gzip.compress(b"data: {}\n" + b" " * (8 << 20), compresslevel=1)


def packed(request: Request) -> None:
    """Sends a small body that unpacks to a large one."""
    data = _PACKED
    request.handler.send_response(200)
    request.handler.send_header("Content-Encoding", "gzip")
    request.handler.send_header("Content-Length", str(len(data)))
    request.handler.end_headers()
    with suppress(OSError):
        request.handler.wfile.write(data)


def without_end(part: bytes) -> Reaction:
    """Sends the part again and again as fast as it is read."""

    def react(request: Request) -> None:
        with suppress(OSError):
            request.send(b"", length=False)
            while not request.over.is_set():
                request.handler.wfile.write(part)

    return react


def echoes_key(request: Request) -> None:
    """Repeats the key it was given, wherever a server can say something."""
    key = request.body["_authorization"]
    request.send(json.dumps({"error": {"message": key}}).encode(), status=400)


def no_http(request: Request) -> None:
    """Answers in no protocol."""
    with suppress(OSError):
        request.handler.wfile.write(b"\x16\x03\x01 hello\r\n\r\n")
        request.handler.close_connection = True
