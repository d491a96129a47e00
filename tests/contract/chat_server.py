"""A real HTTP server that speaks OpenAI's dialect, well or in the ways servers fail."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODEL = "served-model"
TOOL_TOKENS = 5
"""Of a prompt that tells of tools, beside its others."""
Reaction = Callable[["Request"], None]
"""What the server does with one request."""


@dataclass
class Request:
    """One request with the means to answer it."""

    handler: BaseHTTPRequestHandler
    body: dict[str, Any]
    over: threading.Event
    """Set when the server closes: what hangs or drips ends then."""

    @property
    def question(self) -> str:
        """The words that were asked."""
        if "prompt" in self.body:
            return str(self.body["prompt"])
        content = self.body["messages"][0]["content"]
        return content if isinstance(content, str) else str(content[-1]["text"])

    def send(self, data: bytes, *, status: int = 200, length: bool = True) -> None:
        """Sends a status and a body."""
        self.handler.send_response(status)
        self.handler.send_header("Content-Type", "application/json")
        if length:
            self.handler.send_header("Content-Length", str(len(data)))
        self.handler.end_headers()
        self.handler.wfile.write(data)

    def drip(self, data: bytes) -> None:
        """Sends the data again and again, a byte at a time."""
        while not self.over.wait(0.02):
            for byte in data:
                self.handler.wfile.write(bytes([byte]))
                self.handler.wfile.flush()
                if self.over.wait(0.02):
                    return


def says(
    text: str, *, model: str = MODEL, usage: Mapping[str, Any] | None = None
) -> Reaction:
    """Answers with the text as a chat server does, streamed where that is asked."""
    counted = {"prompt_tokens": 7, "completion_tokens": len(text)}
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    whole: dict[str, Any] = {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": model,
    }

    def react(request: Request) -> None:
        shown = {"prompt_tokens": 7 + TOOL_TOKENS} if request.body.get("tools") else {}
        used = counted | shown if usage is None else dict(usage)
        whole.update(choices=[choice], usage=used and used | {"total_tokens": 9})
        if not request.body.get("stream"):
            return request.send(json.dumps(whole).encode())
        pieces: list[dict[str, Any]] = [
            {"model": model, "choices": [{"delta": {"content": letter}}]}
            for letter in text
        ]
        pieces.append({"choices": [{"delta": {}, "finish_reason": "stop"}]})
        if used:
            pieces.append({"choices": [], "usage": used})
        lines = [f"data: {json.dumps(piece)}\n\n" for piece in pieces]
        return request.send("".join([*lines, "data: [DONE]\n\n"]).encode())

    return react


def refuses(status: int, message: str = "no") -> Reaction:
    """Answers with a status and the reason as these servers give it."""
    told = json.dumps({"error": {"message": message}}).encode()
    return lambda request: request.send(told, status=status)


def garbage(request: Request) -> None:
    """Sends what is no JSON."""
    request.send(b"data: {not json\n\ndata: [DONE]\n\n")


def deep(request: Request) -> None:
    """Sends JSON nested deeper than a parser can follow."""
    request.send(b"data: " + b"[" * 200_000 + b"\n\n")


def endless(request: Request) -> None:
    """Sends more than any answer may hold."""
    with suppress(OSError):
        request.send(b"data: {}\n" + b" " * (17 << 20))


def hangs(request: Request) -> None:
    """Takes the question and never answers."""
    request.over.wait(30)


def drips(request: Request) -> None:
    """Sends a piece of an answer a byte at a time, for ever."""
    with suppress(OSError):
        request.send(b"", length=False)
        request.drip(b'data: {"choices": [{"delta": {"content": "x"}}]}\n\n')


def drips_headers(request: Request) -> None:
    """Never gets past its headers."""
    with suppress(OSError):
        request.handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        request.drip(b"X-More: x\r\n")


def breaks_off(request: Request) -> None:
    """Dies after the first words."""
    said = {"choices": [{"delta": {"content": "정답: "}}]}
    request.send(f"data: {json.dumps(said)}\n\n".encode(), length=False)
    request.handler.close_connection = True


def breaks_with_error(request: Request) -> None:
    """Reports within the stream that it cannot go on."""
    told = {"error": {"code": 500, "message": "out of memory"}}
    request.send(f"data: {json.dumps(told)}\n\n".encode())


@dataclass
class ChatServer:
    """What was asked, and what is to be done with each question."""

    address: str
    reactions: dict[str, list[Reaction]]
    """By a word of the question; the last one goes on for ever."""
    other: Reaction
    asked: list[dict[str, Any]] = field(default_factory=list)

    def react(self, request: Request) -> None:
        """Does what is planned for the question."""
        self.asked.append(request.body)
        for word, planned in self.reactions.items():
            if word in request.question:
                reaction = planned.pop(0) if len(planned) > 1 else planned[0]
                return reaction(request)
        return self.other(request)

    def count(self, word: str) -> int:
        """How often a question with the word was asked."""
        return sum(word in json.dumps(b, ensure_ascii=False) for b in self.asked)


@contextmanager
def chat_server(
    reactions: Mapping[str, list[Reaction]] | None = None, other: Reaction | None = None
) -> Iterator[ChatServer]:
    """A server on this machine that answers as planned."""
    over, plan = threading.Event(), ChatServer("", dict(reactions or {}), says(""))
    plan.other = other or says("정답: A")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length", 0))
            body = json.loads(self.rfile.read(size))
            body["_authorization"] = self.headers.get("Authorization", "")
            body["_path"] = self.path
            plan.react(Request(self, body, over))

        def do_GET(self) -> None:
            known = json.dumps({"object": "list", "data": [{"id": MODEL}]}).encode()
            Request(self, {}, over).send(known)

        def log_message(self, *_: object) -> None:
            """Nothing is said on the terminal."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, *_: object) -> None:
            """A client that left is what these tests are about."""

    with Quiet(("127.0.0.1", 0), Handler) as server:
        plan.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield plan
        finally:
            over.set()
            server.shutdown()
            thread.join()
